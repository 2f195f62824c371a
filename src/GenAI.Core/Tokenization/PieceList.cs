namespace GenAI.Core.Tokenization;

/// <summary>A stretch of a text that is looked up by itself; or, with an id, an added token that is not.</summary>
internal readonly record struct Piece(int Start, int Length, int Id)
{
    /// <summary>The id of a piece that is yet to be looked up.</summary>
    public const int Text = -1;

    public int End => Start + Length;
}

/// <summary>The pieces of a text, in order.</summary>
internal sealed class PieceList
{
    private Piece[] _pieces = new Piece[64];

    public int Count { get; private set; }

    public ReadOnlySpan<Piece> Span => _pieces.AsSpan(0, Count);

    public void Clear() => Count = 0;

    /// <summary>Adds a stretch of text; an empty one is left out.</summary>
    public void Add(int start, int end)
    {
        if (end > start)
            Add(new Piece(start, end - start, Piece.Text));
    }

    public void Add(Piece piece)
    {
        if (Count == _pieces.Length)
            Array.Resize(ref _pieces, Count * 2);
        _pieces[Count++] = piece;
    }
}
