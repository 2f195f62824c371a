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

    /// <summary>Leaves the nearest of the allowed ids in the pool.</summary>
    public void Ids(in GraphSearch search, ReadOnlySpan<ulong> allowed)
    {
        var kept = new Kept(rows, search);
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

    /// <summary>Leaves the nearest of all rows that are seen and allowed in the pool.</summary>
    public void Rows(in GraphSearch search)
    {
        var kept = new Kept(rows, search);
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
            if (query.Optimistic(upper, product) >= kept.Bound || !search.Allows(rows, row))
                continue;
            kept.Offer(query.Key(upper, rows.Lower[row], product), row);
            search.Scratch.LowersRead++;
        }

        search.Scratch.CodesRead += count;
        count = 0;
    }

    /// <summary>
    /// The nearest so far, as many as the breadth says, and whatever lies so close behind the last one wanted that codes cannot tell which are the best: under a
    /// filter that avoids the query these may be thousands.
    /// </summary>
    private ref struct Kept
    {
        private readonly GraphScratch _scratch;
        private readonly int _breadth;
        private readonly int _top;
        private readonly bool _sorts;
        private readonly GraphRows _rows;
        private readonly GraphQuery _query;
        private GraphPool _pool;
        private GraphFrontier _others;

        public Kept(GraphRows rows, in GraphSearch search)
        {
            (_rows, _query, _scratch) = (rows, search.Query, search.Scratch);
            (_breadth, _top, _sorts) = (search.Breadth, search.Top, search.Breadth > LargePool);
            _scratch.EnsurePool(_sorts ? 1 : _breadth);
            _pool = new GraphPool(_scratch.Pool, _breadth);
            _others = new GraphFrontier(_scratch);
        }

        /// <summary>What a key must stay below to be kept.</summary>
        public float Bound { get; private set; } = float.PositiveInfinity;

        public void Offer(float key, int row)
        {
            var place = GraphPool.Place(key, row);
            if (_sorts || (key < Bound && !(key < _pool.Bound)))
            {
                _others.Append(place);
                return;
            }

            if (!(key < _pool.Bound))
                return;
            if (_pool.Count == _breadth)
                _others.Append(_scratch.Pool[_breadth - 1]);
            _pool.Offer(key, row);
            if (_pool.Count == _breadth)
                Bound = Math.Max(_pool.Bound, Doubtful());
        }

        public void Finish()
        {
            _scratch.PoolCount = _pool.Count;
            if (!_sorts)
            {
                _others.DropFrom(Bound);
                if (_others.Count == 0)
                    return;
                for (var i = 0; i < _pool.Count; i++)
                    _others.Append(_scratch.Pool[i]);
            }

            _others.SortIntoPool();
            if (_scratch.PoolCount <= _breadth)
                return;
            var (doubtful, count) = (Doubtful(), _breadth);
            while (count < _scratch.PoolCount && GraphPool.Key(_scratch.Pool[count]) < doubtful)
                count++;
            _scratch.PoolCount = count;
        }

        // Up to here a key may belong to one of the best.
        private readonly float Doubtful()
        {
            var last = _scratch.Pool[_top - 1];
            return GraphPool.Key(last) + Doubt * _query.Blur * _query.LengthOf(_rows.Upper[GraphPool.Row(last)]);
        }
    }
}
