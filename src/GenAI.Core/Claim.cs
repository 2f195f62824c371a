namespace GenAI.Core;

/// <summary>What the cited sources say of a claim.</summary>
public enum ClaimVerdict
{
    /// <summary>Nothing to check: a question, a heading, code, a sentence that only leads over.</summary>
    NotCheckable,

    /// <summary>A cited source says it.</summary>
    Supported,

    /// <summary>A cited source says a part of it; some detail or word is not there.</summary>
    Partly,

    /// <summary>No cited source says it, or none is cited.</summary>
    Unsupported,

    /// <summary>A cited source says something else of the same matter: another number, or the opposite.</summary>
    Contradicted,

    /// <summary>The checks that need no model found nothing wrong, and the model that had to decide failed, took too long or answered nonsense.</summary>
    Unscorable,
}

/// <summary>A check that a claim can fail.</summary>
public enum ClaimCheck
{
    /// <summary>It cites a source of this request.</summary>
    Citation,

    /// <summary>What it puts in quotation marks stands in the cited source, word for word.</summary>
    Quote,

    /// <summary>Its numbers are in the evidence.</summary>
    Number,

    /// <summary>Its units, percentages and currencies are those of the evidence.</summary>
    Unit,

    /// <summary>Its dates and times are in the evidence.</summary>
    Date,

    /// <summary>Its names are in the evidence.</summary>
    Name,

    /// <summary>Its identifiers, such as versions, options and codes, are in the evidence.</summary>
    Identifier,

    /// <summary>What it denies or affirms, and in which direction, is what the evidence denies or affirms.</summary>
    Polarity,

    /// <summary>It says all, only, never or at least where the evidence does.</summary>
    Quantifier,

    /// <summary>Enough of its words are in one place of a source.</summary>
    Support,

    /// <summary>A model says that it follows from the evidence.</summary>
    Entailment,
}

/// <summary>What becomes of a claim with a certain <see cref="ClaimVerdict"/>.</summary>
public enum ClaimAction
{
    /// <summary>It stays as it is; its verdict is in <see cref="Answer.Claims"/>.</summary>
    Keep,

    /// <summary>It stays, with a mark behind it.</summary>
    Mark,

    /// <summary>It is left out of the answer.</summary>
    Drop,

    /// <summary>The chat client is asked again, and told what failed. If the bound on that is reached, the claim is dropped.</summary>
    AskAgain,

    /// <summary>The whole answer becomes <see cref="AnswerStatus.NoEvidence"/>.</summary>
    Abstain,
}

/// <summary>A statement of a text, most often a sentence, and what the sources that it cites say of it.</summary>
public sealed class Claim
{
    /// <summary>Where it stands in the text, with its markers. Empty, at the place where it stood, if it was dropped.</summary>
    public required TextRange Range { get; init; }

    /// <summary>Its characters, with its markers, as they were checked.</summary>
    public required string Text { get; init; }

    /// <summary>What the sources say of it.</summary>
    public required ClaimVerdict Verdict { get; init; }

    /// <summary>How well the evidence supports it, 0 to 1: what thresholds are fitted on. 0 where nothing was checked.</summary>
    public double Score { get; init; }

    /// <summary>The numbers of the sources that it cites, itself or through the sentence that its passage ends with; ascending.</summary>
    public IReadOnlyList<int> Sources { get; init; } = [];

    /// <summary>The part of a source that decided; <see langword="null"/> if none is near.</summary>
    public ClaimEvidence? Evidence { get; init; }

    /// <summary>The checks that failed, the one that decided first. Empty for a supported claim.</summary>
    public IReadOnlyList<ClaimFailure> Failures { get; init; } = [];

    /// <summary>What was done with it.</summary>
    public ClaimAction Action { get; init; }

    internal Claim With(TextRange range, ClaimAction action) => new()
    {
        Range = range,
        Text = Text,
        Verdict = Verdict,
        Score = Score,
        Sources = Sources,
        Evidence = Evidence,
        Failures = Failures,
        Action = action,
    };

    /// <summary>Verdict and range. The text is left out so that it cannot slip into a log.</summary>
    public override string ToString() => $"{Verdict} {Range}";
}

/// <summary>The part of a source that a verdict rests on.</summary>
public sealed class ClaimEvidence
{
    /// <summary>The number of the source, from 1.</summary>
    public required int Source { get; init; }

    /// <summary>Its id: in an <see cref="Answer"/>, the id of the document.</summary>
    public string? DocumentId { get; init; }

    /// <summary>Where the part stands: in an <see cref="Answer"/>, in the document's text; otherwise in the source's.</summary>
    public required TextRange Range { get; init; }

    /// <summary>Its characters.</summary>
    public required string Quote { get; init; }

    /// <summary>The source and the range.</summary>
    public override string ToString() => $"[{Source}] {Range}";
}

/// <summary>A check that a claim failed, and why.</summary>
public sealed class ClaimFailure
{
    /// <summary>The check.</summary>
    public required ClaimCheck Check { get; init; }

    /// <summary>What failed it, in the claim's <see cref="Claim.Text"/>; all of it where no part is to blame.</summary>
    public required TextRange Range { get; init; }

    /// <summary>Why, in English, for a reader or a model. It holds words of the claim.</summary>
    public required string Reason { get; init; }

    /// <summary>The check and the range. The reason is left out so that the claim cannot slip into a log.</summary>
    public override string ToString() => $"{Check} {Range}";
}
