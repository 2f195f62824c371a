using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Indexing;

/// <summary>
/// A fixed rotation that spreads any vector evenly over all components, which is what makes few bits for each enough: one large
/// component no longer sets the scale for all the others.
/// </summary>
/// <remarks>
/// Rounds of random signs and a Walsh-Hadamard transform of the largest power of two that fits, at the front and at the back in turn;
/// where that is not all, every second round ends with a rotation by 45 degrees of the first half against the second: O(n log n), and no
/// padding. The idea is the "fast Johnson-Lindenstrauss transform" (Ailon and Chazelle, 2006). The seed is fixed, so results are reproducible.
/// </remarks>
internal sealed class RandomRotation
{
    private const int Rounds = 4;
    private const float HalfRoot = 0.70710678f;
    private const double Rounding = 1.0 / (1 << 24);

    private readonly int _dimensions;
    private readonly int _span;
    private readonly float _scale;
    private readonly float[] _signs;

    public RandomRotation(int dimensions)
    {
        _dimensions = dimensions;
        _span = 1 << BitOperations.Log2((uint)dimensions);
        _scale = (float)(1 / Math.Sqrt(_span));
        _signs = new float[Rounds * dimensions];
        var random = new Random(20_357);
        for (var i = 0; i < _signs.Length; i++)
            _signs[i] = random.Next(2) * 2 - 1;
    }

    /// <summary>
    /// How far the result may be from that of a rotation without rounding, relative to the vector's length: each addition or
    /// multiplication of all components adds at most half a unit in the last place of each, hence of the length. Twice the sum, for good measure.
    /// </summary>
    public double Error => 2 * Rounds * (BitOperations.Log2((uint)_span) + 6) * Rounding;

    /// <summary>Rotates a vector in place.</summary>
    public void Apply(Span<float> vector)
    {
        for (var round = 0; round < Rounds; round++)
        {
            Multiply(vector, _signs.AsSpan(round * _dimensions, _dimensions));
            var part = vector.Slice(round % 2 == 0 ? 0 : _dimensions - _span, _span);
            Transform(part);
            if (_span < _dimensions && round % 2 != 0)
                Mix(vector[..(_dimensions / 2)], vector.Slice(_dimensions / 2, _dimensions / 2));
        }
    }

    private static void Multiply(Span<float> vector, ReadOnlySpan<float> signs) =>
        System.Numerics.Tensors.TensorPrimitives.Multiply(vector, signs, vector);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transform(Span<float> part)
    {
        var distance = 1;
        if (part.Length >= 4)
        {
            TransformFours(part, _scale);
            distance = 4;
        }
        else
        {
            for (var i = 0; i < part.Length; i++)
                part[i] *= _scale;
        }

        for (; distance < part.Length; distance *= 2)
        {
            for (var first = 0; first < part.Length; first += 2 * distance)
                Cross(part.Slice(first, distance), part.Slice(first + distance, distance));
        }
    }

    // The two shortest distances, within a register; the scale goes along.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformFours(Span<float> part, float scale)
    {
        var (signs1, signs2) = (Vector128.Create(1f, -1, 1, -1), Vector128.Create(1f, 1, -1, -1));
        for (var i = 0; i < part.Length; i += 4)
        {
            var four = Vector128.Create<float>(part.Slice(i, 4)) * scale;
            four = Vector128.Shuffle(four, Vector128.Create(1, 0, 3, 2)) + four * signs1;
            four = Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)) + four * signs2;
            four.CopyTo(part[i..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Cross(Span<float> left, Span<float> right)
    {
        var i = 0;
        for (; i <= left.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (a, b) = (new Vector<float>(left[i..]), new Vector<float>(right[i..]));
            (a + b).CopyTo(left[i..]);
            (a - b).CopyTo(right[i..]);
        }

        for (; i < left.Length; i++)
            (left[i], right[i]) = (left[i] + right[i], left[i] - right[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix(Span<float> left, Span<float> right)
    {
        var i = 0;
        for (; i <= left.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (a, b) = (new Vector<float>(left[i..]) * HalfRoot, new Vector<float>(right[i..]) * HalfRoot);
            (a + b).CopyTo(left[i..]);
            (a - b).CopyTo(right[i..]);
        }

        for (; i < left.Length; i++)
            (left[i], right[i]) = (left[i] * HalfRoot + right[i] * HalfRoot, left[i] * HalfRoot - right[i] * HalfRoot);
    }
}
