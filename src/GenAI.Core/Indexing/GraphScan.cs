using System.Numerics;

namespace GenAI.Core.Indexing;

/// <summary>Compares the query with the codes of every allowed row, looked up by id from a bitmap or taken row by row.</summary>
internal sealed unsafe class GraphScan(GraphRows rows, IdRows ids)
{
    // Rows are gathered and asked for ahead, so that reads that follow no order overlap.
    private const int Gathered = 32;

    /// <summary>Leaves the nearest of the allowed ids in the pool.</summary>
    public void Ids(in GraphSearch search, ReadOnlySpan<ulong> allowed)
    {
        search.Scratch.EnsurePool(search.Breadth);
        var pool = new GraphPool(search.Scratch.Pool, search.Breadth);
        var gathered = stackalloc int[Gathered];
        var count = 0;
        for (var word = 0; word < allowed.Length; word++)
        {
            for (var bits = allowed[word]; bits != 0; bits &= bits - 1)
            {
                if (!ids.TryGet(((long)word << 6) + BitOperations.TrailingZeroCount(bits), out var row))
                    continue;

                // A write under way may have put the next vector of this id on view already.
                while (row >= 0 && rows.InfoOf(row).Born > search.State.Version)
                    row = rows.InfoOf(row).Previous;
                if (row < 0)
                    continue;
                Gather(gathered, ref count, row);
                if (count == Gathered)
                    Compare(search, ref pool, gathered, ref count);
            }
        }

        Compare(search, ref pool, gathered, ref count);
        search.Scratch.PoolCount = pool.Count;
    }

    /// <summary>Leaves the nearest of all rows that are seen and allowed in the pool.</summary>
    public void Rows(in GraphSearch search)
    {
        search.Scratch.EnsurePool(search.Breadth);
        var pool = new GraphPool(search.Scratch.Pool, search.Breadth);
        var gathered = stackalloc int[Gathered];
        var count = 0;
        for (var row = 0; row < search.State.Rows; row++)
        {
            ref var info = ref rows.InfoOf(row);
            if (!info.IsSeenIn(search.State.Version) || !search.Settings.Allows(info.Id))
                continue;
            Gather(gathered, ref count, row);
            if (count == Gathered)
                Compare(search, ref pool, gathered, ref count);
        }

        Compare(search, ref pool, gathered, ref count);
        search.Scratch.PoolCount = pool.Count;
    }

    private void Gather(int* gathered, ref int count, int row)
    {
        GraphWalk.Prefetch(rows.Upper[row], rows.Upper.Stride);
        gathered[count++] = row;
    }

    private void Compare(in GraphSearch search, ref GraphPool pool, int* gathered, ref int count)
    {
        search.Settings.CancellationToken.ThrowIfCancellationRequested();
        var query = search.Query;
        for (var i = 0; i < count; i++)
        {
            var row = gathered[i];
            var upper = rows.Upper[row];
            var product = query.Upper(upper);
            if (query.Optimistic(upper, product) >= pool.Bound || !search.Allows(rows.InfoOf(row)))
                continue;
            pool.Offer(query.Key(upper, rows.Lower[row], product), row);
        }

        search.Scratch.CodesRead += count;
        count = 0;
    }
}
