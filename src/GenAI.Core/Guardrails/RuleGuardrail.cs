namespace GenAI.Core.Guardrails;

/// <summary>A guardrail of literal and regular-expression rules, which also works on text that streams, without taking back a character.</summary>
/// <remarks>
/// <para>All rules are one finite automaton. For text that streams it knows at any moment the shortest suffix that could still become a match; only that is held back, never more than
/// <see cref="MaxHeldCharacters"/>, and what is let through never contains any part of a match.</para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
public sealed class RuleGuardrail : IRuleBased
{
    private readonly RuleSet _rules;

    /// <summary>Makes a guardrail.</summary>
    /// <param name="name">The name, which decisions report.</param>
    /// <param name="rules">The rules, at least one.</param>
    /// <param name="stages">Where they hold. The default is everywhere.</param>
    /// <exception cref="ArgumentException">There is no rule.</exception>
    /// <exception cref="FormatException">The rules are too large together; the message says what to do.</exception>
    public RuleGuardrail(string name, IEnumerable<TextRule> rules, GuardrailStages stages = GuardrailStages.All)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(rules);
        (Name, Stages, Rules) = (name, stages, [.. rules]);
        if (Rules.Count == 0)
            throw new ArgumentException($"The guardrail '{name}' has no rule. Give one at least.", nameof(rules));
        _rules = new RuleSet(Rules);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public GuardrailStages Stages { get; }

    /// <summary>The rules.</summary>
    public IReadOnlyList<TextRule> Rules { get; }

    /// <summary>The most UTF-16 code units of a text that streams that are ever held back.</summary>
    public int MaxHeldCharacters => _rules.MaxHeld;

    internal RuleSet Set => _rules;

    RuleGuardrail IRuleBased.Rules => this;

    /// <inheritdoc/>
    public ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Check(text.Text));
    }

    private GuardrailVerdict Check(string text)
    {
        var scanner = new RuleScanner(_rules);
        scanner.ReadWhole(text);
        if (scanner.Blocked is { } blocked)
            return GuardrailVerdict.Block($"The text matches the rule '{_rules[blocked.Rule].Name}'.", [FindingOf(blocked)]);
        var findings = new List<GuardrailFinding>();
        var covered = 0L;
        foreach (var match in scanner.TakeSettled())
        {
            // What lies within another match goes with it.
            if (match.End <= covered)
                continue;
            findings.Add(FindingOf(match));
            covered = match.End;
        }

        return findings.Count == 0 ? GuardrailVerdict.Allow : GuardrailVerdict.Replace(findings);
    }

    private GuardrailFinding FindingOf(RuleMatch match) =>
        new(TextRange.FromBounds((int)match.Start, (int)match.End), _rules[match.Rule].Name, _rules[match.Rule].ReplacementFor(match.Text));
}
