using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GenAI.Core.Indexing;

/// <summary>
/// Inner products of a query of 8-bit codes with sixteen rows of 4-bit codes at once. The sums are exact, and the same on every processor.
/// </summary>
/// <remarks>
/// <para>
/// Sixteen rows are a group: 64 bytes hold eight dimensions of each, four bytes for a row. The low halves of a row's bytes are dimensions
/// 0 to 3 and the high halves 4 to 7, so eight bytes of the query, in their natural order, are broadcast against them. Each 32-bit lane
/// sums up its own row: nothing is added across lanes, and what follows is done for sixteen rows at once as well.
/// </para>
/// <para>
/// Rows' codes are 0..15 and the query's -127..127: eight products of pairs, 8 * 2 * 15 * 127 = 30,480, fit in 16 bits, so sums are
/// widened every fourth step only.
/// </para>
/// </remarks>
internal static unsafe class NibbleKernels
{
    public const int GroupRows = 16;
    public const int StepDimensions = 8;
    public const int StepBytes = 64;

    /// <summary>The largest code of a query, and less zero the smallest.</summary>
    public const int MaxQueryCode = 127;

    private const int StepsPerWidening = 4;

    // A page ahead: the processor's own prefetcher stops at its end.
    private const int PrefetchBytes = 4096;

    /// <summary>The number of steps of eight dimensions that a row takes.</summary>
    public static int Steps(int dimensions) => (dimensions + StepDimensions - 1) / StepDimensions;

    /// <summary>Writes one row's codes, each 0..15, into its group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(byte* group, int row, ReadOnlySpan<byte> codes)
    {
        for (var first = 0; first < codes.Length; first += StepDimensions)
        {
            var bytes = group + first / StepDimensions * StepBytes + row * 4;
            for (var i = 0; i < 4; i++)
            {
                var low = first + i < codes.Length ? codes[first + i] : 0;
                var high = first + 4 + i < codes.Length ? codes[first + 4 + i] : 0;
                bytes[i] = (byte)(low | high << 4);
            }
        }
    }

