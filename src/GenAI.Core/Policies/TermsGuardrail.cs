using GenAI.Core.Guardrails;

namespace GenAI.Core.Policies;

/// <summary>Keeps terms out: words and phrases of any script, whole words in whatever case, with their forms ("strike" finds "striking" and "strikes"). It is made of rules, so it works on text that streams.</summary>
/// <remarks>For terms without their forms, or with other replacements, see <see cref="TextRule.Terms"/>. Safe for concurrent use.</remarks>
public sealed class TermsGuardrail : IRuleBased
{
    private readonly RuleGuardrail _rules;

    /// <summary>Makes a guardrail.</summary>
    /// <param name="name">The name, which decisions report, and which stands in place of what was found.</param>
    /// <param name="denied">The terms, at least one; none empty.</param>
    /// <param name="action">What is done with a text that has one.</param>
    /// <param name="stages">Where the guardrail holds. The default is everywhere.</param>
    /// <exception cref="ArgumentException">There is no term, or one is empty.</exception>
    public TermsGuardrail(string name, IEnumerable<string> denied, RuleAction action = RuleAction.Redact, GuardrailStages stages = GuardrailStages.All)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(denied);
        _rules = new RuleGuardrail(name, TermRules.Of(name, denied, action), stages);
    }

    /// <inheritdoc/>
    public string Name => _rules.Name;

    /// <inheritdoc/>
    public GuardrailStages Stages => _rules.Stages;

    RuleGuardrail IRuleBased.Rules => _rules;

    /// <summary>Keeps common English swear words and slurs out.</summary>
    /// <param name="action">What is done with a text that has one..</param>
    /// <param name="stages">Where the guardrail holds.</param>
    public static TermsGuardrail Profanity(RuleAction action = RuleAction.Redact, GuardrailStages stages = GuardrailStages.Input | GuardrailStages.Output) => new("profanity", ProfaneWords.All, action, stages);

    /// <inheritdoc/>
    public ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default) => _rules.CheckAsync(text, cancellationToken);
}

/// <summary>Rules of terms with their forms.</summary>
internal static class TermRules
{
    public static IEnumerable<TextRule> Of(string name, IEnumerable<string> terms, RuleAction action) => terms.Select(term => string.IsNullOrWhiteSpace(term)
        ? throw new ArgumentException($"A term of '{name}' is empty. Leave it out.", nameof(terms))
        : TextRule.Regex(name, Inflections.Pattern(term), action, ignoreCase: true));
}
