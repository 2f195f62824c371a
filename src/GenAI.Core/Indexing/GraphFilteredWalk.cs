namespace GenAI.Core.Indexing;

/// <summary>
/// Follows links of allowed and other vectors alike, nearest first, and keeps the allowed ones, until there are enough of them and
/// the nearest vector left is farther than the last: an allowed vector that is near is found however few are.
/// </summary>
internal static unsafe class GraphFilteredWalk
{
    private const int HopsBetweenChecks = 256;

    /// <summary>Leaves the nearest allowed rows in the pool, unless it would read more than <paramref name="mostCodes"/> codes.</summary>
    /// <returns>Whether it came to its end.</returns>
    public static bool Nearest(GraphRows rows, in GraphSearch search, long mostCodes)
    {
        var (scratch, query) = (search.Scratch, search.Query);
        scratch.EnsurePool(search.Breadth);
        scratch.NextMark(rows.Capacity);
        var (mark, markCount) = (scratch.Mark, (uint)scratch.MarkCount);
        var marks = scratch.Marks;
        var pool = new GraphPool(scratch.Pool, search.Breadth);
        var frontier = new GraphFrontier(scratch);
        var (codes, hops) = (0L, 0);
        foreach (var entry in search.State.Entries)
        {
            if ((uint)entry < markCount && marks[entry] != mark)
                Meet(rows, search, query, entry, marks, ref pool, ref frontier);
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
                if ((uint)links[i] >= markCount || marks[links[i]] == mark)
                    continue;
                GraphWalk.Prefetch(rows.Upper[links[i]], rows.Upper.Stride);
                fresh[found++] = links[i];
            }

            codes += found;
            for (var i = 0; i < found; i++)
                Meet(rows, search, query, fresh[i], marks, ref pool, ref frontier);
            if (codes > mostCodes)
                break;
        }

        scratch.PoolCount = pool.Count;
        scratch.CodesRead += codes;
        scratch.LinksRead += hops;
        return codes <= mostCodes;
    }

    private static void Meet(GraphRows rows, in GraphSearch search, in GraphQuery query, int row, ushort* marks, ref GraphPool pool, ref GraphFrontier frontier)
    {
        if (marks[row] == search.Scratch.Mark)
            return;
        marks[row] = search.Scratch.Mark;
        var upper = rows.Upper[row];
        var product = query.Upper(upper);
        if (query.Optimistic(upper, product) >= pool.Bound)
            return;
        var key = query.Key(upper, rows.Lower[row], product);
        if (!(key < pool.Bound))
            return;
        frontier.Add(GraphPool.Place(key, row));
        if (search.Allows(rows.InfoOf(row)))
            pool.Offer(key, row);
    }
}
