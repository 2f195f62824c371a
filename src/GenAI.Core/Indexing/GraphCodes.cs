using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Indexing;

/// <summary>
/// The compact form of vectors: 8 bits for each component of the rotated direction, in two planes of 4 bits. The upper plane alone
/// tells distances to 10% of a vector's length over the root of the dimensions; with the lower one it is 1%. A search reads
/// the upper plane of every vector that it meets and the lower one of the promising ones (compare LVQ, Aguerrebere et al. 2023).
/// </summary>
internal sealed unsafe class GraphCodes
{
    // In standard deviations of a component. Wider costs resolution for every component, narrower cuts off more of the large ones.
    private const double Reach = 3.2;

    // The standard deviation of 0 to 15.
    private const float LowerDeviation = 4.61f;

    // Candidates are given this many deviations of the upper plane's error before they are dropped without a look at the lower one.
    private const float Confidence = 2.5f;

    // What the mean of a component's magnitude is, in standard deviations; its inverse is what a sign stands for.
    private const double MeanMagnitude = 0.79788456;

    // The error of what the signs of all components tell, in the query's length over the root of their number: 0.76 for vectors that have
    // nothing to do with each other (the root of pi/2 - 1), 0.67 to 0.72 measured for those that a walk meets on digits and texts.
    private const double SignDeviation = 0.7;

    // A row is passed over if its signs say that it is this many deviations too far away.
    private const float SignConfidence = 1.5f;

    /// <summary>Bytes from one row of signs to the next.</summary>
    public const int SignStride = 64;

    // Of shorter rows of the upper plane signs save no time: three lines (384 dimensions) took as long with them as without (0069).
    private const int ShortestSigned = 5 * PlaneKernels.BlockBytes;

    // The error of both planes, as a part of a step for each unit of the query's length; measured on normally distributed components.
    private const float Rounding = 0.55f;

    // A vector may be longer than the unit by so much: its square, and what comes of it, stay finite. Longer ones count as so long; only their
    // order among each other suffers, for scores are exact.
    private const double Longest = 1e15;

    private readonly int _dimensions;
    private readonly VectorMetric _metric;
    private readonly RandomRotation _rotation;
    private readonly float _step;
    private readonly float _sign;
    private readonly float _doubt;
    private float[]? _centre;

    // Lengths are kept in this unit: squares of very short and very long ones would leave the range of single precision.
    private double _unit = 1;

    public GraphCodes(int dimensions, VectorMetric metric)
    {
        (_dimensions, _metric) = (dimensions, metric);
        _rotation = new RandomRotation(dimensions);
        _step = (float)(Math.Min(Reach, Math.Sqrt(dimensions)) / Math.Sqrt(dimensions) / 128);
        var blocks = (dimensions + PlaneKernels.BlockComponents - 1) / PlaneKernels.BlockComponents;
        PlaneBytes = blocks * PlaneKernels.BlockBytes;

        // The length stands in the padding of the last block where that has room, since the query is zero there.
        var last = dimensions - (blocks - 1) * PlaneKernels.BlockComponents;
        var room = last <= PlaneKernels.BlockBytes - sizeof(float);
        HasLength = metric != VectorMetric.Cosine;
        LengthOffset = room ? PlaneBytes - sizeof(float) : PlaneBytes;
        UpperStride = HasLength && !room ? PlaneBytes + PlaneKernels.BlockBytes : PlaneBytes;

        // A line, in which the length takes the place of a block.
        var signed = Math.Min(dimensions, SignKernels.BlockComponents * (HasLength ? 3 : 4));
        HasSigns = PlaneBytes >= ShortestSigned;
        SignBytes = (signed + SignKernels.BlockComponents - 1) / SignKernels.BlockComponents * SignKernels.BlockBytes;
        _sign = (float)(Math.Sqrt(dimensions) / signed / MeanMagnitude);
        _doubt = (float)Math.Sqrt((SignDeviation * SignDeviation + 1 - (double)signed / dimensions) / signed);
    }

    /// <summary>The unit of lengths.</summary>
    public double Unit
    {
        get => _unit;
        init => _unit = value;
    }

    /// <summary>The origin of distances; null for zero.</summary>
    public float[]? Centre
    {
        get => _centre;
        init => _centre = value;
    }

    /// <summary>Bytes of a plane of one vector.</summary>
    public int PlaneBytes { get; }

    /// <summary>Bytes from one row of the upper plane to the next.</summary>
    public int UpperStride { get; }

    /// <summary>Whether the signs of codes are kept as well, a line for each vector: of its first components, 512 or, with its length, 384.</summary>
    public bool HasSigns { get; }

    /// <summary>Bytes of the signs of one vector. The length stands behind them, where vectors differ in it.</summary>
    public int SignBytes { get; }

    /// <summary>Whether vectors differ in length, which then stands in the row of the upper plane.</summary>
    public bool HasLength { get; }

