namespace GenAI.Core.Verification;

/// <summary>What a part of an answer is.</summary>
internal enum SegmentKind
{
    /// <summary>A statement.</summary>
    Statement,

    /// <summary>A sentence that announces what follows it; ends with a colon.</summary>
    LeadIn,

    Question,
    Heading,

    /// <summary>A fenced block.</summary>
    Code,

    /// <summary>No words at all, such as a rule or the line under a table's header.</summary>
    Nothing,
}

/// <summary>A part of an answer that is checked as one.</summary>
/// <param name="Range">Where it stands, with its markers, without the white space around.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Markers">Its markers.</param>
/// <param name="Ends">Whether a paragraph ends with it: a blank line, a heading or code follows, or nothing.</param>
/// <param name="IsListItem">Whether it is in a list.</param>
internal sealed record ClaimSegment(TextRange Range, SegmentKind Kind, IReadOnlyList<Marker> Markers, bool Ends, bool IsListItem);
