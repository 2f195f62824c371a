using System.Globalization;
using GenAI.Core.Text;

namespace GenAI.Core.Chunking;

/// <summary>Cuts one text into pieces within a limit: a <see cref="TokenRuler"/> proposes how far, a <see cref="BreakRule"/> where, and the counter has the last word.</summary>
/// <remarks>
/// The counter counts each piece once, and again only when the piece was over the limit, each time on less: the counted
/// characters stay within a small multiple of the text's. Made for one pass; not safe for concurrent use.
/// </remarks>
internal sealed class TextSplitter
{
    /// <summary>How many times its share of the characters an overlap may have.</summary>
    private const long MostOverlap = 4;

    private readonly string _text;
    private readonly ChunkLimits _limits;
    private readonly TokenRuler _ruler;

    private BreakRule? _rule;
    private int _position;
    private int _end;
    private int _clusterEnd;
    private TextPiece _previous;
    private bool _mayOverlap;

    public TextSplitter(string text, ChunkLimits limits)
    {
        _text = text;
        _limits = limits;
        _ruler = new TokenRuler(limits);
    }

    /// <summary>Goes on with [<paramref name="start"/>, <paramref name="end"/>), whose first piece has no overlap.</summary>
    public void Enter(int start, int end, BreakRule rule)
    {
        (_position, _end, _rule, _mayOverlap) = (start, end, rule, false);
    }

    /// <summary>Cuts the next piece.</summary>
    /// <returns>False when nothing but white space is left.</returns>
    public bool TryNext(out TextPiece piece)
    {
        var text = _text.AsSpan();
        var start = SkipWhiteSpace(text);
        if (start >= _end)
        {
            piece = default;
            return false;
        }

        // The rest of a cluster that was too long is cut before anything else goes with it.
        var end = start < _clusterEnd ? Math.Min(_clusterEnd, _end) : _end;
        var from = OverlapStart(text, start);
        var overlap = from < start ? _previous.End - from : 0;

        var (budget, ceiling, failures) = (_ruler.Budget, end, 0);
        while (true)
        {
            var reach = Math.Min(_ruler.Reach(text, from, end, budget), ceiling);
            var stop = reach >= end ? ContentEnd(text, start, end) : Cut(text, from, start, GraphemeBoundary.AtOrBefore(text, start, reach), end);
            if (stop <= start)
            {
                if (from == start)
                {
                    piece = CutCluster(text, start, reach, end);
                    break;
                }

                (from, overlap, budget, ceiling, failures) = (start, 0, _ruler.Budget, end, 0);
                continue;
            }

            var tokens = _limits.Counter.Count(text[from..stop]);
            if (tokens <= _limits.MaxTokens)
            {
                piece = new TextPiece(from, start, stop, overlap, tokens);
                if (_rule!.FillsPieces && failures == 0)
                    piece = Fill(text, piece, end);
                break;
            }

            // The ruler was wrong here. First in proportion, then ever faster, so that the work stays in proportion to the text.
            failures++;
            var share = (double)_limits.MaxTokens / tokens * (failures == 1 ? 1 : failures < 4 ? 0.95 : 0.5);
            budget = Math.Min(budget - 1, (long)(_ruler.Measure(text[from..stop]) * share));
            ceiling = failures < 2 ? stop - 1 : Math.Min(stop - 1, from + (int)((stop - from) * Math.Max(share, 0.5)));
        }

        _ruler.Learn(text[piece.Start..piece.End], piece.TokenCount);
        _position = piece.End;
        _previous = piece;
        _mayOverlap = piece.End >= _clusterEnd;
        return true;
    }

    /// <summary>The first position that is neither covered nor white space; earlier if that would part a mark from the space that carries it.</summary>
    private int SkipWhiteSpace(ReadOnlySpan<char> text)
    {
        var start = _position;
        while (start < _end && char.IsWhiteSpace(text[start]))
            start++;
        return start < _end ? GraphemeBoundary.AtOrBefore(text, _position, start) : start;
    }

