namespace GenAI.Core.Answering;

/// <summary>A run of one document's text, made of one chunk or of several that overlap or touch: a source of an answer.</summary>
/// <remarks><see cref="Text"/> is an exact slice of the document: <c>Range.Of(document.Text) == Text</c>.</remarks>
internal sealed class SourcePassage
{
    private SourcePassage(IReadOnlyList<ChunkPiece> pieces, TextRange range, string text)
    {
        Pieces = pieces;
        Range = range;
        Text = text;
        Rank = pieces.Min(piece => piece.Rank);
    }

    /// <summary>The pieces, by where they start in the document.</summary>
    public IReadOnlyList<ChunkPiece> Pieces { get; }

    public TextRange Range { get; }

    public string Text { get; }

    /// <summary>The place of the best chunk in the retrieval's result, from 0.</summary>
    public int Rank { get; }

    /// <summary>The chunk whose title, headings and context stand for the passage.</summary>
    public Chunk First => Pieces[0].Chunk;

    public static SourcePassage Of(ChunkPiece piece) => new([piece], piece.Range, piece.Text);

    /// <summary>This passage and <paramref name="piece"/> as one; null if they neither overlap nor touch, or differ where they overlap.</summary>
    public SourcePassage? TryMerge(ChunkPiece piece) => TryMerge(Of(piece));

    /// <summary>Both passages as one; null if they neither overlap nor touch, or differ where they overlap.</summary>
    public SourcePassage? TryMerge(SourcePassage other)
    {
        if (!string.Equals(First.DocumentId, other.First.DocumentId, StringComparison.Ordinal))
            return null;

        var (left, right) = Range.Start <= other.Range.Start ? (this, other) : (other, this);
        var shared = Math.Min(left.Range.End, right.Range.End) - right.Range.Start;
        if (shared < 0)
            return null;

        // Different characters at the same place: the chunks are of two versions of the document.
        if (!left.Text.AsSpan(right.Range.Start - left.Range.Start, shared).SequenceEqual(right.Text.AsSpan(0, shared)))
            return null;

        var text = right.Range.End <= left.Range.End ? left.Text : string.Concat(left.Text, right.Text.AsSpan(shared));
        ChunkPiece[] pieces = [.. left.Pieces.Concat(right.Pieces).OrderBy(piece => piece.Range.Start).ThenBy(piece => piece.Rank)];
        return new SourcePassage(pieces, new TextRange(left.Range.Start, text.Length), text);
    }

    /// <summary>Whether the chunks, sliced anew, hold <paramref name="quote"/> at <paramref name="range"/> of the document.</summary>
    public bool Holds(TextRange range, string quote)
    {
        if (range.IsEmpty || range.Length != quote.Length || !Range.Contains(range))
            return false;

        var at = range.Start;
        foreach (var (chunk, held, _) in Pieces)
        {
            if (held.Start > at || held.End <= at)
                continue;
            var end = Math.Min(held.End, range.End);
            if (!chunk.Text.AsSpan(at - chunk.Range.Start, end - at).SequenceEqual(quote.AsSpan(at - range.Start, end - at)))
                return false;
            at = end;
        }

        return at == range.End;
    }

    /// <summary>The chunk that holds <paramref name="range"/>, or the one in which it begins where none holds all of it.</summary>
    public Chunk ChunkAt(TextRange range)
    {
        Chunk? begins = null;
        foreach (var piece in Pieces)
        {
            if (piece.Range.Contains(range))
                return piece.Chunk;
            if (piece.Range.Contains(new TextRange(range.Start, 0)))
                begins = piece.Chunk;
        }

        return begins ?? First;
    }
}

/// <summary>A chunk, or its beginning where it was trimmed to fit.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Range">The piece's range in the document; it starts where the chunk starts.</param>
/// <param name="Rank">The chunk's place in the retrieval's result, from 0.</param>
internal sealed record ChunkPiece(Chunk Chunk, TextRange Range, int Rank)
{
    public string Text => Range.Length == Chunk.Text.Length ? Chunk.Text : Chunk.Text[..Range.Length];

    public override string ToString() => $"{Chunk} {Range}";
}
