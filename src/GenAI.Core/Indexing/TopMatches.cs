namespace GenAI.Core.Indexing;

/// <summary>Keeps the best of the matches it is shown: higher scores first, equal scores by id.</summary>
/// <remarks>A heap with the worst kept match on top. It grows with what it keeps, not with what was asked for.</remarks>
internal sealed class TopMatches
{
    private (int Score, long Id)[] _heap = new (int, long)[64];
    private int _top;

    public int Count { get; private set; }

    /// <summary>A match below this score is not kept.</summary>
    public int Threshold { get; private set; }

    public void Begin(int top)
    {
        _top = top;
        Count = 0;
        Threshold = 1;
    }

    public void Add(int score, long id)
    {
        if (Count == _top)
        {
            if (!IsBetter((score, id), _heap[0]))
                return;
            Sink((score, id), Count);
        }
        else
        {
            if (Count == _heap.Length)
                Array.Resize(ref _heap, Count * 2);
            Rise((score, id));
        }

        if (Count == _top)
            Threshold = _heap[0].Score;
    }

    /// <summary>Takes everything out, best first.</summary>
    public void Drain(Span<KeywordMatch> results, double scale)
    {
        for (var last = Count - 1; last >= 0; last--)
        {
            results[last] = new KeywordMatch(_heap[0].Id, (float)(_heap[0].Score / scale));
            Count = last;
            Sink(_heap[last], last);
        }
    }

    private static bool IsBetter((int Score, long Id) a, (int Score, long Id) b) => a.Score != b.Score ? a.Score > b.Score : a.Id < b.Id;

    private void Rise((int, long) match)
    {
        var i = Count++;
        while (i > 0 && IsBetter(_heap[(i - 1) / 2], match))
        {
            _heap[i] = _heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }

        _heap[i] = match;
    }

    // Puts a match at the top of the first so many and lets it sink to its place.
    private void Sink((int, long) match, int count)
    {
        var i = 0;
        while (true)
        {
            var child = 2 * i + 1;
            if (child >= count)
                break;
            if (child + 1 < count && IsBetter(_heap[child], _heap[child + 1]))
                child++;
            if (!IsBetter(match, _heap[child]))
                break;
            _heap[i] = _heap[child];
            i = child;
        }

        if (count > 0)
            _heap[i] = match;
    }
}
