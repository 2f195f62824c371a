using GenAI.Core.Storage;

namespace GenAI.Core.Indexing;

/// <summary>
/// The 4-bit codes of rows, sixteen rows to a group, in native memory that never moves. Behind a group's codes stand, for its sixteen
/// rows, what bounds the error of a score estimated from them: sixteen numbers each of "along", "across" and, unless the metric is
/// cosine, the rows' lengths.
/// </summary>
/// <remarks>
/// Along and across are the code's length times the cosine and the sine of the angle between the row and its code, rounded so that the
/// angle is never taken for smaller than it is. A row that is too long or too short to be reasoned about has NaN in their place, and is never ruled
/// out. Costs half a byte for each dimension and 8 bytes (12 where lengths are kept) for each row. One thread writes; any number read rows that were there when they began.
/// </remarks>
internal sealed unsafe class CodeBlocks
{
    // More than the rounding errors of computing a limit from these numbers in single precision, relative to the code's length (0050).
    private const double Margin = 1e-6;

    // Of double precision.
    private const double Rounding = 1.0 / (1L << 53);

    private readonly int _dimensions;
    private readonly bool _hasLengths;
    private readonly float[] _direction;
    private readonly RandomRotation _rotation;
    private readonly NibbleCoder _coder;
    private readonly BlockTable _groups;
    private readonly MappedSection? _mapped;

    public CodeBlocks(int dimensions, bool hasLengths, IndexMemory memory, MappedSection? mapped = null)
    {
        (_dimensions, _hasLengths, _mapped) = (dimensions, hasLengths, mapped);
        Steps = NibbleKernels.Steps(dimensions);
        GroupBytes = BytesPerGroup(dimensions, hasLengths);
        _groups = new BlockTable(GroupBytes, memory);
        _direction = new float[dimensions];
        _rotation = new RandomRotation(dimensions);
        _coder = new NibbleCoder(dimensions);
    }

    public RandomRotation Rotation => _rotation;

    public int Steps { get; }

    public int GroupBytes { get; }

    /// <summary>How many groups stand one after the other.</summary>
    public int GroupsPerBlock => _mapped is null ? _groups.PiecesPerBlock : int.MaxValue;

    /// <summary>The bytes that are held for codes.</summary>
    public long Bytes => _groups.Bytes;

    public static int BytesPerGroup(int dimensions, bool hasLengths) =>
        NibbleKernels.Steps(dimensions) * NibbleKernels.StepBytes + (hasLengths ? 3 : 2) * NibbleKernels.GroupRows * sizeof(float);

    /// <summary>The groups that so many rows take.</summary>
    public static int Groups(long rows) => (int)((rows + NibbleKernels.GroupRows - 1) / NibbleKernels.GroupRows);

    public byte* Group(int group) => _mapped is null ? _groups[group] : _mapped.Start + (long)group * GroupBytes;

    /// <summary>The first of some groups that stand one after the other and are about to be read.</summary>
    public byte* Start(int group, int endGroup)
    {
        _mapped?.Verify((long)group * GroupBytes, (long)(endGroup - group) * GroupBytes);
        return Group(group);
    }

    public float* Along(byte* group) => (float*)(group + (long)Steps * NibbleKernels.StepBytes);

    /// <summary>What is known of a row of a group.</summary>
    public RowAngle Angle(byte* group, int lane)
    {
        var along = Along(group) + lane;
        return new RowAngle(along[0], along[NibbleKernels.GroupRows], _hasLengths ? along[2 * NibbleKernels.GroupRows] : 1);
    }

    /// <summary>Makes room; where memory does not suffice, nothing has changed.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much.</exception>
    public void EnsureCapacity(long rows, long version) => _groups.EnsureCapacity(Groups(rows), version);

    /// <summary>Gives back what <paramref name="rows"/> rows do not need.</summary>
    public void Trim(int rows, long version) => _groups.Trim(Groups(rows), version);

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

        // Of some 2 d roundings in double precision the sine of a small angle would suffer most.
        var cosine = Math.Min(1, _coder.Encode(_direction, out var codeLength)) - (2.0 * _dimensions + 16) * Rounding;
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

    private static double Length(ReadOnlySpan<float> row)
    {
        double squares = 0;
        foreach (var value in row)
            squares += (double)value * value;
        return Math.Sqrt(squares);
    }
}
