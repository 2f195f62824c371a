namespace GenAI.Core.Indexing;

/// <summary>Forgets all but the best matches that are offered to it: a heap in the caller's memory with the worst on top.</summary>
internal ref struct TopVectors
{
    private readonly Span<VectorMatch> _places;
    private int _count;

    /// <param name="places">Where the matches are kept; its length is the most that are.</param>
    /// <param name="count">How many of the places an earlier instance has filled.</param>
    public TopVectors(Span<VectorMatch> places, int count = 0)
    {
        _places = places;
        _count = count;
        Bound = places.IsEmpty ? float.PositiveInfinity : count < places.Length ? float.NegativeInfinity : places[0].Score;
    }

    public readonly int Count => _count;

    /// <summary>The matches in no order.</summary>
    public readonly ReadOnlySpan<VectorMatch> Found => _places[.._count];

    /// <summary>The score that a match must reach to be kept.</summary>
    public float Bound { get; private set; }

    public void Offer(long id, float score)
    {
        var match = new VectorMatch(id, score);
        if (_count < _places.Length)
        {
            SiftUp(_count++, match);
            if (_count == _places.Length)
                Bound = _places[0].Score;
        }
        else if (_count > 0 && IsWorse(_places[0], match))
        {
            SiftDown(match);
            Bound = _places[0].Score;
        }
    }

    /// <summary>Puts the matches in order, best first.</summary>
    /// <returns>Their number.</returns>
    public readonly int Sort()
    {
        _places[.._count].Sort(static (left, right) => VectorMatch.CompareBestFirst(left, right));
        return _count;
    }

    private static bool IsWorse(VectorMatch left, VectorMatch right) =>
        left.Score < right.Score || (left.Score == right.Score && left.Id > right.Id);

    private readonly void SiftUp(int place, VectorMatch match)
    {
        while (place > 0)
        {
            var parent = (place - 1) / 2;
            if (!IsWorse(match, _places[parent]))
                break;
            _places[place] = _places[parent];
            place = parent;
        }

        _places[place] = match;
    }

    private readonly void SiftDown(VectorMatch match)
    {
        var place = 0;
        while (true)
        {
            var child = 2 * place + 1;
            if (child >= _count)
                break;
            if (child + 1 < _count && IsWorse(_places[child + 1], _places[child]))
                child++;
            if (!IsWorse(_places[child], match))
                break;
            _places[place] = _places[child];
            place = child;
        }

        _places[place] = match;
    }
}
