namespace GenAI.Core.Tokenization;

/// <summary>What becomes of the delimiters of a split.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

/// <summary>Makes pieces of delimiters and what is between them, in the order of the text.</summary>
internal ref struct Splitter(PieceList pieces, SplitBehavior behavior)
{
    private int _start = -1, _end;
    private bool _delimiter;

    public void Add(int start, int end, bool delimiter)
    {
        if (end == start)
            return;
        var joins = _start >= 0 && behavior switch
        {
            SplitBehavior.Contiguous => delimiter == _delimiter,
            SplitBehavior.MergedWithPrevious => delimiter && !_delimiter,
            SplitBehavior.MergedWithNext => !delimiter && _delimiter,
            _ => false,
        };
        if (!joins)
        {
            Finish();
            _start = start;
        }

        if (behavior == SplitBehavior.Removed && delimiter)
            _start = -1;
        _end = end;
        _delimiter = delimiter;
    }

    public void Finish()
    {
        if (_start >= 0)
            pieces.Add(_start, _end);
        _start = -1;
    }
}
