using GenAI.Core.Guardrails;

namespace GenAI.Core.Leaks;

/// <summary>
/// Finds keys and tokens in the formats of the common providers, private keys, JSON web tokens, passwords in connection strings and URLs, and strings of high entropy behind a word such as "secret",
/// and replaces or blocks them. It is made of rules, so it works on text that streams. Findings have what they are as the rule, such as <c>GitHub token</c>.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
/// <param name="action">What is done with a text that holds a secret. The default is to put the name of the kind in its place.</param>
/// <param name="stages">Where the guardrail holds. The default is everywhere.</param>
public sealed class SecretsGuardrail(RuleAction action = RuleAction.Redact, GuardrailStages stages = GuardrailStages.All) : IRuleBased
{
    private readonly RuleGuardrail _rules = new("secrets", SecretRules.All(action), stages);

    /// <inheritdoc/>
    public string Name => _rules.Name;

    /// <inheritdoc/>
    public GuardrailStages Stages => _rules.Stages;

    /// <summary>The most UTF-16 code units of a text that streams that are ever held back.</summary>
    public int MaxHeldCharacters => _rules.MaxHeldCharacters;

    RuleGuardrail IRuleBased.Rules => _rules;

    /// <inheritdoc/>
    public ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default) => _rules.CheckAsync(text, cancellationToken);
}
