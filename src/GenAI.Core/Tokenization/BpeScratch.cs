namespace GenAI.Core.Tokenization;

/// <summary>The symbols of one piece while they merge: parallel arrays, and a heap of merges for long pieces.</summary>
internal sealed class BpeScratch
{
    /// <summary>The token of each symbol and how many bytes it covers; 0 once it is part of the one before.</summary>
    public int[] Ids = new int[256], Lengths = new int[256];

    private int[] _previous = [], _next = [], _ranks = new int[MaxShort], _merged = new int[MaxShort];
    private ulong[] _heap = [];
    private int _heapCount;

    // Up to here finding the least rank anew for each merge is quicker than a heap: measured on byte-level words, 2026-11.
    private const int MaxShort = 48;

    public int Count { get; private set; }

    public void Clear()
    {
        Count = 0;
        if (Ids.Length > 1 << 20)
        {
            (Ids, Lengths, _previous, _next, _heap) = (new int[256], new int[256], [], [], []);
        }
    }

    public void Add(int id, int length)
    {
        if (Count == Ids.Length)
        {
            Array.Resize(ref Ids, Count * 2);
            Array.Resize(ref Lengths, Count * 2);
        }

        Ids[Count] = id;
        Lengths[Count++] = length;
    }

    /// <summary>Does all merges, the earliest first and of equal ones the leftmost, and closes the gaps.</summary>
    public void Merge(PairTable merges)
    {
        if (Count <= MaxShort)
            MergeShort(merges);
        else
            MergeLong(merges);
    }

    private void MergeShort(PairTable merges)
    {
        var count = Count;
        for (var i = 0; i + 1 < count; i++)
            _ranks[i] = merges.Find(Ids[i], Ids[i + 1], out _merged[i]);
        while (count > 1)
        {
            var best = 0;
            for (var i = 1; i + 1 < count; i++)
            {
                if (_ranks[i] < _ranks[best])
                    best = i;
            }

            if (_ranks[best] == int.MaxValue)
                break;
            Ids[best] = _merged[best];
            Lengths[best] += Lengths[best + 1];
            count--;
            for (var i = best + 1; i < count; i++)
            {
                Ids[i] = Ids[i + 1];
                Lengths[i] = Lengths[i + 1];
                _ranks[i] = _ranks[i + 1];
                _merged[i] = _merged[i + 1];
            }

            if (best + 1 < count)
                _ranks[best] = merges.Find(Ids[best], Ids[best + 1], out _merged[best]);
            if (best > 0)
                _ranks[best - 1] = merges.Find(Ids[best - 1], Ids[best], out _merged[best - 1]);
        }

        Count = count;
    }

    private void MergeLong(PairTable merges)
    {
        if (_previous.Length < Count)
            (_previous, _next) = (new int[Ids.Length], new int[Ids.Length]);
        _heapCount = 0;
        for (var i = 0; i < Count; i++)
        {
            _previous[i] = i - 1;
            _next[i] = i + 1;
        }

        for (var i = 0; i + 1 < Count; i++)
            Offer(merges, i, i + 1);
        while (_heapCount > 0)
        {
            var top = Pop();
            var (rank, left) = ((int)(top >> 32), (int)(uint)top);
            var right = _next[left];
            // Entries that a merge has overtaken are skipped here: to take them out of the heap would cost more.
            if (Lengths[left] == 0 || right == Count || merges.Find(Ids[left], Ids[right], out var merged) != rank)
                continue;

            Ids[left] = merged;
            Lengths[left] += Lengths[right];
            Lengths[right] = 0;
            _next[left] = _next[right];
            if (_next[left] < Count)
            {
                _previous[_next[left]] = left;
                Offer(merges, left, _next[left]);
            }

            if (_previous[left] >= 0)
                Offer(merges, _previous[left], left);
        }

        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (Lengths[i] == 0)
                continue;
            Ids[kept] = Ids[i];
            Lengths[kept++] = Lengths[i];
        }

        Count = kept;
    }

    private void Offer(PairTable merges, int left, int right)
    {
        var rank = merges.Find(Ids[left], Ids[right], out _);
        if (rank == int.MaxValue)
            return;
        if (_heapCount == _heap.Length)
            Array.Resize(ref _heap, Math.Max(256, _heapCount * 2));

        // Rank and place in one number: the order of the merges.
        var entry = ((ulong)(uint)rank << 32) | (uint)left;
        var at = _heapCount++;
        for (; at > 0 && _heap[(at - 1) >> 2] > entry; at = (at - 1) >> 2)
            _heap[at] = _heap[(at - 1) >> 2];
        _heap[at] = entry;
    }

    private ulong Pop()
    {
        var top = _heap[0];
        var last = _heap[--_heapCount];
        var at = 0;
        for (var child = 1; child < _heapCount; child = (at << 2) + 1)
        {
            var end = Math.Min(child + 4, _heapCount);
            for (var other = child + 1; other < end; other++)
            {
                if (_heap[other] < _heap[child])
                    child = other;
            }

            if (_heap[child] >= last)
                break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = last;
        return top;
    }
}
