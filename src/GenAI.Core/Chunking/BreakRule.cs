namespace GenAI.Core.Chunking;

/// <summary>Where a text may be cut: what tells one chunker from another. Made for one text and one pass over it.</summary>
internal abstract class BreakRule
{
    /// <summary>Returned by <see cref="Cut"/>: no good cut with the overlap in front; try again without it.</summary>
    public const int WithoutOverlap = -1;

    /// <summary>Whether a piece should be as long as the limit allows, at the price of counting it more than once.</summary>
    public virtual bool FillsPieces => false;

    /// <summary>The best end of the piece.</summary>
    /// <returns>A position in (<see cref="SplitWindow.Start"/>, <see cref="SplitWindow.Reach"/>], without white space before it if possible; or <see cref="WithoutOverlap"/>.</returns>
    public abstract int Cut(in SplitWindow window);

    /// <summary>Where the overlap of the next piece should start.</summary>
    /// <param name="text">The text.</param>
    /// <param name="earliest">As far back as it may start; a grapheme boundary.</param>
    /// <param name="previous">The piece before.</param>
    /// <returns>A position in [<paramref name="earliest"/>, end of the piece before]; the end for no overlap.</returns>
    public abstract int OverlapStart(ReadOnlySpan<char> text, int earliest, in TextPiece previous);
}

/// <summary>A stretch of text that the splitter may make a piece of.</summary>
internal readonly ref struct SplitWindow
{
    /// <summary>The whole text.</summary>
    public required ReadOnlySpan<char> Text { get; init; }

    /// <summary>Where the piece starts, with its overlap.</summary>
    public required int From { get; init; }

    /// <summary>Where the piece's own text starts.</summary>
    public required int Start { get; init; }

    /// <summary>How far the limit reaches: a grapheme boundary behind <see cref="Start"/>.</summary>
    public required int Reach { get; init; }

    /// <summary>Where the text to be split ends; behind <see cref="Reach"/>.</summary>
    public required int End { get; init; }

    public required TokenRuler Ruler { get; init; }

    /// <summary>The same text, with the piece's own text starting later.</summary>
    public SplitWindow Within(int start, int end) => new()
    {
        Text = Text,
        From = From,
        Start = start,
        Reach = Math.Min(Reach, end),
        End = end,
        Ruler = Ruler,
    };

    /// <summary>How far a piece that starts at <paramref name="start"/>, behind an overlap, would reach.</summary>
    public int ReachFrom(int start) => Ruler.Reach(Text, start, End, Ruler.Budget - Ruler.OverlapBudget);
}
