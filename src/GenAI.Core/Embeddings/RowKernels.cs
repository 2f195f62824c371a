using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Embeddings;

/// <summary>Adds rows to sums. Each component is a sum of its own, in the order of the calls, a product rounded before it is added: the width of the vectors makes no difference to a bit.</summary>
internal static unsafe class RowKernels
{
    /// <summary>Adds <paramref name="multiplier"/> times each of <paramref name="length"/> codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(sbyte* row, int length, float multiplier, float* sums)
    {
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var factor = Vector256.Create(multiplier);
            for (; i + Vector256<sbyte>.Count <= length; i += Vector256<sbyte>.Count)
            {
                var (low, high) = Vector256.Widen(Vector256.Load(row + i));
                AddWide(low, factor, sums + i);
                AddWide(high, factor, sums + i + Vector256<short>.Count);
            }
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            var factor = Vector128.Create(multiplier);
            for (; i + Vector128<sbyte>.Count <= length; i += Vector128<sbyte>.Count)
            {
                var (low, high) = Vector128.Widen(Vector128.Load(row + i));
                AddWide(low, factor, sums + i);
                AddWide(high, factor, sums + i + Vector128<short>.Count);
            }
        }

        for (; i < length; i++)
            sums[i] += multiplier * row[i];
    }

    /// <summary>Adds <paramref name="multiplier"/> times each of <paramref name="length"/> values, which need not be aligned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* row, int length, float multiplier, float* sums)
    {
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var factor = Vector256.Create(multiplier);
            for (; i + Vector256<float>.Count <= length; i += Vector256<float>.Count)
                (Vector256.Load(sums + i) + factor * Vector256.Load(row + i)).Store(sums + i);
        }

        for (; i < length; i++)
            sums[i] += multiplier * Unsafe.ReadUnaligned<float>(row + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddWide(Vector256<short> codes, Vector256<float> factor, float* sums)
    {
        var (low, high) = Vector256.Widen(codes);
        (Vector256.Load(sums) + factor * Vector256.ConvertToSingle(low)).Store(sums);
        (Vector256.Load(sums + 8) + factor * Vector256.ConvertToSingle(high)).Store(sums + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddWide(Vector128<short> codes, Vector128<float> factor, float* sums)
    {
        var (low, high) = Vector128.Widen(codes);
        (Vector128.Load(sums) + factor * Vector128.ConvertToSingle(low)).Store(sums);
        (Vector128.Load(sums + 4) + factor * Vector128.ConvertToSingle(high)).Store(sums + 4);
    }
}
