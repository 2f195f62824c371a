using System.Numerics;

namespace GenAI.Core.Indexing;

/// <summary>
/// Vectors one after the other in blocks of about 2 MB that never move: growing adds a block, so a large index is never copied
/// whole, and its blocks start at a cache line. One factor for each row stands beside them.
/// </summary>
/// <remarks>Not synchronised.</remarks>
internal sealed class RowBlocks
{
    // Large enough that a scan runs in long strides, small enough that the last block wastes little.
    private const int BlockBytes = 2 << 20;
    private const int CacheLineFloats = 16;
    private const int SmallestBlockRows = 16;

    private readonly int _dimensions;
    private readonly int _shift;
    private Block[] _blocks = [];
    private int _blockCount;

    public RowBlocks(int dimensions)
    {
        _dimensions = dimensions;
        _shift = Math.Max(0, BitOperations.Log2((uint)Math.Max(1, BlockBytes / (dimensions * sizeof(float)))));
    }

    public int RowsPerBlock => 1 << _shift;

    public Span<float> Row(int slot)
    {
        var block = _blocks[slot >> _shift];
        return block.Values.AsSpan(block.Start + (slot & (RowsPerBlock - 1)) * _dimensions, _dimensions);
    }

    /// <summary>What a row's values are multiplied with to get what is compared.</summary>
    public ref float Factor(int slot) => ref _blocks[slot >> _shift].Factors[slot & (RowsPerBlock - 1)];

    /// <summary>A run of rows within one block, with their factors.</summary>
    public ReadOnlySpan<float> Rows(int slot, int count, out ReadOnlySpan<float> factors)
    {
        var block = _blocks[slot >> _shift];
        var first = slot & (RowsPerBlock - 1);
        factors = block.Factors.AsSpan(first, count);
        return block.Values.AsSpan(block.Start + first * _dimensions, count * _dimensions);
    }

    public void EnsureCapacity(int rows)
    {
        while (true)
        {
            var last = _blockCount == 0 ? 0 : _blocks[_blockCount - 1].Factors.Length;
            var missing = rows - (Math.Max(0, _blockCount - 1) * RowsPerBlock + last);
            if (missing <= 0)
                return;

            // Only the first block starts small and is copied as it grows: many collections are small.
            if (_blockCount == 1 && last < RowsPerBlock)
                GrowFirst(Math.Min(RowsPerBlock, Math.Max(last * 2, last + missing)));
            else
                Add(_blockCount == 0 ? Math.Min(RowsPerBlock, Math.Max(missing, SmallestBlockRows)) : RowsPerBlock);
        }
    }

    /// <summary>Gives back the blocks that <paramref name="rows"/> rows do not need.</summary>
    public void Trim(int rows)
    {
        // One block more is kept, so that removing and adding around a boundary does not allocate.
        var needed = (rows + RowsPerBlock - 1 >> _shift) + 1;
        while (_blockCount > needed)
            _blocks[--_blockCount] = default;
    }

    public void Clear() => (_blocks, _blockCount) = ([], 0);

    private void Add(int rows)
    {
        if (_blockCount == _blocks.Length)
            Array.Resize(ref _blocks, Math.Max(4, _blocks.Length * 2));
        _blocks[_blockCount++] = Allocate(rows);
    }

    private void GrowFirst(int rows)
    {
        var (small, larger) = (_blocks[0], Allocate(rows));
        small.Values.AsSpan(small.Start, small.Factors.Length * _dimensions).CopyTo(larger.Values.AsSpan(larger.Start));
        small.Factors.CopyTo(larger.Factors, 0);
        _blocks[0] = larger;
    }

    private unsafe Block Allocate(int rows)
    {
        var values = GC.AllocateUninitializedArray<float>(checked(rows * _dimensions) + CacheLineFloats - 1, pinned: true);
        fixed (float* address = values)
        {
            var beyond = (int)((nuint)address / sizeof(float) % CacheLineFloats);
            return new Block(values, beyond == 0 ? 0 : CacheLineFloats - beyond, new float[rows]);
        }
    }

    private readonly record struct Block(float[] Values, int Start, float[] Factors);
}
