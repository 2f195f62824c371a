using GenAI.Core.Guardrails;

namespace GenAI.Core.PersonalData;

/// <summary>
/// Finds personal data by its form, its check digits and the words around it, and replaces it. It is made of rules, so it works on text that streams without taking back a character. Findings have the
/// name of their <see cref="PersonalDataKind"/> as the rule.
/// </summary>
/// <remarks>Numbers with check digits are only found where these hold. Names need a <see cref="TaggerGuardrail"/>. Safe for concurrent use.</remarks>
public sealed class PersonalDataGuardrail : IRuleBased
{
    private readonly RuleGuardrail _rules;

    /// <summary>Makes a guardrail.</summary>
    /// <param name="options">What it looks for; the defaults if <see langword="null"/>. Copied.</param>
    /// <exception cref="ArgumentException">No kind is asked for that has rules.</exception>
    public PersonalDataGuardrail(PersonalDataOptions? options = null)
    {
        options ??= new PersonalDataOptions();
        _rules = new RuleGuardrail("personal data", PersonalDataRules.Kinds.Where(options.Kinds.Contains).SelectMany(kind => RulesOf(kind, options.OperatorOf(kind))), options.Stages);
    }

    /// <inheritdoc/>
    public string Name => _rules.Name;

    /// <inheritdoc/>
    public GuardrailStages Stages => _rules.Stages;

    /// <summary>The most UTF-16 code units of a text that streams that are ever held back.</summary>
    public int MaxHeldCharacters => _rules.MaxHeldCharacters;

    internal RuleSet Set => _rules.Set;

    RuleGuardrail IRuleBased.Rules => _rules;

    /// <inheritdoc/>
    public ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default) => _rules.CheckAsync(text, cancellationToken);

    private static IEnumerable<TextRule> RulesOf(PersonalDataKind kind, PersonalDataOperator with) =>
        PersonalDataRules.Of(kind, text => with.Apply(kind, text), with.Blocks ? RuleAction.Block : RuleAction.Redact);
}
