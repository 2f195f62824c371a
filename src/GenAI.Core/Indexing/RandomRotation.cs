using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

    // Sums and differences at all distances, two distances at a time where possible, so that each value is read and written half as often.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transform(Span<float> part)
    {
        if (part.Length < Vector256<float>.Count)
        {
            foreach (ref var value in part)
                value *= _scale;
            for (var distance = 1; distance < part.Length; distance *= 2)
            {
                for (var first = 0; first < part.Length; first += 2 * distance)
                    Cross(part.Slice(first, distance), part.Slice(first + distance, distance));
            }

            return;
        }

        TransformEights(part, _scale);
        var reached = Vector256<float>.Count;
        for (; 4 * reached <= part.Length; reached *= 4)
        {
            for (var first = 0; first < part.Length; first += 4 * reached)
                CrossFour(part.Slice(first, 4 * reached), reached);
        }

        if (reached < part.Length)
            CrossEights(part, reached);
    }

    // The three shortest distances, within a register; the scale goes along.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformEights(Span<float> part, float scale)
    {
        var (signs1, signs2, signs4) = (Vector256.Create(1f, -1, 1, -1, 1, -1, 1, -1), Vector256.Create(1f, 1, -1, -1, 1, 1, -1, -1), Vector256.Create(1f, 1, 1, 1, -1, -1, -1, -1));
        for (var i = 0; i < part.Length; i += Vector256<float>.Count)
        {
            var eight = Vector256.Create<float>(part.Slice(i, Vector256<float>.Count)) * scale;
            eight = Vector256.Shuffle(eight, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6)) + eight * signs1;
            eight = Vector256.Shuffle(eight, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5)) + eight * signs2;
            eight = Vector256.Shuffle(eight, Vector256.Create(4, 5, 6, 7, 0, 1, 2, 3)) + eight * signs4;
            eight.CopyTo(part[i..]);
        }
    }

    // Two distances: of the first half of a part against the second of each half, and then of the halves.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CrossFour(Span<float> part, int distance)
    {
        ref var start = ref MemoryMarshal.GetReference(part);
        for (nuint i = 0; i < (nuint)distance; i += (nuint)Vector256<float>.Count)
        {
            ref var at = ref Unsafe.Add(ref start, i);
            var step = (nuint)distance;
            var (a, b, c, d) = (Vector256.LoadUnsafe(ref at), Vector256.LoadUnsafe(ref at, step), Vector256.LoadUnsafe(ref at, 2 * step), Vector256.LoadUnsafe(ref at, 3 * step));
            (a, b, c, d) = (a + b, a - b, c + d, c - d);
            (a + c).StoreUnsafe(ref at);
            (b + d).StoreUnsafe(ref at, step);
            (a - c).StoreUnsafe(ref at, 2 * step);
            (b - d).StoreUnsafe(ref at, 3 * step);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CrossEights(Span<float> part, int distance)
    {
        ref var start = ref MemoryMarshal.GetReference(part);
        for (nuint i = 0; i < (nuint)distance; i += (nuint)Vector256<float>.Count)
        {
            ref var at = ref Unsafe.Add(ref start, i);
            var (a, b) = (Vector256.LoadUnsafe(ref at), Vector256.LoadUnsafe(ref at, (nuint)distance));
            (a + b).StoreUnsafe(ref at);
            (a - b).StoreUnsafe(ref at, (nuint)distance);
        }
    }

    private static void Cross(Span<float> left, Span<float> right)
    {
        for (var i = 0; i < left.Length; i++)
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
