using System.Numerics;
using System.Runtime.InteropServices;

namespace GenAI.Core.Indexing;

/// <summary>
/// Vectors one after the other in blocks of about 2 MB of native memory that never move: growing adds a block, so a large index is
/// never copied whole, the garbage collector never sees it, and its blocks start at a cache line. One factor for each row stands
/// behind a block's vectors.
/// </summary>
/// <remarks>Not synchronised: whoever disposes of it sees to it that nobody reads.</remarks>
internal sealed unsafe class RowBlocks : IDisposable
{
    // Large enough that a scan runs in long strides, small enough that the last block wastes little.
    private const int BlockBytes = 2 << 20;
    private const int CacheLine = 64;
    private const int SmallestBlockRows = 16;

    private readonly int _dimensions;
    private readonly int _shift;
    private Block[] _blocks = [];
    private int _blockCount;

    public RowBlocks(int dimensions)
    {
        _dimensions = dimensions;
        _shift = BitOperations.Log2((uint)Math.Max(1, BlockBytes / ((long)dimensions * sizeof(float))));
    }

    ~RowBlocks() => Free(0);

    public int RowsPerBlock => 1 << _shift;

    /// <summary>The bytes that are held.</summary>
    public long Bytes
    {
        get
        {
            var rows = 0L;
            for (var block = 0; block < _blockCount; block++)
                rows += _blocks[block].Rows;
            return rows * (_dimensions + 1) * sizeof(float);
        }
    }

    public Span<float> Row(int slot)
    {
        var block = _blocks[slot >> _shift];
        return new Span<float>(block.Values + (long)(slot & (RowsPerBlock - 1)) * _dimensions, _dimensions);
    }

    /// <summary>What a row's values are multiplied with to get what is compared.</summary>
    public ref float Factor(int slot) => ref _blocks[slot >> _shift].Factors(_dimensions)[slot & (RowsPerBlock - 1)];

    /// <summary>A run of rows within one block, with their factors.</summary>
    public ReadOnlySpan<float> Rows(int slot, int count, out ReadOnlySpan<float> factors)
    {
        var block = _blocks[slot >> _shift];
        var first = slot & (RowsPerBlock - 1);
        factors = new ReadOnlySpan<float>(block.Factors(_dimensions) + first, count);
        return new ReadOnlySpan<float>(block.Values + (long)first * _dimensions, count * _dimensions);
    }

    public void EnsureCapacity(int rows)
    {
        while (true)
        {
            var last = _blockCount == 0 ? 0 : _blocks[_blockCount - 1].Rows;
            var missing = rows - ((long)Math.Max(0, _blockCount - 1) * RowsPerBlock + last);
            if (missing <= 0)
                return;

            // Only the first block starts small and is copied as it grows: many collections are small.
            if (_blockCount == 1 && last < RowsPerBlock)
                GrowFirst((int)Math.Min(RowsPerBlock, Math.Max(last * 2L, last + missing)));
            else
                Add(_blockCount == 0 ? (int)Math.Min(RowsPerBlock, Math.Max(missing, SmallestBlockRows)) : RowsPerBlock);
        }
    }

    /// <summary>Gives back the blocks that <paramref name="rows"/> rows do not need.</summary>
    /// <remarks>One block more is kept, so that removing and adding around a boundary does not allocate.</remarks>
    public void Trim(int rows) => Free((int)(((long)rows + RowsPerBlock - 1) >> _shift) + 1);

    public void Dispose()
    {
        Free(0);
        GC.SuppressFinalize(this);
    }

    private void Add(int rows)
    {
        if (_blockCount == _blocks.Length)
            Array.Resize(ref _blocks, Math.Max(4, _blocks.Length * 2));
        _blocks[_blockCount] = Allocate(rows);
        _blockCount++;
    }

    private void GrowFirst(int rows)
    {
        var (small, larger) = (_blocks[0], Allocate(rows));
        new ReadOnlySpan<float>(small.Values, small.Rows * _dimensions).CopyTo(new Span<float>(larger.Values, rows * _dimensions));
        new ReadOnlySpan<float>(small.Factors(_dimensions), small.Rows).CopyTo(new Span<float>(larger.Factors(_dimensions), rows));
        _blocks[0] = larger;
        NativeMemory.AlignedFree(small.Values);
    }

    private Block Allocate(int rows) =>
        new((float*)NativeMemory.AlignedAlloc((nuint)rows * ((nuint)_dimensions + 1) * sizeof(float), CacheLine), rows);

    private void Free(int kept)
    {
        while (_blockCount > kept)
            NativeMemory.AlignedFree(_blocks[--_blockCount].Values);
    }

    private readonly struct Block(float* values, int rows)
    {
        public float* Values { get; } = values;

        public int Rows { get; } = rows;

        public float* Factors(int dimensions) => Values + (long)Rows * dimensions;
    }
}
