using System.Text;
using GenAI.Core.Verification;

namespace GenAI.Core.Answering;

/// <summary>Puts an answer together from its claims: kept, marked or left out. What is in it stays.</summary>
/// <remarks>
/// A heading, a question or a sentence that leads over waits for a claim that is kept behind it, and goes where none is. Of the white space around what is left out, the wider remains.
/// </remarks>
internal sealed class ClaimedText(string mark)
{
    private readonly StringBuilder _text = new();
    private readonly List<(TextRange From, int To)> _pieces = [];
    private readonly List<(CitedSegment Segment, Claim Claim, string Gap)> _waiting = [];
    private readonly HashSet<int> _numbers = [];
    private string _gap = "";
    private string _bullet = "";
    private bool _hasDropped;

    /// <summary>The claims so far, with the ranges that they have in the result.</summary>
    public List<Claim> Claims { get; } = [];

    public int Length => _text.Length;

    public string Slice(int from) => _text.ToString(from, _text.Length - from);

    /// <summary>Adds the next claim.</summary>
    /// <param name="segment">Where it stood.</param>
    /// <param name="claim">Its verdict.</param>
    /// <param name="gap">The white space in front of it.</param>
    /// <param name="action">What becomes of it.</param>
    public void Add(CitedSegment segment, Claim claim, string gap, ClaimAction action)
    {
        if (action is ClaimAction.Drop or ClaimAction.AskAgain)
        {
            Drop(claim, gap);
            var bullet = BulletOf(segment);
            _bullet = bullet.Length > 0 ? bullet : gap.Contains('\n', StringComparison.Ordinal) ? "" : _bullet;
            return;
        }

        if (claim.Verdict is not ClaimVerdict.NotCheckable)
        {
            Flush();
            Append(segment, claim, gap, action);
            return;
        }

        if (_hasDropped)
            DropWaiting();
        _waiting.Add((segment, claim, gap));
    }

    /// <summary>Ends the text.</summary>
    public void Complete()
    {
        if (_hasDropped)
            DropWaiting();
        Flush();
    }

    /// <summary>A citation as the result needs it; <see langword="null"/> if nothing that it stands behind is in it.</summary>
    public Citation? Map(Citation citation)
    {
        if (!_numbers.Contains(citation.Number))
            return null;
        TextRange[] ranges = [.. citation.AnswerRanges.Select(Map).OfType<TextRange>()];
        return ranges.Length == 0 && citation.AnswerRanges.Count > 0 ? null : citation.With(ranges);
    }

    private TextRange? Map(TextRange range)
    {
        int start = -1, end = -1;
        foreach (var (from, to) in _pieces)
        {
            if (!from.Overlaps(range))
                continue;
            var first = Math.Max(from.Start, range.Start);
            if (start < 0)
                start = to + first - from.Start;
            end = to + Math.Min(from.End, range.End) - from.Start;
        }

        return start < 0 ? null : TextRange.FromBounds(start, end);
    }

    private void Flush()
    {
        foreach (var (segment, claim, gap) in _waiting)
            Append(segment, claim, gap, ClaimAction.Keep);
        _waiting.Clear();
        _hasDropped = false;
    }

    private void DropWaiting()
    {
        foreach (var (_, claim, gap) in _waiting)
            Drop(claim, gap);
        _waiting.Clear();
        _hasDropped = false;
    }

    private void Drop(Claim claim, string gap)
    {
        Claims.Add(claim.With(new TextRange(_text.Length, 0), ClaimAction.Drop));
        _gap = Wider(_gap, gap);
        _hasDropped = true;
    }

    private void Append(CitedSegment segment, Claim claim, string gap, ClaimAction action)
    {
        var isSameLine = !gap.Contains('\n', StringComparison.Ordinal);
        if (_text.Length > 0)
            _text.Append(Wider(_gap, gap));
        if (isSameLine)
            _text.Append(_bullet);
        (_gap, _bullet) = ("", "");
        var range = new TextRange(_text.Length, segment.Text.Length);
        _pieces.Add((segment.Range, range.Start));
        _text.Append(segment.Text);
        if (action is ClaimAction.Mark)
            _text.Append(mark);
        foreach (var marker in segment.Segment.Markers)
            _numbers.UnionWith(marker.Each());
        Claims.Add(claim.With(range, action));
    }

    private static string Wider(string one, string other) =>
        other.AsSpan().Count('\n') > one.AsSpan().Count('\n') || one.Length == 0 ? other : one;

    /// <summary>The bullet or number that a list item begins with, with the space behind it.</summary>
    private static string BulletOf(CitedSegment segment)
    {
        if (!segment.Segment.IsListItem)
            return "";
        var end = segment.Text.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? "" : segment.Text[..(end + 1)];
    }
}
