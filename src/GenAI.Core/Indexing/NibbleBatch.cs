using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GenAI.Core.Indexing;

/// <summary>
/// The sums of <see cref="NibbleKernels"/> for many queries and one group, which is unpacked once for all of them.
/// </summary>
/// <remarks>
/// Adding products costs as much as multiplying, and widening them more, so 24 steps are summed up in 16 bits, which wrap around on
/// the way. That is harmless where the sum of a stretch fits: products of codes 0 to 15 lie in a range that the query alone
/// tells. Each sum starts so that its range is that of 16 signed bits, and what it started from is taken off at the end.
/// </remarks>
internal static unsafe class NibbleBatch
{
    /// <summary>Queries that are compared with a group at once.</summary>
    public const int Queries = 8;

    /// <summary>Bytes of an unpacked step.</summary>
    public const int UnpackedBytes = 2 * NibbleKernels.StepBytes;

    private const int StretchSteps = 24;
    private const int MaxRowCode = 15;

    /// <summary>Bytes from one query to the next: its codes, behind them what its sums start from, and behind that its test.</summary>
    public static int QueryBytes(int steps) => TestOffset(steps) + sizeof(SumTest);

    /// <summary>Where a query's test is.</summary>
    public static int TestOffset(int steps) => steps * NibbleKernels.StepDimensions + (1 + Stretches(steps)) * sizeof(int);

    /// <summary>Writes what sums start from behind a query's codes.</summary>
    /// <returns>Whether every stretch fits 16 bits; if not, the codes must be smaller.</returns>
    public static bool TryStart(sbyte* query, int steps)
    {
        // Of a row's four bytes the first two are added in one lane and the others in the next.
        const int Lanes = 2;
        var starts = (int*)(query + steps * NibbleKernels.StepDimensions);
        starts[0] = 0;
        for (var stretch = 0; stretch < Stretches(steps); stretch++)
        {
            var first = stretch * StretchSteps * NibbleKernels.StepDimensions;
            var end = Math.Min(steps * NibbleKernels.StepDimensions, first + StretchSteps * NibbleKernels.StepDimensions);
            var start = 0;
            for (var lane = 0; lane < Lanes; lane++)
            {
                var (range, below) = (0, 0);
                for (var i = first; i < end; i++)
                {
                    if ((i >> 1) % Lanes != lane)
                        continue;
                    range += Math.Abs((int)query[i]);
                    below += Math.Max(0, -query[i]);
                }

                if (range * MaxRowCode > ushort.MaxValue)
                    return false;
                var middle = short.MaxValue + 1 - below * MaxRowCode;
                starts[0] += middle;
                start |= (-middle & ushort.MaxValue) << (16 * lane);
            }

            starts[1 + stretch] = start;
        }

        return true;
    }

    /// <summary>Gives each code of a group a byte of its own, where <see cref="Dot"/> wants it so.</summary>
    /// <param name="group">The group's codes.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="unpacked">Receives <see cref="UnpackedBytes"/> for each step: the low halves of the sixteen rows, then the high ones.</param>
    public static void Unpack(byte* group, int steps, byte* unpacked)
    {
        if (!Avx2.IsSupported)
            return;
        var halves = Vector256.Create((byte)15);
        for (var end = group + (long)steps * NibbleKernels.StepBytes; group < end; group += NibbleKernels.StepBytes, unpacked += UnpackedBytes)
        {
            var (front, back) = (Vector256.Load(group), Vector256.Load(group + 32));
            (front & halves).Store(unpacked);
            (back & halves).Store(unpacked + 32);
            ((front.AsUInt16() >> 4).AsByte() & halves).Store(unpacked + 64);
            ((back.AsUInt16() >> 4).AsByte() & halves).Store(unpacked + 96);
        }
    }

