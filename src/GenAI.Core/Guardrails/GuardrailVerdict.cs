namespace GenAI.Core.Guardrails;

/// <summary>What a guardrail decided.</summary>
public enum GuardrailOutcome
{
    /// <summary>The text passes.</summary>
    Allow,

    /// <summary>It passes with stretches of it replaced.</summary>
    Replace,

    /// <summary>It does not pass.</summary>
    Block,
}

/// <summary>A stretch of a text that a guardrail found.</summary>
/// <param name="Range">Where, in UTF-16 code units of the checked text.</param>
/// <param name="Rule">What found it.</param>
/// <param name="Replacement">What is to stand there instead; not looked at where the text is blocked.</param>
/// <param name="Score">How sure the guardrail is, from 0 to 1, if it can say.</param>
public readonly record struct GuardrailFinding(TextRange Range, string Rule, string Replacement, float? Score = null);

/// <summary>The decision of a guardrail on a text, with what it rests on. Immutable.</summary>
public sealed class GuardrailVerdict
{
    private GuardrailVerdict(GuardrailOutcome outcome, IReadOnlyList<GuardrailFinding> findings, string? reason)
    {
        (Outcome, Findings, Reason) = (outcome, findings, reason);
    }

    /// <summary>The text passes.</summary>
    public static GuardrailVerdict Allow { get; } = new(GuardrailOutcome.Allow, [], null);

    /// <summary>What was decided.</summary>
    public GuardrailOutcome Outcome { get; }

    /// <summary>What was found; at least one where the outcome is <see cref="GuardrailOutcome.Replace"/>.</summary>
    public IReadOnlyList<GuardrailFinding> Findings { get; }

    /// <summary>Why, for people; without the text.</summary>
    public string? Reason { get; }

    /// <summary>The text passes with these stretches replaced.</summary>
    /// <param name="findings">The stretches; where they overlap, all of them go, and the replacement of the one that begins first stands there.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static GuardrailVerdict Replace(IReadOnlyList<GuardrailFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        return findings.Count > 0
            ? new GuardrailVerdict(GuardrailOutcome.Replace, findings, null)
            : throw new ArgumentException($"There is nothing to replace. Return {nameof(GuardrailVerdict)}.{nameof(Allow)}.", nameof(findings));
    }

    /// <summary>The text is blocked.</summary>
    /// <param name="reason">Why, for people; without the text.</param>
    /// <param name="findings">What was found, if it can be pointed at.</param>
    public static GuardrailVerdict Block(string reason, IReadOnlyList<GuardrailFinding>? findings = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new GuardrailVerdict(GuardrailOutcome.Block, findings ?? [], reason);
    }

    /// <summary>The outcome and the number of findings.</summary>
    public override string ToString() => $"{Outcome}, {Findings.Count} findings";
}
