namespace GenAI.Core.Guardrails;

/// <summary>A decision of a guardrail, for logs and counters. It never carries the text.</summary>
public sealed class GuardrailDecision
{
    /// <summary>The name of the guardrail.</summary>
    public required string Guardrail { get; init; }

    /// <summary>Where the text was met.</summary>
    public required GuardrailStages Stage { get; init; }

    /// <summary>What was decided.</summary>
    public required GuardrailOutcome Outcome { get; init; }

    /// <summary>What was found, with ranges in the text that was checked; in text that streams, from the beginning of the reply.</summary>
    public IReadOnlyList<GuardrailFinding> Findings { get; init; } = [];

    /// <summary>Why, for people; without the text.</summary>
    public string? Reason { get; init; }

    /// <summary>What the guardrail threw, if it could not decide: a <see cref="TimeoutException"/> if it took too long.</summary>
    public Exception? Error { get; init; }

    /// <summary>The guardrail, the stage and the outcome.</summary>
    public override string ToString() => $"{Guardrail}: {Outcome} at {Stage}, {Findings.Count} findings";
}
