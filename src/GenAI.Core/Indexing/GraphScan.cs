using System.Numerics;

namespace GenAI.Core.Indexing;

/// <summary>Compares the query with the codes of every allowed row, looked up by id from a bitmap or taken row by row.</summary>
internal sealed unsafe class GraphScan(GraphRows rows, IdRows ids)
{
    // Rows are gathered and asked for ahead, so that reads that follow no order overlap.
    private const int Gathered = 32;

    // A pool shifts its places at every arrival; so many are better sorted once.
    private const int LargePool = 1024;

    // Two codes may be in the wrong order if their keys differ by less than three deviations of each.
    private const float Doubt = 6;
    private const int Widening = 4;

    /// <summary>Leaves the nearest of the allowed ids in the pool.</summary>
    public void Ids(in GraphSearch search, ReadOnlySpan<ulong> allowed)
    {
        var breadth = search.Breadth;
        do
            Ids(search, breadth, allowed);
        while (Widens(search, ref breadth));
    }

    /// <summary>Leaves the nearest of all rows that are seen and allowed in the pool.</summary>
    public void Rows(in GraphSearch search)
    {
        var breadth = search.Breadth;
        do
            Rows(search, breadth);
        while (Widens(search, ref breadth));
    }

    /// <summary>Whether the candidates lie so close together that codes cannot tell which are the best: then more are kept in another scan.</summary>
    private bool Widens(in GraphSearch search, ref int breadth)
    {
        var scratch = search.Scratch;
        if (scratch.PoolCount < breadth || breadth > int.MaxValue / Widening)
            return false;
        var (last, least) = (scratch.Pool[scratch.PoolCount - 1], scratch.Pool[search.Top - 1]);
        var blur = search.Query.Blur * search.Query.LengthOf(rows.Upper[GraphPool.Row(last)]);
        breadth *= Widening;
        return GraphPool.Key(last) - GraphPool.Key(least) < Doubt * blur;
    }

    private void Ids(in GraphSearch search, int breadth, ReadOnlySpan<ulong> allowed)
    {
        var kept = new Kept(search, breadth);
        var gathered = stackalloc int[Gathered];
        var count = 0;
        for (var word = 0; word < allowed.Length; word++)
        {
            for (var bits = allowed[word]; bits != 0; bits &= bits - 1)
            {
                if (!TryFind(search, ((long)word << 6) + BitOperations.TrailingZeroCount(bits), out var row))
                    continue;
                Gather(gathered, ref count, row);
                if (count == Gathered)
                    Compare(search, ref kept, gathered, ref count);
            }
        }

        Compare(search, ref kept, gathered, ref count);
        kept.Finish();
    }

    private bool TryFind(in GraphSearch search, long id, out int row)
    {
        if (rows.Mapped is { } mapped)
            return mapped.TryFind(id, out row);
        if (!ids.TryGet(id, out row))
            return false;

        // A write under way may have put the next vector of this id on view already.
        while (row >= 0 && rows.InfoOf(row).Born > search.State.Version)
            row = rows.InfoOf(row).Previous;
        return row >= 0;
    }

    private void Rows(in GraphSearch search, int breadth)
    {
        var kept = new Kept(search, breadth);
        var gathered = stackalloc int[Gathered];
        var count = 0;
        for (var row = 0; row < search.State.Rows; row++)
        {
            if (!search.Allows(rows, row))
                continue;
            Gather(gathered, ref count, row);
            if (count == Gathered)
                Compare(search, ref kept, gathered, ref count);
        }

        Compare(search, ref kept, gathered, ref count);
        kept.Finish();
    }

    private void Gather(int* gathered, ref int count, int row)
    {
        GraphWalk.Prefetch(rows.Upper[row], rows.Upper.Stride);
        gathered[count++] = row;
    }

    private void Compare(in GraphSearch search, ref Kept kept, int* gathered, ref int count)
    {
        search.Settings.CancellationToken.ThrowIfCancellationRequested();
        var query = search.Query;
        for (var i = 0; i < count; i++)
        {
            var row = gathered[i];
            var upper = rows.Upper[row];
            var product = query.Upper(upper);
            if (query.Optimistic(upper, product) >= kept.Pool.Bound || !search.Allows(rows, row))
                continue;
            kept.Offer(query.Key(upper, rows.Lower[row], product), row);
            search.Scratch.LowersRead++;
        }

        search.Scratch.CodesRead += count;
        search.Scratch.UppersRead += count;
        count = 0;
    }

    private ref struct Kept
    {
        public GraphPool Pool;
        private readonly GraphScratch _scratch;
        private readonly int _breadth;
        private readonly bool _sorts;
        private GraphFrontier _all;

        public Kept(in GraphSearch search, int breadth)
        {
            (_scratch, _breadth, _sorts) = (search.Scratch, breadth, breadth > LargePool);
            _scratch.EnsurePool(_sorts ? 1 : breadth);
            Pool = new GraphPool(_scratch.Pool, breadth);
            _all = new GraphFrontier(_scratch);
        }

        public void Offer(float key, int row)
        {
            if (_sorts)
                _all.Append(GraphPool.Place(key, row));
            else
                Pool.Offer(key, row);
        }

        public readonly void Finish()
        {
            if (_sorts)
                _all.SortInto(_breadth);
            else
                _scratch.PoolCount = Pool.Count;
        }
    }
}
