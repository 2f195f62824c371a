using System.Numerics;

namespace GenAI.Core.Indexing;

/// <summary>
/// Pieces of equal size one after the other in blocks of native memory that never move: growing adds a block, so what is large is
/// never copied, and addresses are 64 bits wide. Only the first block starts small and is copied as it grows, for most indexes are small.
/// </summary>
/// <remarks>One thread writes; any number read pieces that were there when they began.</remarks>
internal sealed unsafe class BlockTable
{
    // Few blocks for a scan to step through, of large pages; the last one wastes little of a large index.
    private const int BlockBytes = 8 << 20;
    private const int FewestPieces = 16;

    private readonly int _pieceBytes;
    private readonly int _shift;
    private readonly IndexMemory _memory;
    private nint[] _blocks = [];
    private int _blockCount;
    private long _capacity;

    public BlockTable(int pieceBytes, IndexMemory memory)
    {
        (_pieceBytes, _memory) = (pieceBytes, memory);
        _shift = BitOperations.Log2((uint)Math.Max(1, BlockBytes / pieceBytes));
    }

    public int PiecesPerBlock => 1 << _shift;

    /// <summary>The pieces that there is room for.</summary>
    public long Capacity => Volatile.Read(ref _capacity);

    /// <summary>The bytes that are held.</summary>
    public long Bytes => Capacity * _pieceBytes;

    public byte* this[int piece] =>
        (byte*)Volatile.Read(ref _blocks)[piece >> _shift] + (long)(piece & (PiecesPerBlock - 1)) * _pieceBytes;

    /// <summary>Makes room; where memory does not suffice, what was added is given back.</summary>
    /// <param name="pieces">The number of pieces that there must be room for.</param>
    /// <param name="version">The version that will be published next: from then on nobody begins to read what is replaced here.</param>
    /// <exception cref="OutOfMemoryException">There is not that much; nothing has changed.</exception>
    public void EnsureCapacity(long pieces, long version)
    {
        var known = _capacity;
        try
        {
            while (_capacity < pieces)
            {
                if (_capacity < PiecesPerBlock)
                    GrowFirst(Math.Min(PiecesPerBlock, Math.Max(Math.Max(FewestPieces, _capacity * 2), pieces)), version);
                else
                    Add();
            }
        }
        catch (OutOfMemoryException)
        {
            Shrink(Math.Max(known, PiecesPerBlock), version);
            throw;
        }
    }

    /// <summary>Gives back the blocks that so many pieces do not need, but for one, so that removing and adding around a boundary does not allocate.</summary>
    public void Trim(long pieces, long version) => Shrink(pieces + PiecesPerBlock, version);

    private void Add()
    {
        if (_blockCount == _blocks.Length)
        {
            var larger = new nint[_blocks.Length * 2];
            _blocks.CopyTo(larger, 0);
            Volatile.Write(ref _blocks, larger);
        }

        _blocks[_blockCount] = (nint)_memory.Allocate((nuint)PiecesPerBlock * (nuint)_pieceBytes);
        _blockCount++;
        Volatile.Write(ref _capacity, _capacity + PiecesPerBlock);
    }

    private void GrowFirst(long pieces, long version)
    {
        var larger = _memory.Allocate((nuint)pieces * (nuint)_pieceBytes);
        var table = _blocks.Length == 0 ? new nint[4] : _blocks;
        if (_blockCount == 1)
        {
            Buffer.MemoryCopy((void*)_blocks[0], larger, pieces * _pieceBytes, _capacity * _pieceBytes);
            _memory.Retire((void*)_blocks[0], version);
        }

        Volatile.Write(ref table[0], (nint)larger);
        Volatile.Write(ref _blocks, table);
        _blockCount = 1;
        Volatile.Write(ref _capacity, pieces);
    }

    // The first block stays: indexes that are emptied are often filled again.
    private void Shrink(long pieces, long version)
    {
        while (_blockCount > 1 && _capacity - PiecesPerBlock >= pieces)
        {
            _memory.Retire((void*)_blocks[--_blockCount], version);
            Volatile.Write(ref _capacity, _capacity - PiecesPerBlock);
        }
    }
}
