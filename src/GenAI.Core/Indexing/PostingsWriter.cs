using System.Runtime.InteropServices;

namespace GenAI.Core.Indexing;

/// <summary>Packs the postings of one term after the other into a section: its blocks, and behind them their data.</summary>
/// <param name="lengths">The length of every text of the segment.</param>
internal sealed class PostingsWriter(int[] lengths)
{
    private readonly List<PostingBlock> _blocks = [];
    private readonly byte[] _packed = new byte[PostingPacker.MostBytes];
    private int[] _texts = new int[1024];
    private int[] _frequencies = new int[1024];
    private byte[] _data = new byte[4096];
    private bool _isAscending = true;
    private long _written;

    /// <summary>The number of postings.</summary>
    public int Count { get; private set; }

    public void Clear() => (Count, _isAscending) = (0, true);

    public void Add(int text, int frequency)
    {
        if (Count == _texts.Length)
        {
            Array.Resize(ref _texts, 2 * Count);
            Array.Resize(ref _frequencies, 2 * Count);
        }

        _isAscending &= Count == 0 || text > _texts[Count - 1];
        (_texts[Count], _frequencies[Count]) = (text, Math.Min(frequency, PostingPacker.MaxFrequency));
        Count++;
    }

    /// <summary>Writes the postings.</summary>
    /// <returns>What is to be known of the term.</returns>
    public StoredTerm Write(Stream section)
    {
        // Texts of an index in memory have numbers in the order in which they came.
        if (!_isAscending)
            Sort();
        if (Count == 1)
            return new StoredTerm(1, _texts[0], _frequencies[0]);

        var blocks = (Count + PostingBlock.MaxCount - 1) / PostingBlock.MaxCount;
        var first = checked((int)(_written / PostingArena.Unit));
        var bytes = 0;
        _blocks.Clear();
        CollectionsMarshal.SetCount(_blocks, blocks);
        var heads = CollectionsMarshal.AsSpan(_blocks);
        for (var i = 0; i < blocks; i++)
        {
            var (start, count) = (i * PostingBlock.MaxCount, Math.Min(PostingBlock.MaxCount, Count - i * PostingBlock.MaxCount));
            heads[i] = PostingPacker.Pack(_texts.AsSpan(start, count), _frequencies.AsSpan(start, count), lengths, _packed);
            heads[i].Data = (MemoryMarshal.AsBytes(heads).Length + bytes) / PostingArena.Unit;
            var size = PostingPacker.BytesOf(heads[i]);
            if (_data.Length < bytes + size)
                Array.Resize(ref _data, 2 * (bytes + size));
            _packed.AsSpan(0, size).CopyTo(_data.AsSpan(bytes));
            bytes += size;
        }

        section.Write(MemoryMarshal.AsBytes(heads));
        section.Write(_data.AsSpan(0, bytes));
        _written += MemoryMarshal.AsBytes(heads).Length + bytes;
        return new StoredTerm(Count, first, blocks);
    }

    private void Sort()
    {
        Array.Sort(_texts, _frequencies, 0, Count);
        for (var i = 1; i < Count; i++)
        {
            if (_texts[i] == _texts[i - 1])
                throw PostingSource.Wrong($"Text {_texts[i]} has a term twice.");
        }
    }
}
