using Microsoft.Extensions.AI;

namespace GenAI.Core;

/// <summary>What an <see cref="Answer"/> is.</summary>
public enum AnswerStatus
{
    /// <summary>The text answers the question from the sources.</summary>
    Answered,

    /// <summary>The sources do not hold an answer; the text says so and nothing is cited.</summary>
    NoEvidence,

    /// <summary>An answer was withheld, such as by the content filter of the chat client.</summary>
    Blocked,
}

/// <summary>The reply to a question, with the sources that support it.</summary>
public sealed class Answer
{
    /// <summary>Whether the question was answered.</summary>
    public required AnswerStatus Status { get; init; }

    /// <summary>The reply, with a marker such as <c>[1]</c> behind every part that a citation supports.</summary>
    public required string Text { get; init; }

    /// <summary>The sources of the reply, ordered by number; one or more citations for each marker in <see cref="Text"/>, none that it does not mark.</summary>
    public IReadOnlyList<Citation> Citations { get; init; } = [];

    /// <summary>
    /// The statements of the reply with what their sources say of them, in the order of the text; those that were dropped too. Empty where claims are not verified
    /// (<see cref="Answering.AnswerOptions.Claims"/>), and where the chat client answered nothing.
    /// </summary>
    public IReadOnlyList<Claim> Claims { get; init; } = [];

    /// <summary>The chunks that the reply was made from, best first, whether cited or not.</summary>
    public IReadOnlyList<RetrievedChunk> Sources { get; init; } = [];

    /// <summary>What the chat client spent, if it said so.</summary>
    public UsageDetails? Usage { get; init; }

    internal Answer With(AnswerStatus status, string text, IReadOnlyList<Citation> citations, IReadOnlyList<Claim> claims) => new()
    {
        Status = status,
        Text = text,
        Citations = citations,
        Claims = claims,
        Sources = Sources,
        Usage = Usage,
    };

    /// <summary>The status and the number of citations. The text is left out so that it cannot slip into a log.</summary>
    public override string ToString() => $"{Status}, {Citations.Count} citations";
}

/// <summary>A piece of an answer while it is being written.</summary>
public sealed class AnswerUpdate
{
    /// <summary>The next characters of the answer's text; empty in an update that only carries citations or the end.</summary>
    public required string Text { get; init; }

    /// <summary>The citations whose first marker is in <see cref="Text"/>.</summary>
    public IReadOnlyList<Citation> Citations { get; init; } = [];

    /// <summary>The claims whose verdict came in since the last update; their ranges are in the whole text, of which they may stand in an earlier update.</summary>
    public IReadOnlyList<Claim> Claims { get; init; } = [];

    /// <summary>The whole answer, in the last update only. Its text is the concatenation of all updates' texts.</summary>
    public Answer? Answer { get; init; }
}