    private int OverlapStart(ReadOnlySpan<char> text, int start)
    {
        if (!_mayOverlap || _limits.OverlapTokens == 0)
            return start;

        // Never the whole piece before, which would be a copy; and never many times its share of the characters, which a counter blind to
        // the length of words would otherwise let pass from piece to piece.
        var longest = (_previous.End - _previous.Start) * MostOverlap * _limits.OverlapTokens / _limits.MaxTokens;
        var floor = Math.Max(_previous.Start + 1, _previous.End - (int)Math.Min(longest, int.MaxValue / 2));
        var earliest = _ruler.ReachBack(text, _previous.End, Math.Min(floor, _previous.End), _ruler.OverlapBudget);
        earliest = GraphemeBoundary.AtOrAfter(text, _previous.Start, earliest, _previous.End);
        var from = _rule!.OverlapStart(text, earliest, _previous);
        while (from < _previous.End && char.IsWhiteSpace(text[from]))
            from++;
        from = GraphemeBoundary.AtOrAfter(text, earliest, from, _previous.End);
        return from < _previous.End ? from : start;
    }

    private int Cut(ReadOnlySpan<char> text, int from, int start, int reach, int end)
    {
        if (reach <= start)
            return start;

        var stop = _rule!.Cut(new SplitWindow
        {
            Text = text,
            From = from,
            Start = start,
            Reach = reach,
            End = end,
            Ruler = _ruler,
        });
        if (stop == BreakRule.WithoutOverlap && from < start)
            return start;

        // A rule knows lines and words; a mark on a space or a sign that clings to one is seen here.
        while (stop > start)
        {
            stop = TextBreaks.TrimEnd(text, start, stop);
            var whole = GraphemeBoundary.AtOrBefore(text, start, stop);
            if (whole == stop)
                return stop;
            stop = whole;
        }

        return reach;
    }

    /// <summary>Makes a piece longer where the ruler was too careful: what was counted says how much room is left.</summary>
    private TextPiece Fill(ReadOnlySpan<char> text, TextPiece piece, int end)
    {
        // Two steps bring it within a percent or two. Each counts the piece again, at most doubled, to keep the work in proportion.
        for (var step = 0; step < 2 && piece.End < end && piece.TokenCount < _limits.MaxTokens; step++)
        {
            var growth = Math.Min(2, (double)_limits.MaxTokens / Math.Max(1, piece.TokenCount));
            var budget = (long)(_ruler.Measure(text[piece.Start..piece.End]) * growth);
            var reach = _ruler.Reach(text, piece.Start, end, budget);
            var stop = reach >= end ? ContentEnd(text, piece.ContentStart, end) : Cut(text, piece.Start, piece.ContentStart, GraphemeBoundary.AtOrBefore(text, piece.ContentStart, reach), end);
            if (stop <= piece.End)
                break;

            var tokens = _limits.Counter.Count(text[piece.Start..stop]);
            if (tokens > _limits.MaxTokens)
                break;
            piece = piece with { End = stop, TokenCount = tokens };
        }

        return piece;
    }

    private static int ContentEnd(ReadOnlySpan<char> text, int start, int end) =>
        GraphemeBoundary.AtOrAfter(text, start, TextBreaks.TrimEnd(text, start, end), end);

    /// <summary>One cluster for which the ruler sees no room: whole if the counter agrees, otherwise cut between its code points.</summary>
    private TextPiece CutCluster(ReadOnlySpan<char> text, int start, int reach, int end)
    {
        // Its end is looked for, and the whole of it counted, once: what is left of a long cluster is known to be too much.
        var stop = _clusterEnd;
        if (start >= _clusterEnd)
        {
            stop = _clusterEnd = start + StringInfo.GetNextTextElementLength(text[start..end]);
            var whole = _limits.Counter.Count(text[start..stop]);
            if (whole <= _limits.MaxTokens)
                return new TextPiece(start, start, stop, 0, whole);
        }

        // Of a mark on a space only the mark is text.
        while (char.IsWhiteSpace(text[start]))
            start++;
        var first = GraphemeBoundary.CodePointAtOrBefore(text, start, start);
        for (stop = GraphemeBoundary.CodePointAtOrBefore(text, start, Math.Min(reach, stop - 1)); ;)
        {
            var tokens = _limits.Counter.Count(text[start..stop]);
            if (tokens <= _limits.MaxTokens || stop <= first)
                return new TextPiece(start, start, stop, 0, tokens);
            stop = GraphemeBoundary.CodePointAtOrBefore(text, start, start + ((stop - start) / 2));
        }
    }
}