    /// <summary>The inner products of up to eight queries, one after the other in memory, and the sixteen rows of a group.</summary>
    /// <param name="group">The group's codes.</param>
    /// <param name="unpacked">The same, unpacked.</param>
    /// <param name="queries">The first query, <see cref="QueryBytes"/> from each to the next; there are eight whatever the count.</param>
    /// <param name="count">How many of them count, 1 to 8.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="sums">Receives sixteen sums for each query; there is room for eight.</param>
    public static void Dot(byte* group, byte* unpacked, sbyte* queries, int count, int steps, int* sums)
    {
        var bytes = QueryBytes(steps);
        if (Avx512BW.IsSupported)
        {
            Dot8x512(unpacked, queries, steps, sums);
        }
        else if (Avx2.IsSupported)
        {
            Dot4x256(unpacked, queries, steps, sums);
            if (count > Queries / 2)
                Dot4x256(unpacked, queries + Queries / 2 * bytes, steps, sums + Queries / 2 * NibbleKernels.GroupRows);
        }
        else
        {
            for (var i = 0; i < count; i++)
                NibbleKernels.Dot(group, queries + i * bytes, steps, sums + i * NibbleKernels.GroupRows);
        }
    }

    /// <summary>Asks for a part of a group that comes next: all of it at once would have to wait.</summary>
    public static void Prefetch(byte* group, int bytes, int part, int parts)
    {
        if (!Sse.IsSupported)
            return;
        const int Line = 64;
        var lines = (bytes + Line - 1) / Line;
        for (var line = lines * part / parts; line < lines * (part + 1) / parts; line++)
            Sse.Prefetch0(group + line * Line);
    }

    private static int Stretches(int steps) => (steps + StretchSteps - 1) / StretchSteps;

