using System.Buffers;
using GenAI.Core.Text;

namespace GenAI.Core.Verification;

/// <summary>Cuts an answer into what can be checked one by one: sentences, list items, table rows, headings, code.</summary>
/// <remarks>
/// Works on a text that grows: a segment is given out as soon as nothing that may follow can change it, so every split of a text into pieces gives the same segments.
/// A marker behind the full stop belongs to the sentence before it. One segmenter for each text.
/// </remarks>
internal sealed class ClaimSegmenter
{
    /// <summary>A longer run without the end of a sentence is cut.</summary>
    internal const int MaxLength = 4096;

    /// <summary>In so many characters most sentences end, and the segmenter has its look ahead.</summary>
    private const int Window = 640;

    /// <summary>The segmenter looks so far for the next word, and a little more to know it.</summary>
    private const int LookAhead = 160;

    private static readonly SearchValues<char> LineMarks = SearchValues.Create("-=*_+`~#>|[]0123456789.) \t");

    private readonly List<TextRange> _sentences = [];
    private int _at;
    private int _codeLine;
    private bool _atLineStart = true;

    /// <summary>Where the text that is not given out begins.</summary>
    public int Position => _at;

    /// <summary>The next segment.</summary>
    /// <param name="text">The text so far; must begin as it did at the last call.</param>
    /// <param name="isWhole">Whether nothing follows.</param>
    /// <returns><see langword="null"/> if the next segment is not known yet, or if there is none.</returns>
    public ClaimSegment? Next(ReadOnlySpan<char> text, bool isWhole)
    {
        var start = _at;
        var startsLine = _atLineStart;
        while (start < text.Length && char.IsWhiteSpace(text[start]))
            startsLine |= text[start++] is '\n' or '\r';
        if (start == text.Length)
            return null;

        if (startsLine && !isWhole && text.Length - start < 4)
            return null;
        return startsLine && IsFence(text[start..]) ? NextCode(text, start, isWhole) : NextSentence(text, start, startsLine, isWhole);
    }

    private ClaimSegment? NextCode(ReadOnlySpan<char> text, int start, bool isWhole)
    {
        var mark = text[start];
        var width = text[start..].IndexOfAnyExcept(mark);
        width = width < 0 ? text.Length - start : width;
        var end = text.Length;
        var isClosed = false;
        for (var line = Math.Max(_codeLine, LineEnd(text, start)); line < text.Length && !isClosed;)
        {
            // The lines before this one need no second look when more text comes.
            _codeLine = line;
            var from = line + 1;
            line = LineEnd(text, from);
            var content = text[from..line].Trim();
            if (content.Length >= width && content.IndexOfAnyExcept(mark) < 0 && (line < text.Length || isWhole))
                (end, isClosed) = (line, true);
        }

        if (!isClosed && !isWhole)
            return null;
        while (end > start && char.IsWhiteSpace(text[end - 1]))
            end--;
        return Give(new ClaimSegment(TextRange.FromBounds(start, end), SegmentKind.Code, [], Ends: true, IsListItem: false), text);
    }

    private ClaimSegment? NextSentence(ReadOnlySpan<char> text, int start, bool startsLine, bool isWhole)
    {
        var end = EndOfSentence(text, start, Window, isWhole);
        if (end < 0)
            end = EndOfSentence(text, start, MaxLength, isWhole);
        if (end < 0)
            return null;

        // Markers behind the stop, on the same line.
        var range = text[start..end];
        var markers = MarkerReader.All(text, TextRange.FromBounds(start, end));
        var at = end;
        while (true)
        {
            var next = at;
            while (next < text.Length && next - at < LookAhead && text[next] is ' ' or '\t' or '\u00A0')
                next++;
            if (next == text.Length && !isWhole && next - at < LookAhead)
                return null;
            if (next == text.Length || !MarkerSyntax.IsOpening(text[next]))
                break;
            var marker = MarkerReader.Read(text, next, out var isOpen);
            if (!isWhole && (isOpen || (marker is not null && text[marker.Range.End..].TrimStart(" \t\u00A0").IsEmpty)))
                return null;

            // With a marker of its own already, the next one begins another sentence, unless it stands alone or touches.
            if (marker is null || (markers.Count > 0 && next > at && !EndsLine(text, marker.Range.End)))
                break;
            markers.Add(marker);
            at = end = marker.Range.End;
        }

        // What follows decides whether the paragraph ends: the next line has to be there, or a word on this one.
        var (breaks, isKnown) = Breaks(text, end, isWhole);
        if (!isKnown)
            return null;
        return Give(new ClaimSegment(TextRange.FromBounds(start, end), KindOf(range, markers, start, startsLine), markers, breaks, startsLine && LineShape.Of(FirstLine(range)).Kind is LineKind.ListItem), text);
    }