    /// <summary>The inner products of one query and the sixteen rows of a group.</summary>
    /// <param name="group">The group's codes, at a multiple of 64 bytes.</param>
    /// <param name="query">The query's codes, padded with zeros to whole steps.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="sums">Receives sixteen sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Dot(byte* group, sbyte* query, int steps, int* sums)
    {
        if (Avx512BW.IsSupported)
            Dot512(group, query, steps).Store(sums);
        else if (Avx2.IsSupported)
            Dot256(group, query, steps, sums);
        else if (Ssse3.IsSupported)
            Dot128(group, query, steps, sums);
        else if (Vector128.IsHardwareAccelerated)
            DotPortable(group, query, steps, sums);
        else
            DotScalar(group, query, steps, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Dot512(byte* group, sbyte* query, int steps)
    {
        Vector512<int> sum = default;
        var ones = Vector512.Create((short)1);
        var step = 0;
        for (; step + StepsPerWidening <= steps; step += StepsPerWidening)
        {
            var pairs = Pairs(group, query) + Pairs(group + StepBytes, query + StepDimensions);
            pairs += Pairs(group + 2 * StepBytes, query + 2 * StepDimensions) + Pairs(group + 3 * StepBytes, query + 3 * StepDimensions);
            sum += Avx512BW.MultiplyAddAdjacent(pairs, ones);
            group += StepsPerWidening * StepBytes;
            query += StepsPerWidening * StepDimensions;
        }

        for (; step < steps; step++, group += StepBytes, query += StepDimensions)
            sum += Avx512BW.MultiplyAddAdjacent(Pairs(group, query), ones);
        return sum;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector512<short> Pairs(byte* group, sbyte* query)
        {
            Sse.Prefetch0(group + PrefetchBytes);
            var (low, high) = Unpack(group);
            return Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(*(int*)query).AsSByte()) +
                Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(*(int*)(query + 4)).AsSByte());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<byte> Low, Vector512<byte> High) Unpack(byte* bytes)
    {
        var halves = Vector512.Create((byte)15);
        var both = Vector512.Load(bytes);
        return (both & halves, (both.AsUInt16() >> 4).AsByte() & halves);
    }

    // All sixteen rows in one go, in the order that they lie in memory.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dot256(byte* group, sbyte* query, int steps, int* sums)
    {
        var (halves, ones) = (Vector256.Create((byte)15), Vector256.Create((short)1));
        Vector256<int> frontSum = default, backSum = default;
        for (var step = 0; step < steps;)
        {
            Vector256<short> front = default, back = default;
            for (var end = Math.Min(step + StepsPerWidening, steps); step < end; step++, group += StepBytes, query += StepDimensions)
            {
                Sse.Prefetch0(group + PrefetchBytes);
                var (first, second) = (Vector256.Load(group), Vector256.Load(group + 32));
                var codes = Vector256.Create(*(int*)query).AsSByte();
                front += Avx2.MultiplyAddAdjacent(first & halves, codes);
                back += Avx2.MultiplyAddAdjacent(second & halves, codes);
                codes = Vector256.Create(*(int*)(query + 4)).AsSByte();
                front += Avx2.MultiplyAddAdjacent((first.AsUInt16() >> 4).AsByte() & halves, codes);
                back += Avx2.MultiplyAddAdjacent((second.AsUInt16() >> 4).AsByte() & halves, codes);
            }

            frontSum += Avx2.MultiplyAddAdjacent(front, ones);
            backSum += Avx2.MultiplyAddAdjacent(back, ones);
        }

        frontSum.Store(sums);
        backSum.Store(sums + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dot128(byte* group, sbyte* query, int steps, int* sums)
    {
        var halves = Vector128.Create((byte)15);
        var ones = Vector128.Create((short)1);
        for (var part = 0; part < GroupRows; part += 4, group += 16)
        {
            Vector128<int> sum = default;
            for (var step = 0; step < steps;)
            {
                Vector128<short> pairs = default;
                var end = Math.Min(step + StepsPerWidening, steps);
                for (; step < end; step++)
                {
                    var both = Vector128.Load(group + step * StepBytes);
                    pairs += Ssse3.MultiplyAddAdjacent(both & halves, Vector128.Create(*(int*)(query + step * StepDimensions)).AsSByte());
                    pairs += Ssse3.MultiplyAddAdjacent((both.AsUInt16() >> 4).AsByte() & halves, Vector128.Create(*(int*)(query + step * StepDimensions + 4)).AsSByte());
                }

                sum += Sse2.MultiplyAddAdjacent(pairs, ones);
            }

            sum.Store(sums + part);
        }
    }

    // Four rows at a time, four dimensions of each; a lane of 16 bits adds two products, each at most 15 * 127, in a step: eight steps fit.
    internal static void DotPortable(byte* group, sbyte* query, int steps, int* sums)
    {
        const int StepsPerLane = 8;
        var halves = Vector128.Create((byte)15);
        for (var part = 0; part < GroupRows; part += 4, group += 16)
        {
            Vector128<int> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (var step = 0; step < steps;)
            {
                Vector128<short> first = default, second = default;
                var end = Math.Min(step + StepsPerLane, steps);
                for (; step < end; step++)
                {
                    var both = Vector128.Load(group + step * StepBytes);
                    var (low, high) = ((both & halves).AsSByte(), (both >>> 4).AsSByte());
                    var front = Vector128.WidenLower(Vector128.Create(*(int*)(query + step * StepDimensions)).AsSByte());
                    var back = Vector128.WidenLower(Vector128.Create(*(int*)(query + step * StepDimensions + 4)).AsSByte());
                    first += Vector128.WidenLower(low) * front + Vector128.WidenLower(high) * back;
                    second += Vector128.WidenUpper(low) * front + Vector128.WidenUpper(high) * back;
                }

                sum0 += Vector128.WidenLower(first);
                sum1 += Vector128.WidenUpper(first);
                sum2 += Vector128.WidenLower(second);
                sum3 += Vector128.WidenUpper(second);
            }

            sums[part] = Vector128.Sum(sum0);
            sums[part + 1] = Vector128.Sum(sum1);
            sums[part + 2] = Vector128.Sum(sum2);
            sums[part + 3] = Vector128.Sum(sum3);
        }
    }

    private static void DotScalar(byte* group, sbyte* query, int steps, int* sums)
    {
        new Span<int>(sums, GroupRows).Clear();
        for (var step = 0; step < steps; step++, query += StepDimensions)
        {
            for (var row = 0; row < GroupRows; row++)
            {
                for (var i = 0; i < 4; i++)
                {
                    var both = *group++;
                    sums[row] += (both & 15) * query[i] + (both >> 4) * query[4 + i];
                }
            }
        }
    }
}
