using System.Runtime.InteropServices;
using GenAI.Core.Storage;

namespace GenAI.Core.Indexing;

/// <summary>What the texts that were removed from a segment added to its statistics: how many, how long, and how many had each term.</summary>
/// <remarks>
/// What was removed before it was last stored is looked up where it lies; what was since is in memory. So opening takes no time, however much was removed,
/// and no text has to be looked at again.
/// </remarks>
internal sealed unsafe class KeywordRemovals
{
    private const int HeadBytes = 16;

    private readonly Dictionary<int, int> _since = [];
    private readonly MappedSection? _stored;
    private readonly int _storedTerms;

    /// <summary>Nothing was removed.</summary>
    public KeywordRemovals()
    {
    }

    /// <summary>Opens what was stored by <see cref="Write"/>. The section must stay open for as long as this is used.</summary>
    /// <exception cref="CorruptDataException">The section's length is not what its head says.</exception>
    public KeywordRemovals(MappedSection stored)
    {
        stored.Verify(0, HeadBytes);
        var numbers = (int*)stored.Start;
        (Texts, _storedTerms, TotalLength) = (numbers[0], numbers[1], *(long*)(stored.Start + 8));
        if (Texts < 0 || TotalLength < 0 || _storedTerms < 0 || stored.Length != HeadBytes + _storedTerms * (long)sizeof(TermTexts))
            throw VectorSections.Wrong(stored, $"it has {stored.Length} bytes for {Texts} texts with {_storedTerms} terms");
        _stored = stored;
    }

    /// <summary>The number of texts that were removed.</summary>
    public int Texts { get; private set; }

    /// <summary>Their length together.</summary>
    public long TotalLength { get; private set; }

    /// <summary>How many texts with a term were removed.</summary>
    public int TextsWith(int term) => StoredTextsWith(term) + _since.GetValueOrDefault(term);

    /// <summary>Adds a text.</summary>
    /// <param name="length">Its length.</param>
    /// <param name="terms">Its packed terms; see <see cref="TermListReader"/>.</param>
    public void Add(int length, ReadOnlySpan<byte> terms)
    {
        Texts++;
        TotalLength += length;
        var reader = new TermListReader(terms);
        while (reader.MoveNext())
            CollectionsMarshal.GetValueRefOrAddDefault(_since, reader.Term, out _)++;
    }

    /// <summary>Stores everything, to be opened in a section.</summary>
    public void Write(Stream section)
    {
        var all = new SortedDictionary<int, int>(_since);
        for (var i = 0; i < _storedTerms; i++)
        {
            var stored = StoredAt(i);
            all[stored.Term] = all.GetValueOrDefault(stored.Term) + stored.Texts;
        }

        var (texts, terms, length) = (Texts, all.Count, TotalLength);
        section.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in texts)));
        section.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in terms)));
        section.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in length)));
        foreach (var (term, count) in all)
        {
            var entry = new TermTexts(term, count);
            section.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<TermTexts>(in entry)));
        }
    }

    private int StoredTextsWith(int term)
    {
        var (low, high) = (0, _storedTerms - 1);
        while (low <= high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            var stored = StoredAt(middle);
            if (stored.Term == term)
                return stored.Texts;
            if (stored.Term < term)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return 0;
    }

    private TermTexts StoredAt(int place)
    {
        _stored!.Verify(HeadBytes + place * (long)sizeof(TermTexts), sizeof(TermTexts));
        return ((TermTexts*)(_stored.Start + HeadBytes))[place];
    }

    private readonly record struct TermTexts(int Term, int Texts);
}
