using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace GenAI.Core.Indexing;

/// <summary>Turns directions into 4-bit codes, and says how far each direction is from its code.</summary>
/// <remarks>
/// A code <c>k</c> stands for <c>2 k - 15</c>, an odd number from -15 to 15; only its direction counts, so a row needs no scale for
/// reconstruction, and the step between codes is chosen for each row as the one that leaves the smallest angle. Not for concurrent use.
/// </remarks>
internal sealed class NibbleCoder(int dimensions)
{
    // Directions of many dimensions have components like a normal distribution's, for which the best of 16 even steps spans 2.6 or so
    // standard deviations to each side; of few dimensions, or poorly mixed ones, the largest component is the better guide.
    private static readonly float[] Spans = [2.3f, 2.6f, 2.9f];

    private readonly byte[] _codes = new byte[dimensions];

    public ReadOnlySpan<byte> Codes => _codes;

    /// <summary>Codes a direction.</summary>
    /// <param name="direction">The direction, of about unit length.</param>
    /// <param name="length">The length of the code's vector.</param>
    /// <returns>The cosine of the angle between the direction and its code, 0 to 1, as exact as double precision is.</returns>
    public double Encode(ReadOnlySpan<float> direction, out double length)
    {
        var largest = Math.Abs(TensorPrimitives.MaxMagnitude(direction));
        var best = largest;
        var bestFit = Fit(direction, 7.5f / largest);
        foreach (var span in Spans)
        {
            var end = span / MathF.Sqrt(direction.Length);
            if (end >= largest)
                continue;
            var fit = Fit(direction, 7.5f / end);
            if (fit > bestFit)
                (best, bestFit) = (end, fit);
        }

        return Write(direction, 7.5f / best, out length);
    }

    // The square of the cosine, but for the direction's length, which is the same for every step.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Fit(ReadOnlySpan<float> direction, float perUnit)
    {
        Vector<float> products = default, squares = default;
        var i = 0;
        for (; i <= direction.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var values = new Vector<float>(direction[i..]);
            var code = Vector.Min(Vector.Max(Vector.Floor(values * perUnit), new Vector<float>(-8f)), new Vector<float>(7f)) + new Vector<float>(0.5f);
            products += code * values;
            squares += code * code;
        }

        float product = Vector.Sum(products), square = Vector.Sum(squares);
        for (; i < direction.Length; i++)
        {
            var code = Math.Clamp(MathF.Floor(direction[i] * perUnit), -8, 7) + 0.5f;
            product += code * direction[i];
            square += code * code;
        }

        return product * product / square;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Write(ReadOnlySpan<float> direction, float perUnit, out double length)
    {
        double product = 0, norm = 0;
        var square = 0L;
        for (var i = 0; i < direction.Length; i++)
        {
            var code = (int)Math.Clamp(MathF.Floor(direction[i] * perUnit), -8, 7);
            _codes[i] = (byte)(code + 8);
            product += (2 * code + 1) * (double)direction[i];
            norm += (double)direction[i] * direction[i];
            square += (2 * code + 1) * (2 * code + 1);
        }

        length = Math.Sqrt(square);
        return product / (length * Math.Sqrt(norm));
    }
}
