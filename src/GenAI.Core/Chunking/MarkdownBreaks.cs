namespace GenAI.Core.Chunking;

/// <summary>Cuts between the blocks of a Markdown text; inside one only where <see cref="MarkdownChunker"/> promises.</summary>
internal sealed class MarkdownBreaks(List<MarkdownBlock> blocks, ChunkLimits limits) : BreakRule
{
    private readonly RecursiveBreaks _text = new();

    // The header of the table that was asked for last, and where it starts.
    private string? _header;
    private int _headerStart = -1;

    public override int Cut(in SplitWindow window)
    {
        var first = IndexAt(window.Start);
        var (best, next) = (-1, first);
        for (; next < blocks.Count && blocks[next].End <= window.Reach; next++)
        {
            // A heading stays with what follows.
            if (blocks[next].Kind != MarkdownBlockKind.Heading)
                best = blocks[next].End;
        }

        if (next == blocks.Count || blocks[next].Start >= window.End)
            return next > first ? blocks[next - 1].End : window.Reach;

        var block = blocks[next];
        var isBegun = block.Start < window.Start;
        if (best >= 0)
        {
            var isHalfFull = best >= window.Start + ((window.Reach - window.Start) / 2);
            if (isHalfFull || block.IsWhole || !IsOversize(window, block.Start, block.End))
                return best;
        }
        else if (!isBegun && !IsOversize(window, block.Start, block.End))
        {
            if (window.From < window.Start)
                return WithoutOverlap;
            if (next == first)
                return block.End;
            if (block.IsWhole)
                return blocks[next - 1].End;
        }

        var inside = Math.Max(block.Start, window.Start);
        if (inside >= window.Reach)
            return best >= 0 ? best : next > first ? blocks[next - 1].End : window.Reach;
        var part = window.Within(inside, Math.Min(block.End, window.End));
        return block.Kind == MarkdownBlockKind.Table ? CutTable(part, block, next > first ? blocks[next - 1].End : -1) : _text.Cut(part);
    }

    public override int OverlapStart(ReadOnlySpan<char> text, int earliest, in TextPiece previous)
    {
        var at = _text.OverlapStart(text, earliest, previous);
        for (var index = IndexAt(at); index < blocks.Count && blocks[index].Start < previous.End; index++)
        {
            var block = blocks[index];
            if (at <= block.Start && block.Kind != MarkdownBlockKind.Heading && block.End <= previous.End)
                return Math.Max(at, block.Start);
            if (!block.IsWhole && block.Kind != MarkdownBlockKind.Heading)
                return Math.Max(at, block.Start);

            // Inside something that is not to be cut: begin behind it.
            at = block.End;
        }

        return previous.End;
    }

    /// <summary>The header of the table that a piece begins inside; null if there is none.</summary>
    public string? ContextOf(string text, in TextPiece piece)
    {
        var index = IndexAt(piece.ContentStart);
        if (index == blocks.Count || blocks[index] is not { Kind: MarkdownBlockKind.Table } table || piece.ContentStart < table.HeaderEnd)
            return null;

        // A header over the limit is data, not a header; and repeated for each row it would make the work quadratic.
        var header = text.AsSpan(table.Start, table.HeaderEnd - table.Start);
        if (_headerStart != table.Start)
            (_headerStart, _header) = (table.Start, limits.Counter.Count(header) <= limits.MaxTokens ? header.ToString() : null);
        return _header;
    }

    /// <summary>Cuts between the rows of a table that does not fit, or inside a row that does not fit by itself.</summary>
    private int CutTable(in SplitWindow window, in MarkdownBlock table, int before)
    {
        var text = window.Text;
        var to = TextBreaks.PastSpace(text, window.Reach, window.End);
        var row = TextBreaks.LastLine(text, window.Start, to);
        if (row > table.HeaderEnd)
            return row;

        // The header stays with a row, if they fit together.
        var start = window.Start;
        if (start < table.HeaderEnd)
        {
            if (row == table.HeaderEnd)
                return row;
            if (before >= 0 && RowEnd(window, start) >= 0)
                return before;
        }

        var isRowStart = start == table.Start || text[start - 1] is '\n' or '\r' or ' ' or '\t';
        if (row > start)
            return row;
        if (isRowStart && RowEnd(window, start) is >= 0 and var end)
            return window.From < start ? WithoutOverlap : end;

        var cell = text[start..window.Reach].LastIndexOf('|');
        if (cell > 0)
            return TextBreaks.TrimEnd(text, start, start + cell + 1);
        var word = TextBreaks.LastWord(text, start, to);
        return word > 0 ? word : window.Reach;
    }

    /// <summary>Where a table's row ends; -1 if it is over the limit by itself.</summary>
    private int RowEnd(in SplitWindow window, int start)
    {
        // Not looked for further than a row could reach: each piece of a long row would look through all the rest of it.
        var furthest = FurthestReach(window, start, window.End);
        var length = window.Text[start..furthest].IndexOfAny('\n', '\r');
        var end = length < 0 ? furthest : start + length;
        return (length < 0 && furthest < window.End) || limits.Counter.Count(window.Text[start..end]) > limits.MaxTokens ? -1 : end;
    }

    /// <summary>Whether a stretch of text is over the limit by itself, by the counter's own count.</summary>
    private bool IsOversize(in SplitWindow window, int start, int end) =>
        FurthestReach(window, start, end) < end || limits.Counter.Count(window.Text[start..end]) > limits.MaxTokens;

    /// <summary>What lies behind is over the limit without counting: the ruler may be wrong, but not by a factor of eight, and counting so much would cost too much.</summary>
    private static int FurthestReach(in SplitWindow window, int start, int end) => window.Ruler.Reach(window.Text, start, end, 8 * window.Ruler.Budget);

    /// <summary>The first block that ends behind a position.</summary>
    private int IndexAt(int position)
    {
        var (low, high) = (0, blocks.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (blocks[middle].End > position)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
