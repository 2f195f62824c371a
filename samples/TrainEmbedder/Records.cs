using System.IO.Compression;
using System.Text.Json;
using ZstdSharp;

namespace TrainEmbedder;

/// <summary>A section of a document.</summary>
internal sealed record Section(string Id, string Source, string Licence, string Title, string Heading, string Text)
{
    /// <summary>What is searched.</summary>
    public string Full => $"{Title}\n{Heading}\n{Text}";
}

/// <summary>A question, its answer, and the sections that hold the answer.</summary>
internal sealed record Question(string Id, string Source, string Text, string Answer, IReadOnlyList<string> Sections);

/// <summary>Reads the records of corpus-docs.</summary>
internal static class Records
{
    public static List<Section> ReadSections(string folder)
    {
        var sections = new List<Section>();
        foreach (var file in Directory.EnumerateFiles(folder, "docs-*.jsonl.zst").Order(StringComparer.Ordinal))
        {
            using var lines = new StreamReader(new DecompressionStream(File.OpenRead(file)));
            while (lines.ReadLine() is { } line)
            {
                using var json = JsonDocument.Parse(line);
                sections.Add(new Section(Value(json, "id"), Value(json, "source"), Value(json, "licence"), Value(json, "title"), Value(json, "heading"), Value(json, "text")));
            }
        }

        return sections;
    }

    public static List<Question> ReadQuestions(string folder)
    {
        var questions = new List<Question>();
        using var lines = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, "faq.jsonl.gz")), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var sections = json.RootElement.GetProperty("sections").EnumerateArray().Select(id => id.GetString()!).ToArray();
            questions.Add(new Question(Value(json, "id"), Value(json, "source"), Value(json, "question"), Value(json, "answer"), sections));
        }

        return questions;
    }

    private static string Value(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