    private ClaimSegment Give(ClaimSegment segment, ReadOnlySpan<char> text)
    {
        _at = segment.Range.End;
        _codeLine = 0;
        _atLineStart = segment.Kind is SegmentKind.Code || (_at < text.Length && text[_at] is '\n' or '\r');
        return segment;
    }

    private int EndOfSentence(ReadOnlySpan<char> text, int start, int window, bool isWhole)
    {
        var isCut = text.Length - start > window;
        var slice = text.Slice(start, Math.Min(window, text.Length - start));
        _sentences.Clear();
        SentenceSegmenter.Segment(slice, _sentences);
        if (_sentences.Count > 1)
        {
            var (end, next) = (start + _sentences[0].End, start + _sentences[1].Start);
            if ((isWhole && !isCut) || IsWordComplete(text, next, start + slice.Length))
                return end;
        }

        if (_sentences.Count == 1 && isWhole && !isCut)
            return start + _sentences[0].End;
        if (window < MaxLength || !isCut)
            return -1;

        // No end in sight: cut between words, and never inside a surrogate pair.
        var cut = slice.LastIndexOfAny(' ', '\n');
        if (cut < MaxLength / 2)
            cut = char.IsHighSurrogate(slice[^1]) ? slice.Length - 1 : slice.Length;
        return start + slice[..cut].TrimEnd().Length;
    }

    /// <summary>Whether enough of the next sentence is there that the end of the one before it cannot move.</summary>
    private static bool IsWordComplete(ReadOnlySpan<char> text, int next, int limit)
    {
        // A line of rules or fence marks is known when it is over.
        var rest = text[next..limit];
        if (rest.Length >= LookAhead)
            return true;
        var word = rest.IndexOfAnyExcept(LineMarks);
        if (word < 0 || MarkerSyntax.IsOpening(rest[word]))
            return rest.Contains('\n');
        var end = rest[word..].IndexOfAny(" \t\n\r");
        return end > 0;
    }

    private static (bool Breaks, bool IsKnown) Breaks(ReadOnlySpan<char> text, int end, bool isWhole)
    {
        var lines = 0;
        for (var i = end; i < text.Length; i++)
        {
            if (text[i] == '\n')
                lines++;
            else if (text[i] is '\f' or '\u2029')
                return (true, true);
            else if (!char.IsWhiteSpace(text[i]))
                return lines > 1 ? (true, true) : lines == 0 ? (false, true) : NextLineBreaks(text[i..], isWhole);
            if (lines > 1)
                return (true, true);
        }

        return (isWhole, isWhole);
    }

    private static (bool Breaks, bool IsKnown) NextLineBreaks(ReadOnlySpan<char> line, bool isWhole) =>
        line[0] == '#' || IsFence(line) ? (true, true) : (false, isWhole || line.Length >= 3 || line[0] is not ('`' or '~'));

    private static SegmentKind KindOf(ReadOnlySpan<char> text, List<Marker> markers, int start, bool startsLine)
    {
        var shape = LineShape.Of(FirstLine(text));
        if (!HasWord(text))
            return SegmentKind.Nothing;
        if (startsLine && shape.Kind is LineKind.Heading && markers.Count == 0)
            return SegmentKind.Heading;
        var bare = text.TrimEnd("*_ \"'`)\u201D\u00BB");
        foreach (var marker in markers)
        {
            if (marker.Range.End - start <= text.Length && text[(marker.Range.End - start)..].Trim("*_ .").IsEmpty)
                bare = text[..(marker.Range.Start - start)].TrimEnd();
        }

        if (bare is [.., '?' or '\uFF1F' or '\u061F' or '\u037E'] && markers.Count == 0)
            return SegmentKind.Question;

        // A line in bold alone is a heading too.
        if (startsLine && markers.Count == 0 && text.StartsWith("**") && text.TrimEnd(':') is [.., '*', '*'] && text[2..^2].IndexOf("**", StringComparison.Ordinal) < 0)
            return SegmentKind.Heading;
        return bare is [.., ':' or '\uFF1A'] && markers.Count == 0 ? SegmentKind.LeadIn : SegmentKind.Statement;
    }

    private static bool HasWord(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c))
                return true;
        }

        return false;
    }

    private static bool EndsLine(ReadOnlySpan<char> text, int at)
    {
        var rest = text[at..].TrimStart(" \t\u00A0");
        return rest.IsEmpty || rest[0] is '\n' or '\r';
    }

    private static ReadOnlySpan<char> FirstLine(ReadOnlySpan<char> text) => text[..LineEnd(text, 0)];

    private static int LineEnd(ReadOnlySpan<char> text, int from)
    {
        var length = from >= text.Length ? -1 : text[from..].IndexOf('\n');
        return length < 0 ? text.Length : from + length;
    }

    private static bool IsFence(ReadOnlySpan<char> text) => text.StartsWith("```") || text.StartsWith("~~~");
}
