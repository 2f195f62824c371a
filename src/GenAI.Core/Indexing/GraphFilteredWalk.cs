namespace GenAI.Core.Indexing;

/// <summary>
/// Follows links of allowed and other vectors alike, nearest first, and keeps the allowed ones, until there are enough of them and
/// the nearest vector left is farther than the last: an allowed vector that is near is found however few are.
/// </summary>
internal static unsafe class GraphFilteredWalk
{
    private const int HopsBetweenChecks = 256;

    // A filter that avoids the query is noticed when so many allowed rows should have been followed and fewer than half were. Then the nearest
    // allowed vectors are the nearest of clusters elsewhere: most links to them come from farther away, and walks miss them.
    private const int Expected = 16;
    private const double LeastOfExpected = 0.5;

    /// <summary>Leaves the nearest allowed rows in the pool, unless it would read more than <paramref name="mostCodes"/> codes or the allowed ones lie elsewhere.</summary>
    /// <returns>Whether it came to its end.</returns>
    public static bool Nearest(GraphRows rows, in GraphSearch search, double share, long mostCodes)
    {
        var (scratch, query) = (search.Scratch, search.Query);
        scratch.EnsurePool(search.Breadth);
        scratch.NextMark(rows.Capacity);
        var marks = new RowMarks(scratch);
        var pool = new GraphPool(scratch.Pool, search.Breadth);
        var frontier = new GraphFrontier(scratch);
        var (codes, hops, allowed) = (0L, 0, 0);
        var (hopsToJudge, avoided) = ((int)Math.Min(int.MaxValue, Math.Ceiling(Expected / share)), false);
        foreach (var entry in search.State.Entries)
        {
            if (marks.IsFresh(entry))
                Meet(rows, search, query, entry, marks, ref pool, ref frontier);
        }

        while (frontier.TryTake(out var nearest))
        {
            if (GraphPool.Key(nearest) >= pool.Bound)
                break;
            if (++hops % HopsBetweenChecks == 0)
                search.Settings.CancellationToken.ThrowIfCancellationRequested();
            allowed += search.Allows(rows, GraphPool.Row(nearest)) ? 1 : 0;
            avoided = hops == hopsToJudge && allowed < LeastOfExpected * Expected;
            var links = rows.LinksOf(GraphPool.Row(nearest));
            var fresh = scratch.Fresh;
            var found = 0;
            for (var i = 0; i < rows.MaxLinks && links[i] >= 0; i++)
            {
                var other = links[i];
                if (!marks.IsFresh(other))
                    continue;
                GraphWalk.Prefetch(rows.Upper[other], rows.Upper.Stride);
                fresh[found++] = other;
            }

            codes += found;
            for (var i = 0; i < found; i++)
                Meet(rows, search, query, fresh[i], marks, ref pool, ref frontier);
            if (codes > mostCodes || avoided)
                break;
        }

        scratch.PoolCount = pool.Count;
        scratch.CodesRead += codes;
        scratch.UppersRead += codes;
        scratch.LinksRead += hops;
        return codes <= mostCodes && !avoided;
    }

    private static void Meet(GraphRows rows, in GraphSearch search, in GraphQuery query, int row, in RowMarks marks, ref GraphPool pool, ref GraphFrontier frontier)
    {
        if (marks.Meet(row) == 0)
            return;
        var upper = rows.Upper[row];
        var product = query.Upper(upper);
        if (query.Optimistic(upper, product) >= pool.Bound)
            return;
        var key = query.Key(upper, rows.Lower[row], product);
        if (!(key < pool.Bound))
            return;
        frontier.Add(GraphPool.Place(key, row));
        if (search.Allows(rows, row))
            pool.Offer(key, row);
    }
}
