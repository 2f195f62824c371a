using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace GenAI.Core.Indexing;

/// <summary>Follows links from the nearest vector known so far, until the links of all candidates that are kept were followed.</summary>
/// <remarks>
/// A walk waits for memory more than it computes: the links of a row, and then the codes that they lead to, lie anywhere. So it reads the
/// upper codes only, as LVQ does (Aguerrebere et al. 2023), and looks at the lower ones of what it kept at the end; where vectors are long, it
/// reads a line of signs first (compare RaBitQ, Gao and Long 2024), and the upper codes of those rows that the signs do not rule out; and it
/// chooses the row to follow next before the codes of the one before are compared, so that reading and comparing overlap.
/// </remarks>
internal static unsafe class GraphWalk
{
    /// <summary>Leaves the nearest rows that it finds in <see cref="GraphScratch.Pool"/>, with the keys that both planes tell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Nearest(GraphRows rows, GraphScratch scratch, in GraphQuery query, ReadOnlySpan<int> entries, int breadth, int skip = -1)
    {
        scratch.EnsurePool(breadth);
        scratch.NextMark(rows.Capacity);
        var (upper, links, maxLinks) = (rows.Upper, rows.Links, rows.MaxLinks);
        var marks = new RowMarks(scratch);
        var pool = new GraphPool(scratch.Pool, breadth);
        if (skip >= 0)
            marks.Set(skip);
        Start(rows, ref pool, query, entries, marks);

        var (fresh, ahead) = (new Hop(scratch.Fresh), new Hop(scratch.Fresh + maxLinks));
        var keys = (float*)(scratch.Fresh + 2 * maxLinks);
        fresh.Begin(rows, pool.Follow(), marks);
        while (fresh.Row >= 0)
        {
            scratch.CodesRead += fresh.Count;
            scratch.LinksRead++;
            if (rows.Signs is { } signs)
            {
                scratch.SignsRead += fresh.Count;
                fresh.Sift(rows, signs, query, pool.Bound);
            }

            scratch.UppersRead += fresh.Count;
            ahead.Begin(rows, pool.Follow(), marks);
            for (var i = 0; i < fresh.Count; i++)
            {
                var codes = upper[fresh.Others[i]];
                keys[i] = query.Estimate(codes, query.Upper(codes));
            }

            for (var i = 0; i < fresh.Count; i++)
            {
                if (!(keys[i] < pool.Bound))
                    continue;
                Prefetch(links[fresh.Others[i]], maxLinks * sizeof(int));
                pool.Offer(keys[i], fresh.Others[i]);
            }

            (fresh, ahead) = (ahead, fresh);
            if (fresh.Row < 0)
                fresh.Begin(rows, pool.Follow(), marks);
        }

        scratch.PoolCount = pool.Count;
        Refine(rows, scratch, query);
    }

    /// <summary>Asks for memory that will be read soon.</summary>
    /// <remarks>
    /// Into the second-level cache: the first level takes 24 requests at a time (Zen 4), and the codes of one hop are 36 lines at 384
    /// dimensions, so that asking it for them made a walk 1.35 times as long.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* row, int bytes)
    {
        if (!Sse.IsSupported)
            return;
        for (var i = 0; i < bytes; i += 64)
            Sse.Prefetch1(row + i);
    }

    private static void Start(GraphRows rows, ref GraphPool pool, in GraphQuery query, ReadOnlySpan<int> entries, RowMarks marks)
    {
        var codes = rows.Signs ?? rows.Upper;
        foreach (var entry in entries)
            Prefetch(codes[entry], codes.Stride);

        var (nearest, best) = (-1, float.PositiveInfinity);
        foreach (var entry in entries)
        {
            if (!marks.IsFresh(entry))
                continue;
            var key = rows.Signs is null ? query.Estimate(codes[entry], query.Upper(codes[entry])) : query.OptimisticOfSigns(codes[entry]);
            if (key < best || nearest < 0)
                (nearest, best) = (entry, key);
        }

        if (nearest < 0)
            return;
        marks.Set(nearest);
        pool.Offer(query.Estimate(rows.Upper[nearest], query.Upper(rows.Upper[nearest])), nearest);
    }

    /// <summary>Puts the candidates in the order that both planes tell.</summary>
    private static void Refine(GraphRows rows, GraphScratch scratch, in GraphQuery query)
    {
        const int Ahead = 8;
        var (count, stride) = (scratch.PoolCount, rows.Lower.Stride);
        var pool = scratch.Pool;
        for (var i = 0; i < Math.Min(Ahead, count); i++)
            Prefetch(rows.Lower[GraphPool.Row(pool[i])], stride);
        for (var i = 0; i < count; i++)
        {
            if (i + Ahead < count)
                Prefetch(rows.Lower[GraphPool.Row(pool[i + Ahead])], stride);
            var row = GraphPool.Row(pool[i]);
            pool[i] = GraphPool.Place(query.Key(rows.Upper[row], rows.Lower[row]), row);
        }

        scratch.LowersRead += count;
        new Span<ulong>(pool, count).Sort();
    }

    /// <summary>A row whose links are followed, and those of its neighbours that were not met before.</summary>
    private struct Hop(int* others)
    {
        public readonly int* Others = others;

        public int Row = -1;

        public int Count;

        /// <summary>Collects the neighbours of a row, or of none if it is negative, and asks for their codes.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Begin(GraphRows rows, int row, in RowMarks marks)
        {
            (Row, Count) = (row, 0);
            if (row < 0)
                return;
            var links = rows.LinksOf(row);
            for (var i = 0; i < rows.MaxLinks; i++)
            {
                var other = links[i];
                if (other < 0)
                    break;
                if (!marks.Knows(other))
                    continue;

                // Whether a row was met before cannot be foretold, so there is no branch on it.
                Others[Count] = other;
                Count += marks.Meet(other);
            }

            var codes = rows.Signs ?? rows.Upper;
            for (var i = 0; i < Count; i++)
                Prefetch(codes[Others[i]], codes.Stride);
        }

        /// <summary>Leaves the neighbours whose signs do not say that they are too far away, and asks for their codes.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Sift(GraphRows rows, NativeRows signs, in GraphQuery query, float bound)
        {
            var kept = 0;
            for (var i = 0; i < Count; i++)
            {
                // With a branch: a processor that guesses asks for codes early (without one a search took 1.1 times as long, Zen 3).
                var other = Others[i];
                if (!(query.OptimisticOfSigns(signs[other]) < bound))
                    continue;
                Others[kept++] = other;
                Prefetch(rows.Upper[other], rows.Upper.Stride);
            }

            Count = kept;
        }
    }
}
