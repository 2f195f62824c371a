using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GenAI.Core.Indexing;

/// <summary>
/// Inner products of 8-bit codes. Every code is in -127..127 and rows are padded with zeros to a multiple of <see cref="Stride"/>,
/// so the sums are exact in 32 bits up to 133,000 components, and the same on every processor.
/// </summary>
/// <remarks>
/// A query is compared with many rows, so it is widened once (<see cref="Widen"/>); that leaves one widening load, one
/// multiply-add of pairs and one addition for 32 components of a row. Rows should start at a multiple of 64 bytes.
/// </remarks>
internal static unsafe class ByteKernels
{
    /// <summary>What the length of a row is a multiple of: a cache line, and the widest register.</summary>
    public const int Stride = 64;

    /// <summary>The room that a row of so many components takes.</summary>
    public static int Padded(int dimensions) => (dimensions + Stride - 1) / Stride * Stride;

    /// <summary>Makes of a padded row of codes the form that the kernels take a query in.</summary>
    public static void Widen(sbyte* codes, short* query, int length)
    {
        for (var i = 0; i < length; i++)
            query[i] = codes[i];
    }

    /// <summary>The inner product of a widened query and a row.</summary>
    /// <param name="query">The query, as <see cref="Widen"/> wrote it.</param>
    /// <param name="row">The row.</param>
    /// <param name="length">The padded length of both.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(short* query, sbyte* row, int length)
    {
        if (Avx512BW.IsSupported)
        {
            Vector512<int> even = default, odd = default;
            for (var i = 0; i < length; i += 64)
            {
                even += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(row + i)), Vector512.Load(query + i));
                odd += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(row + i + 32)), Vector512.Load(query + i + 32));
            }

            return Vector512.Sum(even + odd);
        }

        if (Avx2.IsSupported)
        {
            Vector256<int> even = default, odd = default;
            for (var i = 0; i < length; i += 32)
            {
                even += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row + i), Vector256.Load(query + i));
                odd += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row + i + 16), Vector256.Load(query + i + 16));
            }

            return Vector256.Sum(even + odd);
        }

        return Vector128.IsHardwareAccelerated ? Dot128(query, row, length) : DotScalar(query, row, length);
    }

    /// <summary>The inner products of a widened query and four rows, which share the loads of the query and the summing up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Dot4(short* query, sbyte* row0, sbyte* row1, sbyte* row2, sbyte* row3, int length)
    {
        if (Avx512BW.IsSupported)
        {
            Vector512<int> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (var i = 0; i < length; i += 32)
            {
                var part = Vector512.Load(query + i);
                sum0 += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(row0 + i)), part);
                sum1 += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(row1 + i)), part);
                sum2 += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(row2 + i)), part);
                sum3 += Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.Load(row3 + i)), part);
            }

            return Sums(Fold(sum0), Fold(sum1), Fold(sum2), Fold(sum3));
        }

        if (Avx2.IsSupported)
        {
            Vector256<int> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (var i = 0; i < length; i += 16)
            {
                var part = Vector256.Load(query + i);
                sum0 += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row0 + i), part);
                sum1 += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row1 + i), part);
                sum2 += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row2 + i), part);
                sum3 += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row3 + i), part);
            }

            return Sums(sum0, sum1, sum2, sum3);
        }

        return Vector128.Create(Dot(query, row0, length), Dot(query, row1, length), Dot(query, row2, length), Dot(query, row3, length));
    }

    /// <summary>The inner product of two rows, neither of them widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(sbyte* left, sbyte* right, int length)
    {
        if (Avx512BW.IsSupported)
        {
            Vector512<int> even = default, odd = default;
            for (var i = 0; i < length; i += 64)
            {
                even += Avx512BW.MultiplyAddAdjacent(
                    Avx512BW.ConvertToVector512Int16(Vector256.Load(left + i)), Avx512BW.ConvertToVector512Int16(Vector256.Load(right + i)));
                odd += Avx512BW.MultiplyAddAdjacent(
                    Avx512BW.ConvertToVector512Int16(Vector256.Load(left + i + 32)), Avx512BW.ConvertToVector512Int16(Vector256.Load(right + i + 32)));
            }

            return Vector512.Sum(even + odd);
        }

        if (Avx2.IsSupported)
        {
            Vector256<int> sum = default;
            for (var i = 0; i < length; i += 16)
                sum += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(left + i), Avx2.ConvertToVector256Int16(right + i));
            return Vector256.Sum(sum);
        }

        if (!Vector128.IsHardwareAccelerated)
            return DotScalar(left, right, length);

        Vector128<int> total = default;
        for (var i = 0; i < length; i += 16)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(left + i));
            total = AddProducts(total, low, high, Vector128.Load(right + i));
        }

        return Vector128.Sum(total);
    }

    private static int Dot128(short* query, sbyte* row, int length)
    {
        Vector128<int> sum = default;
        for (var i = 0; i < length; i += 16)
            sum = AddProducts(sum, Vector128.Load(query + i), Vector128.Load(query + i + 8), Vector128.Load(row + i));
        return Vector128.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> AddProducts(Vector128<int> sum, Vector128<short> low, Vector128<short> high, Vector128<sbyte> codes)
    {
        var (first, second) = Vector128.Widen(codes);
        if (Sse2.IsSupported)
            return sum + Sse2.MultiplyAddAdjacent(first, low) + Sse2.MultiplyAddAdjacent(second, high);

        // Two products of at most 127 * 127 fit in 16 bits.
        var (left, right) = Vector128.Widen(first * low + second * high);
        return sum + left + right;
    }

    private static int DotScalar(short* query, sbyte* row, int length)
    {
        var sum = 0;
        for (var i = 0; i < length; i++)
            sum += query[i] * row[i];
        return sum;
    }

    private static int DotScalar(sbyte* left, sbyte* right, int length)
    {
        var sum = 0;
        for (var i = 0; i < length; i++)
            sum += left[i] * right[i];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Fold(Vector512<int> sums) => sums.GetLower() + sums.GetUpper();

    /// <summary>The sum of each of four registers, by three pairwise additions instead of four reductions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Sums(Vector256<int> sum0, Vector256<int> sum1, Vector256<int> sum2, Vector256<int> sum3)
    {
        var sums = Avx2.HorizontalAdd(Avx2.HorizontalAdd(sum0, sum1), Avx2.HorizontalAdd(sum2, sum3));
        return sums.GetLower() + sums.GetUpper();
    }
}