    public int LengthOffset { get; }

    /// <summary>Room that the signed bytes of a query take.</summary>
    public int QueryBytes => PlaneBytes * 2;

    /// <summary>
    /// Takes the unit of lengths from the first vectors, and for distances their middle as the origin: distances do not change when
    /// everything is moved, and codes get finer.
    /// </summary>
    public void CentreOn(in GraphBatch batch, int count)
    {
        if (_metric == VectorMetric.Cosine)
            return;
        if (_metric == VectorMetric.Euclidean)
            _centre = Middle(batch, count);
        var longest = 0d;
        for (var row = 0; row < count; row++)
            longest = Math.Max(longest, Length(batch.Vector(row, _dimensions)));
        _unit = longest > 0 ? 1 / longest : 1;
    }

    private float[] Middle(in GraphBatch batch, int count)
    {
        var centre = new double[_dimensions];
        for (var row = 0; row < count; row++)
        {
            var vector = batch.Vector(row, _dimensions);
            for (var i = 0; i < vector.Length; i++)
                centre[i] += vector[i] / (double)count;
        }

        return Array.ConvertAll(centre, value => (float)value);
    }

    private double Length(ReadOnlySpan<float> vector)
    {
        // The same lanes whatever the width of registers, so that codes are the same on every processor.
        var (i, first, second) = (0, Vector256<double>.Zero, Vector256<double>.Zero);
        for (; i <= vector.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var (low, high) = Moved(vector, i);
            first += low * low;
            second += high * high;
        }

        var sums = first + second;
        var squares = sums[0] + sums[1] + (sums[2] + sums[3]);
        for (; i < vector.Length; i++)
        {
            var value = _centre is null ? vector[i] : vector[i] - (double)_centre[i];
            squares += value * value;
        }

        return Math.Sqrt(squares);
    }

    // Eight components as they are from the origin of distances.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector256<double> Low, Vector256<double> High) Moved(ReadOnlySpan<float> vector, int first)
    {
        var (low, high) = Vector256.Widen(Vector256.Create(vector.Slice(first, Vector256<float>.Count)));
        if (_centre is null)
            return (low, high);
        var (lowCentre, highCentre) = Vector256.Widen(Vector256.Create(_centre.AsSpan(first, Vector256<float>.Count)));
        return (low - lowCentre, high - highCentre);
    }

    /// <summary>Writes both planes of a vector, and its signs if there is a place for them.</summary>
    public void Encode(ReadOnlySpan<float> vector, float* scratch, byte* upper, byte* lower, byte* signs = null)
    {
        var length = Rotate(vector, scratch);
        new Span<byte>(upper, UpperStride).Fill(0x88);
        new Span<byte>(lower, PlaneBytes).Clear();
        var inverse = 1 / _step;
        for (var i = 0; i < _dimensions; i++)
        {
            var code = (int)Math.Clamp(MathF.Round(scratch[i] * inverse), -128, 127) + 128;
            var place = (i / PlaneKernels.BlockComponents * PlaneKernels.BlockBytes) + (i & (PlaneKernels.BlockBytes - 1));
            if ((i & PlaneKernels.BlockBytes) == 0)
            {
                upper[place] = (byte)((upper[place] & 0xF0) | (code >> 4));
                lower[place] = (byte)((lower[place] & 0xF0) | (code & 15));
            }
            else
            {
                upper[place] = (byte)((upper[place] & 0x0F) | (code & 0xF0));
                lower[place] = (byte)((lower[place] & 0x0F) | (code << 4));
            }
        }

        if (HasLength)
            *(float*)(upper + LengthOffset) = length;
        if (signs is not null)
            EncodeSigns(scratch, length, signs);
    }

    private void EncodeSigns(float* rotated, float length, byte* signs)
    {
        new Span<byte>(signs, SignStride).Clear();
        for (var i = 0; i < Math.Min(_dimensions, 8 * SignBytes); i++)
        {
            if (rotated[i] >= 0)
                signs[(i / SignKernels.BlockComponents * SignKernels.BlockBytes) + (i % SignKernels.BlockBytes)] |= (byte)(1 << (i % SignKernels.BlockComponents / SignKernels.BlockBytes));
        }

        if (HasLength)
            *(float*)(signs + SignBytes) = length;
    }

    /// <summary>Makes a query of a vector, for the index's own metric.</summary>
    public GraphQuery Query(ReadOnlySpan<float> vector, float* scratch, sbyte* codes, out float squaredLength)
    {
        var length = Rotate(vector, scratch);
        squaredLength = length * length;
        var largest = Math.Abs(TensorPrimitives.MaxMagnitude(new ReadOnlySpan<float>(scratch, _dimensions)));
        Round(scratch, largest > 0 ? 127 / largest : 0, codes);
        var factor = _metric switch { VectorMetric.Cosine => 1, VectorMetric.DotProduct => length, _ => 2 * length };
        return Query(codes, largest / 127, factor, _metric == VectorMetric.Euclidean ? 1 : 0);
    }

