namespace GenAI.Core.Indexing;

/// <summary>
/// Follows links of allowed and other vectors alike, nearest first, and keeps the allowed ones, until there are enough of them and
/// the nearest vector left is farther than the last: an allowed vector that is near is found however few are.
/// </summary>
internal static unsafe class GraphFilteredWalk
{
    private const int HopsBetweenChecks = 256;

    // Once so many codes were read, fewer allowed ones among them than half of their share in all tell that the filter avoids the query. Then
    // the nearest allowed vectors are the nearest of clusters elsewhere, where all links to them come from farther away: walks miss them.
    private const int CodesToJudge = 512;
    private const double LeastOfShare = 0.5;

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
        var (codes, hops, allowed) = (0L, 0, 0L);
        foreach (var entry in search.State.Entries)
        {
            if (marks.IsFresh(entry))
                _ = Meet(rows, search, query, entry, marks, ref pool, ref frontier);
        }

        while (frontier.TryTake(out var nearest))
        {
            if (GraphPool.Key(nearest) >= pool.Bound)
                break;
            if (++hops % HopsBetweenChecks == 0)
                search.Settings.CancellationToken.ThrowIfCancellationRequested();
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
                allowed += Meet(rows, search, query, fresh[i], marks, ref pool, ref frontier);
            if (codes > mostCodes || (codes >= CodesToJudge && allowed < LeastOfShare * share * codes))
                break;
        }

        scratch.PoolCount = pool.Count;
        scratch.CodesRead += codes;
        scratch.LinksRead += hops;
        return codes <= mostCodes && (codes < CodesToJudge || allowed >= LeastOfShare * share * codes);
    }

    // 1 if the row is allowed, or else 0.
    private static int Meet(GraphRows rows, in GraphSearch search, in GraphQuery query, int row, in RowMarks marks, ref GraphPool pool, ref GraphFrontier frontier)
    {
        if (marks.Meet(row) == 0)
            return 0;
        var isAllowed = search.Allows(rows.InfoOf(row));
        var upper = rows.Upper[row];
        var product = query.Upper(upper);
        if (query.Optimistic(upper, product) < pool.Bound)
        {
            var key = query.Key(upper, rows.Lower[row], product);
            if (key < pool.Bound)
            {
                frontier.Add(GraphPool.Place(key, row));
                if (isAllowed)
                    pool.Offer(key, row);
            }
        }

        return isAllowed ? 1 : 0;
    }
}
