namespace GenAI.Core.Policies;

/// <summary>A rule in words that a reply must keep to, such as "The reply gives no medical advice." Immutable.</summary>
/// <param name="name">The name, which reports use.</param>
/// <param name="text">The rule, as one sentence that is true of a good reply.</param>
public sealed class Principle(string name, string text)
{
    /// <summary>The name.</summary>
    public string Name { get; } = string.IsNullOrWhiteSpace(name) ? throw new ArgumentException("The principle has no name. Give it one, which reports can use.", nameof(name)) : name;

    /// <summary>The rule.</summary>
    public string Text { get; } = string.IsNullOrWhiteSpace(text) ? throw new ArgumentException($"The principle '{name}' says nothing. Write it as a sentence that is true of a good reply.", nameof(text)) : text;
}

/// <summary>Whether a reply keeps to a principle.</summary>
public enum PrincipleVerdict
{
    /// <summary>The judge did not say in time, or said something that is no verdict. It is neither of the others.</summary>
    Unscorable,

    /// <summary>It does.</summary>
    Kept,

    /// <summary>It does not.</summary>
    Violated,
}

/// <summary>What the judge said of one principle. Immutable.</summary>
/// <param name="Principle">The principle.</param>
/// <param name="Verdict">Whether the reply keeps to it.</param>
/// <param name="Reason">Why, in the judge's words or, where there is no verdict, in ours; may hold parts of the reply.</param>
public sealed record PrincipleFinding(Principle Principle, PrincipleVerdict Verdict, string Reason)
{
    /// <summary>The name and the verdict. The reason is left out, so that the reply cannot slip into a log.</summary>
    public override string ToString() => $"{Principle.Name}: {Verdict}";
}

/// <summary>A review of a reply by principles.</summary>
public sealed class PrinciplesReport
{
    /// <summary>The reply, revised if it had to be.</summary>
    public required string Text { get; init; }

    /// <summary>How often it was revised.</summary>
    public required int Revisions { get; init; }

    /// <summary>What was said of the reply as it came, principle by principle.</summary>
    public required IReadOnlyList<PrincipleFinding> First { get; init; }

    /// <summary>What was said of <see cref="Text"/>.</summary>
    public required IReadOnlyList<PrincipleFinding> Last { get; init; }

    /// <summary>Whether all principles are kept.</summary>
    public bool IsKept => Last.All(finding => finding.Verdict == PrincipleVerdict.Kept);

    /// <summary>How many principles are kept. The text is left out, so that it cannot slip into a log.</summary>
    public override string ToString() => $"{Last.Count(finding => finding.Verdict == PrincipleVerdict.Kept)} of {Last.Count} principles kept after {Revisions} revisions";
}