    /// <summary>
    /// Makes a query of a stored vector's codes, for building: by cosine, or else by Euclidean distance, because a graph of nearest
    /// neighbours also leads to the greatest inner products (those are the nearest to the query made very long), which a graph of
    /// inner products does not.
    /// </summary>
    public GraphQuery StoredQuery(byte* upper, byte* lower, sbyte* codes)
    {
        Expand(upper, lower, codes);
        return Query(codes, _step, HasLength ? 2 * *(float*)(upper + LengthOffset) : 1, HasLength ? 1 : 0);
    }

    /// <summary>What to add to the key of a stored query to get a distance: 1 for cosine, the squared length else.</summary>
    public float KeyOffset(byte* upper)
    {
        if (!HasLength)
            return 1;
        var length = *(float*)(upper + LengthOffset);
        return length * length;
    }

    /// <summary>The key of an exact score, given the squared length of the query.</summary>
    public float KeyOf(float score, float squaredLength) => _metric switch
    {
        VectorMetric.Cosine => -score,
        VectorMetric.DotProduct => (float)(-score * _unit * _unit),
        _ => (float)(score * _unit * (score * _unit)) - squaredLength,
    };

    private GraphQuery Query(sbyte* codes, float unit, float factor, float square) => new(codes, Sum(codes, QueryBytes))
    {
        Square = square,
        Step = factor * _step * unit,
        Margin = Confidence * LowerDeviation * factor * _step,
        Blur = Rounding * factor * _step,
        LengthOffset = HasLength ? LengthOffset : -1,
        PlaneBytes = PlaneBytes,
        SignStep = factor * _sign * unit,
        SignOffset = HasSigns ? factor * (_sign * unit * Sum(codes, 8 * SignBytes) - SignConfidence * _doubt) : 0,
        SignBytes = SignBytes,
    };

    private void Round(float* rotated, float scale, sbyte* codes)
    {
        var (i, scales) = (0, Vector256.Create(scale));
        for (; i <= _dimensions - Vector256<short>.Count; i += Vector256<short>.Count)
        {
            var first = Vector256.ConvertToInt32(Vector256.Round(Vector256.Load(rotated + i) * scales));
            var second = Vector256.ConvertToInt32(Vector256.Round(Vector256.Load(rotated + i + Vector256<float>.Count) * scales));
            var both = Vector256.Narrow(first, second);
            Vector128.Narrow(both.GetLower(), both.GetUpper()).Store(codes + i);
        }

        for (; i < _dimensions; i++)
            codes[i] = (sbyte)MathF.Round(rotated[i] * scale);
        new Span<sbyte>(codes + _dimensions, QueryBytes - _dimensions).Clear();
    }

    private void Expand(byte* upper, byte* lower, sbyte* codes)
    {
        var (mask, sign) = (Vector128.Create((byte)0x0F), Vector128.Create((byte)0x80));
        for (var i = 0; i < PlaneBytes; i += Vector128<byte>.Count)
        {
            // A code of 0 to 255 less 128 is the same bits with the first one turned.
            var (high, low) = (Vector128.Load(upper + i), Vector128.Load(lower + i));
            var at = (byte*)codes + 2 * (i & ~(PlaneKernels.BlockBytes - 1)) + (i & (PlaneKernels.BlockBytes - 1));
            (((high & mask) << 4 | low & mask) ^ sign).Store(at);
            ((high & ~mask | low >>> 4) ^ sign).Store(at + PlaneKernels.BlockBytes);
        }

        new Span<sbyte>(codes + _dimensions, QueryBytes - _dimensions).Clear();
    }

    private static int Sum(sbyte* codes, int count)
    {
        var sum = Vector128<int>.Zero;
        for (var i = 0; i < count; i += Vector128<sbyte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(codes + i));
            var (first, second) = Vector128.Widen(low + high);
            sum += first + second;
        }

        return Vector128.Sum(sum);
    }

    /// <summary>The length of the vector in the index's unit, and its rotated direction in <paramref name="rotated"/>.</summary>
    private float Rotate(ReadOnlySpan<float> vector, float* rotated)
    {
        var length = Length(vector);
        var i = 0;
        for (; i <= vector.Length - Vector256<float>.Count && length > 0; i += Vector256<float>.Count)
        {
            var (low, high) = Moved(vector, i);
            Vector256.Narrow(low / length, high / length).Store(rotated + i);
        }

        for (; i < vector.Length; i++)
        {
            var value = _centre is null ? vector[i] : vector[i] - (double)_centre[i];
            rotated[i] = length == 0 ? 0 : (float)(value / length);
        }

        _rotation.Apply(new Span<float>(rotated, _dimensions));
        return (float)Math.Min(length * _unit, Longest);
    }
}
