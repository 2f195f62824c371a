namespace GenAI.Core;

/// <summary>The exact characters of a document that support a part of an <see cref="Answer"/>.</summary>
/// <remarks>Checked before it is returned: <c>Range.Of(document.Text) == Quote</c>.</remarks>
public sealed class Citation
{
    /// <summary>The number of the marker in the answer's text, from 1: citation 2 belongs to <c>[2]</c>.</summary>
    public required int Number { get; init; }

    /// <summary>The id of the cited <see cref="Document"/>.</summary>
    public required string DocumentId { get; init; }

    /// <summary>The id of the <see cref="Chunk"/> that the quote was found in.</summary>
    public required string ChunkId { get; init; }

    /// <summary>Where the quote stands in the document's text.</summary>
    public required TextRange Range { get; init; }

    /// <summary>The cited characters, exactly as in the document.</summary>
    public required string Quote { get; init; }

    /// <summary>The parts of the answer's text, without the marker, that this citation supports.</summary>
    public IReadOnlyList<TextRange> AnswerRanges { get; init; } = [];

    /// <summary>The document's title, if it has one.</summary>
    public string? Title { get; init; }

    /// <summary>Where the document came from, if known.</summary>
    public Uri? Source { get; init; }

    internal Citation With(IReadOnlyList<TextRange> answerRanges) => new()
    {
        Number = Number,
        DocumentId = DocumentId,
        ChunkId = ChunkId,
        Range = Range,
        Quote = Quote,
        AnswerRanges = answerRanges,
        Title = Title,
        Source = Source,
    };

    /// <summary>The number, the document and the range. The quote is left out so that it cannot slip into a log.</summary>
    public override string ToString() => $"[{Number}] {DocumentId} {Range}";
}
