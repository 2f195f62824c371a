using System.Globalization;
using GenAI.Core.Chunking;

namespace GenAI.Core.Tests.Chunking;

/// <summary>What is true of every chunker's chunks of every text, checked the slow and obvious way.</summary>
internal static class ChunkLaws
{
    public static readonly string[] Chunkers = ["recursive", "markdown", "sentence", "window"];

    public static IChunker Create(string name, ChunkerOptions options) => name switch
    {
        "recursive" => new RecursiveChunker(options),
        "markdown" => new MarkdownChunker(options),
        "sentence" => new SentenceChunker(options),
        _ => new TokenWindowChunker(options),
    };

    public static List<Chunk> Chunk(IChunker chunker, string text, string id = "document") =>
        chunker.ChunkAsync(new Document { Id = id, Text = text }).ToBlockingEnumerable().ToList();

    public static List<Chunk> Verify(string chunker, ChunkerOptions options, string text, string because = "")
    {
        var chunks = Chunk(Create(chunker, options), text);
        Verify(chunks, options, text, $"{chunker} {options.MaxTokens}/{options.OverlapTokens} {because}");
        return chunks;
    }

    public static void Verify(List<Chunk> chunks, ChunkerOptions options, string text, string because)
    {
        var boundaries = new HashSet<int>(StringInfo.ParseCombiningCharacters(text)) { text.Length };
        var covered = 0;
        for (var i = 0; i < chunks.Count; i++)
        {
            var chunk = chunks[i];
            var where = $"{because}: {chunk}";
            Check(chunk.Ordinal == i, "the ordinals count from 0", where);
            Check(chunk.Range.Of(text) == chunk.Text && text[chunk.Range.ToRange()] == chunk.Text, "the range cuts out the text", where);
            Check(!string.IsNullOrWhiteSpace(chunk.Text), "there is something in it", where);
            Check(chunk.TokenCount == options.Counter.Count(chunk.Text), "the count is the counter's", where);
            var isCodePoint = chunk.Text.Length == 1 || (chunk.Text.Length == 2 && char.IsSurrogatePair(chunk.Text, 0));
            Check(chunk.TokenCount <= options.MaxTokens || isCodePoint, $"{chunk.TokenCount} tokens are within the limit", where);

            var start = chunk.Range.Start + chunk.OverlapLength;
            Check(start >= covered && text.AsSpan(covered, start - covered).IsWhiteSpace(), "nothing between the chunks is lost", where);
            if (chunk.OverlapLength > 0)
                Check(chunks[i - 1].Text.EndsWith(chunk.Text[..chunk.OverlapLength], StringComparison.Ordinal) && start == chunks[i - 1].Range.End && chunk.Range.Start > chunks[i - 1].Range.Start, "the overlap is the end of the chunk before", where);
            Check(chunk.Range.End > covered, "it has text of its own", where);
            covered = chunk.Range.End;

            CheckBoundary(chunk.Range.Start);
            CheckBoundary(chunk.Range.End);

            void CheckBoundary(int position)
            {
                if (boundaries.Contains(position))
                    return;
                Check(!(char.IsLowSurrogate(text[position]) && char.IsHighSurrogate(text[position - 1])), "no surrogate pair is cut", where);
                var first = boundaries.Where(b => b < position).Max();
                var cluster = text[first..boundaries.Where(b => b > position).Min()];
                Check(options.Counter.Count(cluster) > options.MaxTokens, $"no grapheme cluster is cut at {position}", where);
            }
        }

        Check(text.AsSpan(covered).IsWhiteSpace(), "nothing at the end is lost", because);
        Check(chunks.Select(c => c.Id).Distinct().Count() == chunks.Count, "ids are unique", because);
    }

    private static void Check(bool holds, string what, string where)
    {
        if (!holds)
            Assert.Fail($"Broken: {what}. {where}");
    }
}

/// <summary>Counts as another counter does, and counts the characters it is asked to.</summary>
internal sealed class MeteredCounter(TokenCounter inner) : TokenCounter
{
    private long _characters;

    public long Characters => Interlocked.Read(ref _characters);

    public override int Count(ReadOnlySpan<char> text)
    {
        Interlocked.Add(ref _characters, text.Length);
        return inner.Count(text);
    }
}

/// <summary>Counts words between white space: not additive, and blind to the length of a word.</summary>
internal sealed class WordCounter : TokenCounter
{
    public override int Count(ReadOnlySpan<char> text)
    {
        var (count, inWord) = (0, false);
        foreach (var c in text)
        {
            var isWord = !char.IsWhiteSpace(c);
            if (isWord && !inWord)
                count++;
            inWord = isWord;
        }

        return count;
    }
}
