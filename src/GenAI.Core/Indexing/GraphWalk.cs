using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace GenAI.Core.Indexing;

/// <summary>Follows links from the nearest vector known so far, until the links of all candidates that are kept were followed.</summary>
internal static unsafe class GraphWalk
{
    public static int Ahead = 8;


    /// <summary>Leaves the nearest rows that it finds in <see cref="GraphScratch.Pool"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Nearest(GraphRows rows, GraphScratch scratch, in GraphQuery query, ReadOnlySpan<int> entries, int breadth, int skip = -1)
    {
        scratch.EnsurePool(breadth);
        scratch.NextMark(rows.Capacity);
        var (upper, lower, links, maxLinks) = (rows.Upper, rows.Lower, rows.Links, rows.MaxLinks);
        var marks = scratch.Marks;
        var (mark, markCount) = (scratch.Mark, (uint)scratch.MarkCount);
        var fresh = scratch.Fresh;
        var near = fresh + maxLinks;
        var products = near + maxLinks;
        var planeBytes = upper.Stride;
        var pool = new GraphPool(scratch.Pool, breadth);
        if (skip >= 0)
            marks[skip] = mark;
        Start(rows, ref pool, query, entries, marks, mark, markCount);

        for (var row = pool.Follow(); row >= 0; row = pool.Follow())
        {
            var link = (int*)links[row];
            var found = 0;
            for (var i = 0; i < maxLinks; i++)
            {
                var other = link[i];
                if (other < 0)
                    break;
                if ((uint)other < markCount && marks[other] != mark)
                {
                    marks[other] = mark;
                    fresh[found++] = other;
                }
            }

            var ahead = Math.Min(Ahead, found);
            for (var i = 0; i < ahead; i++)
                Prefetch(upper[fresh[i]], planeBytes);

            var promising = 0;
            var bound = pool.Bound;
            for (var i = 0; i < found; i++)
            {
                if (i + ahead < found)
                    Prefetch(upper[fresh[i + ahead]], planeBytes);
                var other = fresh[i];
                var codes = upper[other];
                var product = query.Upper(codes);
                if (query.Optimistic(codes, product) < bound)
                {
                    Prefetch(lower[other], lower.Stride);
                    (near[promising], products[promising]) = (other, product);
                    promising++;
                }
            }
            scratch.CodesRead += found;
            scratch.LowersRead += promising;
            scratch.LinksRead++;
            for (var i = 0; i < promising; i++)
            {
                var other = near[i];
                var place = pool.Offer(query.Key(upper[other], lower[other], products[i]), other);
                if (place == 0 && Sse.IsSupported)
                    Prefetch(links[other], maxLinks * sizeof(int));
            }
            if (Sse.IsSupported && pool.Cursor < pool.Count)
                Prefetch(links[GraphPool.Row(scratch.Pool[pool.Cursor])], maxLinks * sizeof(int));
        }

        scratch.PoolCount = pool.Count;
    }

    private static void Start(GraphRows rows, ref GraphPool pool, in GraphQuery query, ReadOnlySpan<int> entries, ushort* marks, ushort mark, uint markCount)
    {
        foreach (var entry in entries)
            Prefetch(rows.Upper[entry], rows.Upper.Stride);

        var (nearest, best) = (-1, float.PositiveInfinity);
        foreach (var entry in entries)
        {
            if ((uint)entry >= markCount || marks[entry] == mark)
                continue;
            var codes = rows.Upper[entry];
            var key = query.Optimistic(codes, query.Upper(codes));
            if (key < best || nearest < 0)
                (nearest, best) = (entry, key);
        }

        if (nearest < 0)
            return;
        marks[nearest] = mark;
        pool.Offer(query.Key(rows.Upper[nearest], rows.Lower[nearest]), nearest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* row, int bytes)
    {
        if (!Sse.IsSupported)
            return;
        for (var i = 0; i < bytes; i += 64)
            Sse.Prefetch0(row + i);
    }
}
