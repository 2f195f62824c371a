using System.Numerics;

namespace GenAI.Core.Indexing;

/// <summary>The blocks of all terms: the blocks of one term stand side by side, ordered by text.</summary>
/// <remarks>A term with n blocks has room for n rounded up to a power of two; room that is given up is used again.</remarks>
internal sealed class PostingBlockTable
{
    private readonly int[] _free = NewFreeLists();
    private PostingBlock[] _blocks = new PostingBlock[64];
    private int _used;

    /// <summary>Blocks of a term.</summary>
    public Span<PostingBlock> Of(int first, int count) => _blocks.AsSpan(first, count);

    public ref PostingBlock this[int index] => ref _blocks[index];

    /// <summary>Makes room for a first block and returns its place.</summary>
    public int Allocate() => Take(0);

    /// <summary>Inserts an empty block before block <paramref name="at"/> of a term, or behind the last.</summary>
    public void Insert(ref int first, ref int count, int at)
    {
        if (BitOperations.IsPow2(count)) // full
        {
            var size = BitOperations.Log2((uint)count);
            var wider = Take(size + 1);
            Of(first, count).CopyTo(Of(wider, count));
            Give(first, size);
            first = wider;
        }

        Of(first + at, count - at).CopyTo(Of(first + at + 1, count - at));
        _blocks[first + at] = default;
        count++;
    }

    /// <summary>Removes block <paramref name="at"/> of a term, whose memory was released.</summary>
    public void Remove(ref int first, ref int count, int at)
    {
        Of(first + at + 1, count - at - 1).CopyTo(Of(first + at, count - at - 1));
        count--;
        if (count == 0)
            Give(first, 0);
        else if (BitOperations.IsPow2(count))
        {
            var size = BitOperations.Log2((uint)count);
            var narrower = Take(size);
            Of(first, count).CopyTo(Of(narrower, count));
            Give(first, size + 1);
            first = narrower;
        }
    }

    private int Take(int size)
    {
        if (_free[size] >= 0)
        {
            var taken = _free[size];
            _free[size] = _blocks[taken].FirstText;
            return taken;
        }

        if (_used + (1 << size) > _blocks.Length)
            Array.Resize(ref _blocks, Math.Max(_blocks.Length * 2, _used + (1 << size)));
        _used += 1 << size;
        return _used - (1 << size);
    }

    private void Give(int first, int size)
    {
        _blocks[first].FirstText = _free[size];
        _free[size] = first;
    }

    private static int[] NewFreeLists()
    {
        var lists = new int[31];
        Array.Fill(lists, -1);
        return lists;
    }
}