    private static void Dot8x512(byte* unpacked, sbyte* queries, int steps, int* sums)
    {
        var (bytes, length) = (QueryBytes(steps), steps * NibbleKernels.StepDimensions);
        sbyte* query0 = queries, query1 = query0 + bytes, query2 = query1 + bytes, query3 = query2 + bytes, query4 = query3 + bytes, query5 = query4 + bytes, query6 = query5 + bytes, query7 = query6 + bytes;
        for (var i = 0; i < Queries; i++)
            Vector512.Create(*(int*)(queries + i * bytes + length)).Store(sums + i * NibbleKernels.GroupRows);
        for (int step = 0, start = length + sizeof(int); step < steps; start += sizeof(int))
        {
            Vector512<short> pairs0 = Start(query0 + start), pairs1 = Start(query1 + start), pairs2 = Start(query2 + start), pairs3 = Start(query3 + start);
            Vector512<short> pairs4 = Start(query4 + start), pairs5 = Start(query5 + start), pairs6 = Start(query6 + start), pairs7 = Start(query7 + start);
            for (var end = Math.Min(step + StretchSteps, steps); step < end; step++, unpacked += UnpackedBytes)
            {
                var (low, high) = (Vector512.Load(unpacked), Vector512.Load(unpacked + 64));
                var at = step * NibbleKernels.StepDimensions;
                pairs0 += Pairs(low, high, query0 + at);
                pairs1 += Pairs(low, high, query1 + at);
                pairs2 += Pairs(low, high, query2 + at);
                pairs3 += Pairs(low, high, query3 + at);
                pairs4 += Pairs(low, high, query4 + at);
                pairs5 += Pairs(low, high, query5 + at);
                pairs6 += Pairs(low, high, query6 + at);
                pairs7 += Pairs(low, high, query7 + at);
            }

            Add(pairs0, sums);
            Add(pairs1, sums + NibbleKernels.GroupRows);
            Add(pairs2, sums + 2 * NibbleKernels.GroupRows);
            Add(pairs3, sums + 3 * NibbleKernels.GroupRows);
            Add(pairs4, sums + 4 * NibbleKernels.GroupRows);
            Add(pairs5, sums + 5 * NibbleKernels.GroupRows);
            Add(pairs6, sums + 6 * NibbleKernels.GroupRows);
            Add(pairs7, sums + 7 * NibbleKernels.GroupRows);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector512<short> Start(sbyte* start) => Vector512.Create(*(int*)start).AsInt16();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector512<short> Pairs(Vector512<byte> low, Vector512<byte> high, sbyte* query) =>
            Avx512BW.MultiplyAddAdjacent(low, Vector512.Create(*(int*)query).AsSByte()) +
            Avx512BW.MultiplyAddAdjacent(high, Vector512.Create(*(int*)(query + 4)).AsSByte());

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Add(Vector512<short> pairs, int* sums) =>
            (Vector512.Load(sums) + Avx512BW.MultiplyAddAdjacent(pairs, Vector512.Create((short)1))).Store(sums);
    }

    // Four queries and two halves of the rows: each broadcast of a query's codes serves two products, and all sums stay in registers.
    private static void Dot4x256(byte* unpacked, sbyte* queries, int steps, int* sums)
    {
        var (bytes, length) = (QueryBytes(steps), steps * NibbleKernels.StepDimensions);
        sbyte* query0 = queries, query1 = query0 + bytes, query2 = query1 + bytes, query3 = query2 + bytes;
        for (var i = 0; i < Queries; i++)
            Vector256.Create(*(int*)(queries + (i >> 1) * bytes + length)).Store(sums + i * 8);
        for (int step = 0, start = length + sizeof(int); step < steps; start += sizeof(int))
        {
            Vector256<short> front0 = Start(query0 + start), front1 = Start(query1 + start), front2 = Start(query2 + start), front3 = Start(query3 + start);
            Vector256<short> back0 = front0, back1 = front1, back2 = front2, back3 = front3;
            for (var end = Math.Min(step + StretchSteps, steps); step < end; step++, unpacked += UnpackedBytes)
            {
                var at = (long)step * NibbleKernels.StepDimensions;
                var (front, back) = (Vector256.Load(unpacked), Vector256.Load(unpacked + 32));
                Add(front, back, query0 + at, query1 + at, ref front0, ref back0, ref front1, ref back1);
                Add(front, back, query2 + at, query3 + at, ref front2, ref back2, ref front3, ref back3);
                (front, back) = (Vector256.Load(unpacked + 64), Vector256.Load(unpacked + 96));
                Add(front, back, query0 + at + 4, query1 + at + 4, ref front0, ref back0, ref front1, ref back1);
                Add(front, back, query2 + at + 4, query3 + at + 4, ref front2, ref back2, ref front3, ref back3);
            }

            Widen(front0, back0, sums);
            Widen(front1, back1, sums + NibbleKernels.GroupRows);
            Widen(front2, back2, sums + 2 * NibbleKernels.GroupRows);
            Widen(front3, back3, sums + 3 * NibbleKernels.GroupRows);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<short> Start(sbyte* start) => Vector256.Create(*(int*)start).AsInt16();

        // Four products, then four additions: in turns they get into each other's way on the units that multiply (4% slower, Zen 3).
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Add(
            Vector256<byte> front, Vector256<byte> back, sbyte* query, sbyte* next, ref Vector256<short> front0, ref Vector256<short> back0, ref Vector256<short> front1, ref Vector256<short> back1)
        {
            var (codes0, codes1) = (Vector256.Create(*(int*)query).AsSByte(), Vector256.Create(*(int*)next).AsSByte());
            var (product0, product1) = (Avx2.MultiplyAddAdjacent(front, codes0), Avx2.MultiplyAddAdjacent(back, codes0));
            var (product2, product3) = (Avx2.MultiplyAddAdjacent(front, codes1), Avx2.MultiplyAddAdjacent(back, codes1));
            front0 += product0;
            back0 += product1;
            front1 += product2;
            back1 += product3;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Widen(Vector256<short> front, Vector256<short> back, int* sums)
        {
            var ones = Vector256.Create((short)1);
            (Vector256.Load(sums) + Avx2.MultiplyAddAdjacent(front, ones)).Store(sums);
            (Vector256.Load(sums + 8) + Avx2.MultiplyAddAdjacent(back, ones)).Store(sums + 8);
        }
    }
}
