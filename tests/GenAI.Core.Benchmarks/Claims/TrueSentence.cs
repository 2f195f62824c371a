using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GenAI.Core.Benchmarks.Claims;

/// <summary>A sentence that stands in its source as it is.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="Source">The text that it stands in: a part of a document as long as a chunk, or all of it.</param>
/// <param name="Document">What that text is of.</param>
/// <param name="IsHeldOut">Whether the document belongs to the part on which nothing was tuned.</param>
internal sealed partial record TrueSentence(string Text, string Source, string Document, bool IsHeldOut)
{
    /// <summary>Two documents of five are held out, by a hash of their names.</summary>
    private const int HeldOutOfFive = 2;

    /// <summary>A chunk of 512 tokens is about so long.</summary>
    private const int ChunkLength = 2400;

    private static readonly SearchValues<char> Markup = SearchValues.Create("[]<>{}|!\\_#=");

    public static List<TrueSentence> OfMarkdown(string folder)
    {
        var found = new List<TrueSentence>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var text = File.ReadAllText(path).ReplaceLineEndings("\n");
            var id = Path.GetRelativePath(folder, path);
            foreach (var paragraph in Paragraphs(text))
                Add(paragraph, text, id, found);
        }

        return found;
    }

    public static List<TrueSentence> OfAbstracts(string file)
    {
        var found = new List<TrueSentence>();
        foreach (var line in File.ReadLines(file))
        {
            using var json = JsonDocument.Parse(line);
            var text = json.RootElement.GetProperty("text").GetString()!;
            Add(text, text, "scifact/" + json.RootElement.GetProperty("_id").GetString(), found);
        }

        return found;
    }

    private static void Add(string paragraph, string text, string id, List<TrueSentence> found)
    {
        foreach (var sentence in SentenceEnd().Split(paragraph))
        {
            var bare = sentence.Trim();
            if (bare.Length is < 40 or > 300 || !bare.EndsWith('.') || !char.IsUpper(bare[0]) || bare.AsSpan().ContainsAny(Markup) || bare.Count(c => c == '"') % 2 != 0)
                continue;
            var at = text.IndexOf(bare, StringComparison.Ordinal);
            if (at < 0)
                continue;

            // Half of the sentences stand in a chunk, half in their whole document.
            var whole = Hash(bare) % 2 == 0;
            found.Add(new TrueSentence(bare, whole ? text : Chunk(text, at, bare.Length), id, Hash(id) % 5 < HeldOutOfFive));
        }
    }

    private static string Chunk(string text, int at, int length)
    {
        var start = Math.Max(0, at + length / 2 - ChunkLength / 2);
        var end = Math.Min(text.Length, start + ChunkLength);
        start = start == 0 ? 0 : Math.Min(at, Math.Max(start, text.IndexOf('\n', start) + 1));
        return text[start..Math.Max(end, at + length)];
    }

    /// <summary>Lines of running text, joined; nothing of front matter, code, lists, tables, quotations and HTML.</summary>
    private static IEnumerable<string> Paragraphs(string text)
    {
        var paragraph = new StringBuilder();
        bool inFence = false, inFront = text.StartsWith("---\n", StringComparison.Ordinal);
        var isFirst = true;
        foreach (var line in text.Split('\n'))
        {
            if (inFront)
            {
                inFront = isFirst || line != "---";
                isFirst = false;
                continue;
            }

            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            inFence ^= isFence;
            if (!isFence && !inFence && line.Length > 0 && char.IsLetter(line[0]))
            {
                paragraph.Append(paragraph.Length > 0 ? "\n" : "").Append(line);
                continue;
            }

            if (paragraph.Length > 0)
                yield return paragraph.ToString();
            paragraph.Clear();
        }

        if (paragraph.Length > 0)
            yield return paragraph.ToString();
    }

    /// <summary>The same in every process (FNV-1a).</summary>
    private static uint Hash(string text)
    {
        var hash = 2166136261;
        foreach (var c in text)
            hash = (hash ^ c) * 16777619;
        return hash ^ (hash >> 15);
    }

    [GeneratedRegex(@"(?<=[a-z0-9)%][.!?])\s+(?=[A-Z])")]
    private static partial Regex SentenceEnd();
}
