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
    private readonly string _text;
    private readonly ChunkLimits _limits;
    private readonly TokenRuler _ruler;

    private BreakRule? _rule;
    private int _position;
    private int _end;
    private int _clusterEnd;
    private TextPiece _previous;
    private bool _mayOverlap;

    // Tokens per token of the ruler, learned from the pieces so far.
    private double _density = 1;

    public TextSplitter(string text, ChunkLimits limits)
    {
        _text = text;
        _limits = limits;
        _ruler = limits.CreateRuler();
    }

    public TokenRuler Ruler => _ruler;

    /// <summary>The length of a whole piece, by the ruler.</summary>
    public long Budget => Scale(_limits.MaxTokens);

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
        _ruler.Forget(from);

        var (budget, ceiling, failures) = (Budget, end, 0);
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

                (from, overlap, budget, ceiling, failures) = (start, 0, Budget, end, 0);
                continue;
            }

            var tokens = _limits.Counter.Count(text[from..stop]);
            if (tokens <= _limits.MaxTokens)
            {
                piece = new TextPiece(from, start, stop, overlap, tokens);
                break;
            }

            // The ruler was wrong here. First in proportion, then ever faster, so that the work stays in proportion to the text.
            failures++;
            var share = (double)_limits.MaxTokens / tokens * (failures == 1 ? 1 : failures < 4 ? 0.95 : 0.5);
            budget = Math.Min(budget - 1, (long)(_ruler.Measure(text, from, stop) * share));
            ceiling = failures < 2 ? stop - 1 : Math.Min(stop - 1, from + (int)((stop - from) * Math.Max(share, 0.5)));
        }

        Learn(text, piece);
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

        // Never the whole piece before: that would be a copy, not an overlap.
        var earliest = _ruler.ReachBack(text, _previous.End, _previous.Start, Scale(_limits.OverlapTokens));
        earliest = Math.Max(earliest, _previous.Start + 1);
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
            Budget = Budget,
            OverlapBudget = Scale(_limits.OverlapTokens),
        });
        stop = TextBreaks.TrimEnd(text, start, stop);
        if (stop <= start)
            return start;

        // A rule knows lines and words; a mark on a space or a sign that clings to one is seen here.
        var whole = GraphemeBoundary.AtOrBefore(text, start, stop);
        return whole > start ? whole : reach;
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

        var first = GraphemeBoundary.CodePointAtOrBefore(text, start, start);
        for (stop = GraphemeBoundary.CodePointAtOrBefore(text, start, Math.Min(reach, stop - 1)); ;)
        {
            var tokens = _limits.Counter.Count(text[start..stop]);
            if (tokens <= _limits.MaxTokens || stop <= first)
                return new TextPiece(start, start, stop, 0, tokens);
            stop = GraphemeBoundary.CodePointAtOrBefore(text, start, start + ((stop - start) / 2));
        }
    }

    private void Learn(ReadOnlySpan<char> text, in TextPiece piece)
    {
        if (_ruler.IsExact)
            return;

        // The longer the piece, the more it says about the next.
        var measured = _ruler.Measure(text, piece.Start, piece.End);
        var weight = 0.5 * Math.Min(1, (double)piece.TokenCount / _limits.MaxTokens);
        if (measured > 0)
            _density = Math.Clamp(_density + (weight * (((double)piece.TokenCount * TokenWeights.PerToken / measured) - _density)), 1.0 / 64, 64);
    }

    private long Scale(int tokens) => (long)(tokens * (TokenWeights.PerToken / _density));
}
