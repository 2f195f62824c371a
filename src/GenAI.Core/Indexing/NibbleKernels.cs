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

    /// <summary>The inner products of eight queries, one after the other in memory, and the sixteen rows of a group, which is unpacked once for all.</summary>
    /// <param name="group">The group's codes, at a multiple of 64 bytes.</param>
    /// <param name="queries">The first query's codes; each is padded with zeros to whole steps.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="sums">Receives sixteen sums for each query.</param>
    public static void Dot8(byte* group, sbyte* queries, int steps, int* sums)
    {
        var length = steps * StepDimensions;
        if (Avx512BW.IsSupported)
        {
            Dot8x512(group, queries, steps, sums);
            return;
        }

        if (Avx2.IsSupported)
        {
            Dot4x256(group, queries, steps, sums);
            Dot4x256(group, queries + 4 * length, steps, sums + 4 * GroupRows);
            return;
        }

        for (var i = 0; i < 8; i++)
            Dot(group, queries + i * length, steps, sums + i * GroupRows);
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

    // What is known of eight queries fits in the registers, and unpacking codes takes a tenth of the operations. The first step of four starts the
    // sums of pairs: adding to zero would cost as much as adding.
    private static void Dot8x512(byte* group, sbyte* queries, int steps, int* sums)
    {
        var length = steps * StepDimensions;
        sbyte* query0 = queries, query1 = query0 + length, query2 = query1 + length, query3 = query2 + length, query4 = query3 + length, query5 = query4 + length, query6 = query5 + length, query7 = query6 + length;
        Vector512<int> sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default, sum6 = default, sum7 = default;
        var ones = Vector512.Create((short)1);
        for (var step = 0; step < steps;)
        {
            var (low, high) = Unpack(group + step * StepBytes);
            var at = step * StepDimensions;
            var pairs0 = Pairs(low, high, query0 + at);
            var pairs1 = Pairs(low, high, query1 + at);
            var pairs2 = Pairs(low, high, query2 + at);
            var pairs3 = Pairs(low, high, query3 + at);
            var pairs4 = Pairs(low, high, query4 + at);
            var pairs5 = Pairs(low, high, query5 + at);
            var pairs6 = Pairs(low, high, query6 + at);
            var pairs7 = Pairs(low, high, query7 + at);
            var end = Math.Min(step + StepsPerWidening, steps);
            for (step++; step < end; step++)
            {
                (low, high) = Unpack(group + step * StepBytes);
                at = step * StepDimensions;
                pairs0 += Pairs(low, high, query0 + at);
                pairs1 += Pairs(low, high, query1 + at);
                pairs2 += Pairs(low, high, query2 + at);
                pairs3 += Pairs(low, high, query3 + at);
                pairs4 += Pairs(low, high, query4 + at);
                pairs5 += Pairs(low, high, query5 + at);
                pairs6 += Pairs(low, high, query6 + at);
                pairs7 += Pairs(low, high, query7 + at);
            }

            sum0 += Avx512BW.MultiplyAddAdjacent(pairs0, ones);
            sum1 += Avx512BW.MultiplyAddAdjacent(pairs1, ones);
            sum2 += Avx512BW.MultiplyAddAdjacent(pairs2, ones);
            sum3 += Avx512BW.MultiplyAddAdjacent(pairs3, ones);
            sum4 += Avx512BW.MultiplyAddAdjacent(pairs4, ones);
            sum5 += Avx512BW.MultiplyAddAdjacent(pairs5, ones);
            sum6 += Avx512BW.MultiplyAddAdjacent(pairs6, ones);
            sum7 += Avx512BW.MultiplyAddAdjacent(pairs7, ones);
        }

        sum0.Store(sums);
        sum1.Store(sums + GroupRows);
        sum2.Store(sums + 2 * GroupRows);
        sum3.Store(sums + 3 * GroupRows);
        sum4.Store(sums + 4 * GroupRows);
        sum5.Store(sums + 5 * GroupRows);
        sum6.Store(sums + 6 * GroupRows);
        sum7.Store(sums + 7 * GroupRows);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector512<short> Pairs(Vector512<byte> low, Vector512<byte> high, sbyte* query) =>
            Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(*(int*)query).AsSByte()) +
            Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(*(int*)(query + 4)).AsSByte());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<byte> Low, Vector512<byte> High) Unpack(byte* bytes)
    {
        var halves = Vector512.Create((byte)15);
        var both = Vector512.Load(bytes);
        return (both & halves, (both.AsUInt16() >> 4).AsByte() & halves);
    }

    private static void Dot256(byte* group, sbyte* query, int steps, int* sums)
    {
        var halves = Vector256.Create((byte)15);
        var ones = Vector256.Create((short)1);
        for (var part = 0; part < GroupRows; part += 8, group += 32)
        {
            Vector256<int> sum = default;
            for (var step = 0; step < steps;)
            {
                Vector256<short> pairs = default;
                var end = Math.Min(step + StepsPerWidening, steps);
                for (; step < end; step++)
                {
                    var both = Vector256.Load(group + step * StepBytes);
                    pairs += Avx2.MultiplyAddAdjacent(both & halves, Vector256.Create(*(int*)(query + step * StepDimensions)).AsSByte());
                    pairs += Avx2.MultiplyAddAdjacent((both.AsUInt16() >> 4).AsByte() & halves, Vector256.Create(*(int*)(query + step * StepDimensions + 4)).AsSByte());
                }

                sum += Avx2.MultiplyAddAdjacent(pairs, ones);
            }

            sum.Store(sums + part);
        }
    }

    private static void Dot4x256(byte* group, sbyte* queries, int steps, int* sums)
    {
        var length = steps * StepDimensions;
        var (halves, ones) = (Vector256.Create((byte)15), Vector256.Create((short)1));
        for (var part = 0; part < GroupRows; part += 8, group += 32)
        {
            Vector256<int> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (var step = 0; step < steps;)
            {
                Vector256<short> pairs0 = default, pairs1 = default, pairs2 = default, pairs3 = default;
                var end = Math.Min(step + StepsPerWidening, steps);
                for (; step < end; step++)
                {
                    var both = Vector256.Load(group + step * StepBytes);
                    var (low, high) = (both & halves, (both.AsUInt16() >> 4).AsByte() & halves);
                    var query = queries + step * StepDimensions;
                    pairs0 += Pairs(low, high, query);
                    pairs1 += Pairs(low, high, query + length);
                    pairs2 += Pairs(low, high, query + 2 * length);
                    pairs3 += Pairs(low, high, query + 3 * length);
                }

                sum0 += Avx2.MultiplyAddAdjacent(pairs0, ones);
                sum1 += Avx2.MultiplyAddAdjacent(pairs1, ones);
                sum2 += Avx2.MultiplyAddAdjacent(pairs2, ones);
                sum3 += Avx2.MultiplyAddAdjacent(pairs3, ones);
            }

            sum0.Store(sums + part);
            sum1.Store(sums + GroupRows + part);
            sum2.Store(sums + 2 * GroupRows + part);
            sum3.Store(sums + 3 * GroupRows + part);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<short> Pairs(Vector256<byte> low, Vector256<byte> high, sbyte* query) =>
            Avx2.MultiplyAddAdjacent(low, Vector256.Create(*(int*)query).AsSByte()) +
            Avx2.MultiplyAddAdjacent(high, Vector256.Create(*(int*)(query + 4)).AsSByte());
    }

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
