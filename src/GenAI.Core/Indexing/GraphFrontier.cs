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

    /// <summary>Adds without keeping the heap in order; only <see cref="SortInto"/> may follow.</summary>
    public void Append(ulong candidate)
    {
        scratch.EnsureFrontier(_count + 1);
        scratch.Frontier[_count++] = candidate;
    }

    /// <summary>Leaves the nearest in the pool.</summary>
    public readonly void SortInto(int breadth)
    {
        var all = new Span<ulong>(scratch.Frontier, _count);
        all.Sort();
        scratch.PoolCount = Math.Min(breadth, _count);
        scratch.EnsurePool(scratch.PoolCount);
        all[..scratch.PoolCount].CopyTo(new Span<ulong>(scratch.Pool, scratch.PoolCount));
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
