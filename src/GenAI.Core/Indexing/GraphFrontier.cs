namespace GenAI.Core.Indexing;

/// <summary>A heap of candidates, the nearest on top, without an end to its size.</summary>
internal unsafe ref struct GraphFrontier(GraphScratch scratch)
{
    private int _count;

    public void Add(ulong candidate)
    {
        scratch.EnsureFrontier(_count + 1);
        var heap = scratch.Frontier;
        var place = _count++;
        while (place > 0 && heap[(place - 1) / 2] > candidate)
        {
            heap[place] = heap[(place - 1) / 2];
            place = (place - 1) / 2;
        }

        heap[place] = candidate;
    }

    public readonly int Count => _count;

    /// <summary>Adds without keeping the heap in order; only <see cref="DropFrom"/> and <see cref="SortIntoPool"/> may follow.</summary>
    public void Append(ulong candidate)
    {
        scratch.EnsureFrontier(_count + 1);
        scratch.Frontier[_count++] = candidate;
    }

    /// <summary>Lets go of those whose keys are not below a bound.</summary>
    public void DropFrom(float bound)
    {
        var heap = scratch.Frontier;
        var (least, kept) = (GraphPool.Place(bound, 0), 0);
        for (var i = 0; i < _count; i++)
        {
            if (heap[i] < least)
                heap[kept++] = heap[i];
        }

        _count = kept;
    }

    /// <summary>Leaves all of them in the pool, the nearest first.</summary>
    public readonly void SortIntoPool()
    {
        var all = new Span<ulong>(scratch.Frontier, _count);
        all.Sort();
        scratch.PoolCount = _count;
        scratch.EnsurePool(_count);
        all.CopyTo(new Span<ulong>(scratch.Pool, _count));
    }

    public bool TryTake(out ulong nearest)
    {
        nearest = 0;
        if (_count == 0)
            return false;
        var heap = scratch.Frontier;
        nearest = heap[0];
        var last = heap[--_count];
        var place = 0;
        for (var child = 1; child < _count; child = 2 * place + 1)
        {
            if (child + 1 < _count && heap[child + 1] < heap[child])
                child++;
            if (heap[child] >= last)
                break;
            heap[place] = heap[child];
            place = child;
        }

        heap[place] = last;
        return true;
    }
}
