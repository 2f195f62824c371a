using System.IO.Compression;
using System.Text.Json;
using ZstdSharp;

namespace GenAI.Core.Benchmarks.Retrieval;

/// <summary>Sections of documentation and questions about them: the corpus-docs data set.</summary>
internal static class SectionCorpus
{
    /// <summary>The first sections: title, heading and text of each in one string.</summary>
    public static List<string> ReadSections(string folder, int count)
    {
        var sections = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "docs-*.jsonl.zst").Order(StringComparer.Ordinal))
        {
            using var lines = new StreamReader(new DecompressionStream(File.OpenRead(file)));
            while (sections.Count < count && lines.ReadLine() is { } line)
            {
                using var json = JsonDocument.Parse(line);
                sections.Add(string.Join('\n', Value(json, "title"), Value(json, "heading"), Value(json, "text")));
            }
        }

        return sections;
    }

    /// <summary>Questions, taken at equal distances.</summary>
    public static List<string> ReadQuestions(string folder, int count, int distance)
    {
        var questions = new List<string>();
        using var lines = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, "faq.jsonl.gz")), CompressionMode.Decompress));
        for (var i = 0; questions.Count < count && lines.ReadLine() is { } line; i++)
        {
            if (i % distance != 0)
                continue;
            using var json = JsonDocument.Parse(line);
            questions.Add(Value(json, "question"));
        }

        return questions;
    }

    private static string Value(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
