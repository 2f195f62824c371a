using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Indexing;

/// <summary>What is summed up over the components of two vectors; zero where both components are.</summary>
internal interface ILaneTerm
{
    static abstract Vector512<float> Of(Vector512<float> left, Vector512<float> right);

    static abstract Vector256<float> Of(Vector256<float> left, Vector256<float> right);

    static abstract Vector128<float> Of(Vector128<float> left, Vector128<float> right);

    static abstract float Of(float left, float right);
}

/// <summary>
/// Sums over the components of two vectors, the same to the last bit on every processor: component <c>i</c> goes to lane <c>i % 32</c>
/// whatever the width of the registers, the lanes are added in halves, and products are rounded before they are added.
/// </summary>
/// <remarks>A sum of <c>d</c> terms goes through <c>d / 32 + 6</c> additions at most, so it errs less than a plain loop.</remarks>
internal static class LaneSums
{
    /// <summary>Partial sums: enough for registers of any width to hide the latency of an addition.</summary>
    private const int Lanes = 32;

    /// <summary>The sum of a term over two vectors of the same length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum<TTerm>(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
        where TTerm : struct, ILaneTerm
    {
        Debug.Assert(left.Length == right.Length, "internal callers have checked the lengths");
        ref var a = ref MemoryMarshal.GetReference(left);
        ref var b = ref MemoryMarshal.GetReference(right);
        if (Vector512.IsHardwareAccelerated)
            return Sum512<TTerm>(ref a, ref b, left.Length);
        if (Vector256.IsHardwareAccelerated)
            return Sum256<TTerm>(ref a, ref b, left.Length);
        return Vector128.IsHardwareAccelerated ? Sum128<TTerm>(ref a, ref b, left.Length) : SumScalar<TTerm>(ref a, ref b, left.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum512<TTerm>(ref float a, ref float b, int length)
        where TTerm : struct, ILaneTerm
    {
        Vector512<float> sum0 = default, sum1 = default;
        nuint i = 0, whole = (nuint)(length & -Lanes);
        for (; i < whole; i += Lanes)
        {
            sum0 += TTerm.Of(Vector512.LoadUnsafe(ref a, i), Vector512.LoadUnsafe(ref b, i));
            sum1 += TTerm.Of(Vector512.LoadUnsafe(ref a, i + 16), Vector512.LoadUnsafe(ref b, i + 16));
        }

        if (i < (nuint)length)
        {
            Rest left = default, right = default;
            ref var c = ref Fill(ref left, ref a, i, length);
            ref var d = ref Fill(ref right, ref b, i, length);
            sum0 += TTerm.Of(Vector512.LoadUnsafe(ref c), Vector512.LoadUnsafe(ref d));
            sum1 += TTerm.Of(Vector512.LoadUnsafe(ref c, 16), Vector512.LoadUnsafe(ref d, 16));
        }

        var sum = sum0 + sum1;
        return Fold(sum.GetLower() + sum.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum256<TTerm>(ref float a, ref float b, int length)
        where TTerm : struct, ILaneTerm
    {
        Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        nuint i = 0, whole = (nuint)(length & -Lanes);
        for (; i < whole; i += Lanes)
        {
            sum0 += TTerm.Of(Vector256.LoadUnsafe(ref a, i), Vector256.LoadUnsafe(ref b, i));
            sum1 += TTerm.Of(Vector256.LoadUnsafe(ref a, i + 8), Vector256.LoadUnsafe(ref b, i + 8));
            sum2 += TTerm.Of(Vector256.LoadUnsafe(ref a, i + 16), Vector256.LoadUnsafe(ref b, i + 16));
            sum3 += TTerm.Of(Vector256.LoadUnsafe(ref a, i + 24), Vector256.LoadUnsafe(ref b, i + 24));
        }

        if (i < (nuint)length)
        {
            Rest left = default, right = default;
            ref var c = ref Fill(ref left, ref a, i, length);
            ref var d = ref Fill(ref right, ref b, i, length);
            sum0 += TTerm.Of(Vector256.LoadUnsafe(ref c), Vector256.LoadUnsafe(ref d));
            sum1 += TTerm.Of(Vector256.LoadUnsafe(ref c, 8), Vector256.LoadUnsafe(ref d, 8));
            sum2 += TTerm.Of(Vector256.LoadUnsafe(ref c, 16), Vector256.LoadUnsafe(ref d, 16));
            sum3 += TTerm.Of(Vector256.LoadUnsafe(ref c, 24), Vector256.LoadUnsafe(ref d, 24));
        }

        return Fold((sum0 + sum2) + (sum1 + sum3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe float Sum128<TTerm>(ref float a, ref float b, int length)
        where TTerm : struct, ILaneTerm
    {
        Vector128<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default, sum6 = default, sum7 = default;
        nuint i = 0, whole = (nuint)(length & -Lanes);
        Rest left = default, right = default;
        while (true)
        {
            for (; i < whole; i += Lanes)
            {
                sum0 += TTerm.Of(Vector128.LoadUnsafe(ref a, i), Vector128.LoadUnsafe(ref b, i));
                sum1 += TTerm.Of(Vector128.LoadUnsafe(ref a, i + 4), Vector128.LoadUnsafe(ref b, i + 4));
                sum2 += TTerm.Of(Vector128.LoadUnsafe(ref a, i + 8), Vector128.LoadUnsafe(ref b, i + 8));
                sum3 += TTerm.Of(Vector128.LoadUnsafe(ref a, i + 12), Vector128.LoadUnsafe(ref b, i + 12));
                sum4 += TTerm.Of(Vector128.LoadUnsafe(ref a, i + 16), Vector128.LoadUnsafe(ref b, i + 16));
                sum5 += TTerm.Of(Vector128.LoadUnsafe(ref a, i + 20), Vector128.LoadUnsafe(ref b, i + 20));
                sum6 += TTerm.Of(Vector128.LoadUnsafe(ref a, i + 24), Vector128.LoadUnsafe(ref b, i + 24));
                sum7 += TTerm.Of(Vector128.LoadUnsafe(ref a, i + 28), Vector128.LoadUnsafe(ref b, i + 28));
            }

            if (i >= (nuint)length)
                break;

            // Once more, through the rest padded with zeros, which is on the stack.
            ref var c = ref Fill(ref left, ref a, i, length);
            ref var d = ref Fill(ref right, ref b, i, length);
            a = ref Unsafe.AsRef<float>(Unsafe.AsPointer(ref c));
            b = ref Unsafe.AsRef<float>(Unsafe.AsPointer(ref d));
            (i, whole, length) = (0, Lanes, Lanes);
        }

        var (low, high) = ((sum0 + sum4) + (sum2 + sum6), (sum1 + sum5) + (sum3 + sum7));
        return Fold(low + high);
    }

    private static float SumScalar<TTerm>(ref float a, ref float b, int length)
        where TTerm : struct, ILaneTerm
    {
        Rest lanes = default;
        Span<float> sums = lanes;
        for (var i = 0; i < length; i++)
            sums[i % Lanes] += TTerm.Of(Unsafe.Add(ref a, i), Unsafe.Add(ref b, i));
        for (var half = Lanes / 2; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++)
                sums[i] += sums[i + half];
        }

        return sums[0];
    }

    private static ref float Fill(ref Rest rest, ref float values, nuint first, int length)
    {
        Span<float> lanes = rest;
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref values, first), length - (int)first).CopyTo(lanes);
        return ref Unsafe.As<Rest, float>(ref rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fold(Vector256<float> sums) => Fold(sums.GetLower() + sums.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fold(Vector128<float> sums) => (sums.GetElement(0) + sums.GetElement(2)) + (sums.GetElement(1) + sums.GetElement(3));

    [InlineArray(Lanes)]
    private struct Rest
    {
        private float _first;
    }
}
