namespace GenAI.Core.Verification;

/// <summary>A part of a text with the sources that it is checked against.</summary>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Text">Its characters.</param>
/// <param name="Segment">The part, with ranges in <paramref name="Text"/>.</param>
/// <param name="Sources">The numbers that it cites, as they are written: they may name no source.</param>
internal sealed record CitedSegment(int Start, string Text, ClaimSegment Segment, IReadOnlyList<int> Sources)
{
    public TextRange Range => new(Start, Text.Length);

    public override string ToString() => $"{Segment.Kind} {Range}";
}

/// <summary>Reads the claims of a text that may still grow, each with what it cites.</summary>
/// <remarks>
/// A sentence without a marker belongs to the passage that the next marker of its paragraph ends, and is checked against that one's sources; so it waits for it. List items
/// without markers are checked against those of the sentence that announces the list. One reader for each text.
/// </remarks>
internal sealed class ClaimReader
{
    private readonly ClaimSegmenter _segmenter = new();
    private readonly Queue<CitedSegment> _ready = [];
    private readonly List<CitedSegment> _waiting = [];
    private int[] _ofList = [];

    /// <summary>The next claim.</summary>
    /// <param name="text">The text so far.</param>
    /// <param name="isWhole">Whether nothing follows.</param>
    /// <returns><see langword="null"/> if none is known yet.</returns>
    public CitedSegment? Next(ReadOnlySpan<char> text, bool isWhole)
    {
        while (_ready.Count == 0)
        {
            if (_segmenter.Next(text, isWhole) is not { } segment)
            {
                if (!isWhole || _waiting.Count == 0)
                    return null;
                Release([]);
                break;
            }

            Add(segment, text);
        }

        return _ready.Dequeue();
    }

    private void Add(ClaimSegment segment, ReadOnlySpan<char> text)
    {
        int[] own = [.. segment.Markers.SelectMany(marker => marker.Each()).Distinct().Order()];
        _waiting.Add(new CitedSegment(segment.Range.Start, segment.Range.Of(text).ToString(), Rebased(segment), []));
        if (own.Length > 0)
        {
            if (!segment.IsListItem)
                _ofList = text[..segment.Range.End].TrimEnd() is [.., ':'] || Announces(segment, text) ? own : [];
            Release(own);
        }
        else if (segment.IsListItem && _ofList.Length > 0)
        {
            Release(_ofList);
        }
        else if (segment.Ends && segment.Kind is not SegmentKind.LeadIn)
        {
            Release([]);
        }

        if (own.Length == 0 && !segment.IsListItem && segment.Kind is SegmentKind.Statement or SegmentKind.Heading)
            _ofList = [];
    }

    // "The options are [1]:"; the colon may also stand in front: "The options are: [1]".
    private static bool Announces(ClaimSegment segment, ReadOnlySpan<char> text) => text[segment.Range.Start..segment.Markers[0].Range.Start].TrimEnd() is [.., ':'];

    private void Release(IReadOnlyList<int> sources)
    {
        foreach (var segment in _waiting)
            _ready.Enqueue(segment with { Sources = sources });
        _waiting.Clear();
    }

    private static ClaimSegment Rebased(ClaimSegment segment) => segment with
    {
        Range = segment.Range with { Start = 0 },
        Markers = [.. segment.Markers.Select(marker => marker with { Range = marker.Range with { Start = marker.Range.Start - segment.Range.Start } })],
    };
}
