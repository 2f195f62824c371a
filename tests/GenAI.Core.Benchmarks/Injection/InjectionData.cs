using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ZstdSharp;

namespace GenAI.Core.Benchmarks.Injection;

/// <summary>A text with where it comes from.</summary>
internal sealed record Sample(string Text, string Source)
{
    /// <summary>Which third of its source it is in, by the first four bytes of the SHA-256 of its UTF-8: 0 is never trained on, 1 and 2 are.</summary>
    public int Third { get; } = (int)(BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(Text))) % 3);

    public bool IsTrained => Third != 0;
}

/// <summary>The attacks and harmless texts of the data folder: attacks, corpus-docs.</summary>
internal sealed class InjectionData
{
    public required IReadOnlyList<Sample> Direct { get; init; }

    /// <summary>Instructions to be put into documents; the source says whether into text or code, and the category.</summary>
    public required IReadOnlyList<Sample> Indirect { get; init; }

    public required IReadOnlyList<Sample> Contexts { get; init; }

    public required IReadOnlyList<Sample> Prompts { get; init; }

    public required IReadOnlyList<Sample> Questions { get; init; }

    public required IReadOnlyList<Sample> Sections { get; init; }

    /// <summary>Null where the data is absent.</summary>
    public static InjectionData? Load(bool quick)
    {
        if (BenchmarkData.Find("attacks") is not { } attacks || BenchmarkData.Find("corpus-docs") is not { } documents)
            return null;
        return new InjectionData
        {
            Direct = Lines(Path.Combine(attacks, "direct.jsonl")),
            Indirect = Categories(Path.Combine(attacks, "indirect-attacks.json")),
            Contexts = [.. ReadContexts(attacks, "email"), .. ReadContexts(attacks, "table"), .. ReadContexts(attacks, "code")],
            Prompts = Lines(Path.Combine(attacks, "benign.jsonl")),
            Questions = [.. ReadQuestions(documents).Where((_, i) => !quick || i % 10 == 0)],
            Sections = [.. ReadSections(documents, quick ? 60 : 3)],
        };
    }

    /// <summary>A document with an instruction in it.</summary>
    /// <param name="context">The document.</param>
    /// <param name="attack">The instruction.</param>
    /// <param name="place">0 for the start, 1 for the end of the line or sentence that is nearest to the middle, 2 for the end.</param>
    public static string Insert(string context, string attack, int place)
    {
        if (place != 1)
            return place == 0 ? $"{attack}\n{context}" : $"{context}\n{attack}";
        var middle = context.IndexOf('\n', context.Length / 2);
        if (middle < 0)
            middle = context.IndexOf(". ", context.Length / 2, StringComparison.Ordinal) is >= 0 and var stop ? stop + 1 : context.Length;
        return $"{context[..middle]}\n{attack}\n{context[middle..].TrimStart()}";
    }

    private static List<Sample> Lines(string path) => [.. File.ReadLines(path).Select(line =>
    {
        using var json = JsonDocument.Parse(line);
        return new Sample(json.RootElement.GetProperty("text").GetString()!, json.RootElement.GetProperty("source").GetString()!);
    })];

    private static List<Sample> Categories(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        return [.. from kind in json.RootElement.EnumerateObject() from category in kind.Value.EnumerateObject() from attack in category.Value.EnumerateArray() select new Sample(attack.GetString()!, $"{kind.Name}/{category.Name}")];
    }

    private static IEnumerable<Sample> ReadContexts(string folder, string kind)
    {
        foreach (var line in File.ReadLines(Path.Combine(folder, $"indirect-contexts-{kind}.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            var context = json.RootElement.GetProperty("context");
            yield return new Sample(context.ValueKind == JsonValueKind.String ? context.GetString()! : string.Join('\n', Joined(json, "error"), Joined(json, "code"), Joined(json, "context")), kind);
        }
    }

    private static string Joined(JsonDocument json, string name) => string.Join('\n', json.RootElement.GetProperty(name).EnumerateArray().Select(line => line.GetString()));

    private static IEnumerable<Sample> ReadQuestions(string folder)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, "faq.jsonl.gz")), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            yield return new Sample(json.RootElement.GetProperty("question").GetString()!, "faq");
        }
    }

    public static IEnumerable<Sample> ReadSections(string folder, int every)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "docs-*.jsonl.zst").Order(StringComparer.Ordinal))
        {
            using var lines = new StreamReader(new DecompressionStream(File.OpenRead(file)));
            for (var i = 0; lines.ReadLine() is { } line; i++)
            {
                if (i % every != 0)
                    continue;
                using var json = JsonDocument.Parse(line);
                yield return new Sample(json.RootElement.GetProperty("text").GetString()!, json.RootElement.GetProperty("source").GetString()!);
            }
        }
    }
}
