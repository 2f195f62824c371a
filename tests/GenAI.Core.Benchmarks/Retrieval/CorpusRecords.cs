using System.IO.Compression;
using System.Text.Json;
using ZstdSharp;

namespace GenAI.Core.Benchmarks.Retrieval;

/// <summary>A section of corpus-docs.</summary>
internal sealed record CorpusSection(string Id, string Source, string Title, string Heading, string Text)
{
    /// <summary>What is searched.</summary>
    public string Full => string.Join('\n', Title, Heading, Text);
}

/// <summary>A question of corpus-docs and the ids of the sections with its answer.</summary>
internal sealed record CorpusQuestion(string Id, string Source, string Text, IReadOnlyList<string> Sections);

/// <summary>Reads the records of the folder corpus-docs.</summary>
internal static class CorpusRecords
{
    public static IEnumerable<CorpusSection> Sections(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "docs-*.jsonl.zst").Order(StringComparer.Ordinal))
        {
            using var lines = new StreamReader(new DecompressionStream(File.OpenRead(file)));
            while (lines.ReadLine() is { } line)
            {
                using var json = JsonDocument.Parse(line);
                yield return new CorpusSection(Value(json, "id"), Value(json, "source"), Value(json, "title"), Value(json, "heading"), Value(json, "text"));
            }
        }
    }

    public static IEnumerable<CorpusQuestion> Questions(string folder)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, "faq.jsonl.gz")), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            yield return new CorpusQuestion(Value(json, "id"), Value(json, "source"), Value(json, "question"), [.. json.RootElement.GetProperty("sections").EnumerateArray().Select(id => id.GetString()!)]);
        }
    }

    private static string Value(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
