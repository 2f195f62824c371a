using System.Numerics;
using System.Runtime.InteropServices;

namespace GenAI.Core.Indexing;

/// <summary>
/// The 4-bit codes of rows, sixteen rows to a group, in native memory that never moves. Behind a group's codes stand, for its sixteen
/// rows, what bounds the error of a score estimated from them: sixteen numbers each of "along", "across" and, unless the metric is
/// cosine, the rows' lengths.
/// </summary>
/// <remarks>
/// Along and across are the code's length times the cosine and the sine of the angle between the row and its code, rounded so that the
/// angle is never taken for smaller than it is. A row that is too long or too short to be reasoned about has NaN in their place, and is never ruled
/// out. Costs half a byte for each dimension and 8 bytes (12 where lengths are kept) for each row. Not synchronised.
/// </remarks>
internal sealed unsafe class CodeBlocks : IDisposable
{
    // Small enough to stay in the second-level cache while every query of a batch is compared with it.
    private const int BlockBytes = 256 << 10;

    // More than the rounding errors of computing a limit from these numbers in single precision, relative to the code's length.
    private const double Margin = 1e-6;

    private readonly int _dimensions;
    private readonly bool _hasLengths;
    private readonly int _shift;
    private readonly float[] _direction;
    private readonly RandomRotation _rotation;
    private readonly NibbleCoder _coder;
    private nint[] _blocks = [];
    private int _blockCount;

    public CodeBlocks(int dimensions, bool hasLengths)
    {
        (_dimensions, _hasLengths) = (dimensions, hasLengths);
        Steps = NibbleKernels.Steps(dimensions);
        GroupBytes = Steps * NibbleKernels.StepBytes + (hasLengths ? 3 : 2) * NibbleKernels.GroupRows * sizeof(float);
        _shift = BitOperations.Log2((uint)Math.Max(1, BlockBytes / GroupBytes));
        _direction = new float[dimensions];
        _rotation = new RandomRotation(dimensions);
        _coder = new NibbleCoder(dimensions);
    }

    ~CodeBlocks() => Free(0);

    public RandomRotation Rotation => _rotation;

    public int Steps { get; }

    public int GroupBytes { get; }

    public int GroupsPerBlock => 1 << _shift;

    /// <summary>The bytes that are held for codes.</summary>
    public long Bytes => (long)_blockCount * GroupsPerBlock * GroupBytes;

    public byte* Group(int group) => (byte*)_blocks[group >> _shift] + (long)(group & (GroupsPerBlock - 1)) * GroupBytes;

    public float* Along(byte* group) => (float*)(group + (long)Steps * NibbleKernels.StepBytes);

    public void EnsureCapacity(int rows)
    {
        var needed = (int)(((long)rows + RowsPerBlock - 1) / RowsPerBlock);
        if (needed > _blocks.Length)
            Array.Resize(ref _blocks, Math.Max(needed, Math.Max(4, _blocks.Length * 2)));
        while (_blockCount < needed)
        {
            var bytes = (nuint)GroupsPerBlock * (nuint)GroupBytes;
            var block = NativeMemory.AlignedAlloc(bytes, NibbleKernels.StepBytes);
            NativeMemory.Clear(block, bytes);
            _blocks[_blockCount++] = (nint)block;
        }
    }

    /// <summary>Gives back the blocks that <paramref name="rows"/> rows do not need, but for one.</summary>
    public void Trim(int rows) => Free((int)(((long)rows + RowsPerBlock - 1) / RowsPerBlock) + 1);

    /// <summary>Codes a row.</summary>
    public void Write(int slot, ReadOnlySpan<float> row)
    {
        var group = Group(slot / NibbleKernels.GroupRows);
        var lane = slot % NibbleKernels.GroupRows;
        var along = Along(group) + lane;
        var length = Length(row);
        if (length is not (>= VectorNorm.Shortest and <= VectorNorm.Longest))
        {
            (along[0], along[NibbleKernels.GroupRows]) = (float.NaN, float.NaN);
            if (_hasLengths)
                along[2 * NibbleKernels.GroupRows] = float.NaN;
            return;
        }

        for (var i = 0; i < row.Length; i++)
            _direction[i] = (float)(row[i] / length);
        _rotation.Apply(_direction);
        var cosine = Math.Min(1, _coder.Encode(_direction, out var codeLength));
        var sine = Math.Sqrt((1 - cosine) * (1 + cosine));
        NibbleKernels.Write(group, lane, _coder.Codes);
        along[0] = (float)(codeLength * Math.Max(0, cosine - Margin));
        along[NibbleKernels.GroupRows] = (float)(codeLength * (sine + 3 * Margin));
        if (_hasLengths)
            along[2 * NibbleKernels.GroupRows] = (float)length;
    }

    /// <summary>Copies a row's codes to another place.</summary>
    public void Copy(int from, int to)
    {
        var source = (int*)Group(from / NibbleKernels.GroupRows) + from % NibbleKernels.GroupRows;
        var target = (int*)Group(to / NibbleKernels.GroupRows) + to % NibbleKernels.GroupRows;
        for (var i = 0; i < GroupBytes / sizeof(int); i += NibbleKernels.GroupRows)
            target[i] = source[i];
    }

    public void Dispose()
    {
        Free(0);
        GC.SuppressFinalize(this);
    }

    private long RowsPerBlock => (long)GroupsPerBlock * NibbleKernels.GroupRows;

    private static double Length(ReadOnlySpan<float> row)
    {
        double squares = 0;
        foreach (var value in row)
            squares += (double)value * value;
        return Math.Sqrt(squares);
    }

    private void Free(int kept)
    {
        while (_blockCount > kept)
            NativeMemory.AlignedFree((void*)_blocks[--_blockCount]);
    }
}
