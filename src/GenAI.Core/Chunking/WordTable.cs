namespace GenAI.Core.Chunking;

/// <summary>
/// What a counter counts for words it was asked about before: a table of fixed size, without locks, that a new word may overwrite.
/// </summary>
/// <remarks>
/// Safe for concurrent use: an entry is one 64-bit value, 48 bits of the word's hash and 16 of its count. Since the count of a word never
/// changes, what is found does not depend on what was asked before; only the time does.
/// </remarks>
internal sealed class WordTable
{
    private const int IndexBits = 16, CountBits = 16, MaxCount = (1 << CountBits) - 2;

    private readonly long[] _entries = new long[1 << IndexBits];

    /// <summary>What the counter adds to any text, such as the marks of its start and end.</summary>
    public int Overhead { get; }

    public WordTable(TokenCounter counter) => Overhead = Math.Max(0, (2 * counter.Count("a")) - counter.Count("a a"));

    /// <summary>The number of tokens in <paramref name="word"/>, whose hash is <paramref name="hash"/>, without the overhead.</summary>
    public int Count(TokenCounter counter, ReadOnlySpan<char> word, ulong hash)
    {
        hash *= 0x9E3779B97F4A7C15;
        ref var entry = ref _entries[hash >> (64 - IndexBits)];
        var tag = (long)(hash << IndexBits);
        var found = Volatile.Read(ref entry);

        // A stored count is one more than the count, so that an empty entry is no word's.
        if (((found ^ tag) >> CountBits) == 0 && (found & ((1 << CountBits) - 1)) is not 0 and var stored)
            return (int)stored - 1;

        var count = Math.Clamp(counter.Count(word) - Overhead, 0, MaxCount);
        Volatile.Write(ref entry, tag | (long)(count + 1));
        return count;
    }
}
