using GenAI.Core.Guardrails;

namespace GenAI.Core.PersonalData;

/// <summary>What a <see cref="PersonalDataGuardrail"/> looks for, and what it puts in its place.</summary>
public sealed class PersonalDataOptions
{
    /// <summary>The kinds that are looked for.</summary>
    /// <value>The default is all that need no tagger, but <see cref="PersonalDataKind.WebAddress"/> and <see cref="PersonalDataKind.Age"/>.</value>
    public ISet<PersonalDataKind> Kinds { get; } = new HashSet<PersonalDataKind>(PersonalDataRules.Kinds.Except([PersonalDataKind.WebAddress, PersonalDataKind.Age]));

    /// <summary>What stands in place of what was found.</summary>
    /// <value>The default is <see cref="PersonalDataOperator.Redact"/>.</value>
    public PersonalDataOperator Operator { get; set; } = PersonalDataOperator.Redact;

    /// <summary>What stands in place of some kinds, where that differs from <see cref="Operator"/>.</summary>
    public IDictionary<PersonalDataKind, PersonalDataOperator> Operators { get; } = new Dictionary<PersonalDataKind, PersonalDataOperator>();

    /// <summary>Where the guardrail holds.</summary>
    /// <value>The default is everywhere but <see cref="GuardrailStages.Evidence"/>, where a chunk in which anything is found would be left out.</value>
    public GuardrailStages Stages { get; set; } = GuardrailStages.All & ~GuardrailStages.Evidence;

    internal PersonalDataOperator OperatorOf(PersonalDataKind kind) => Operators.TryGetValue(kind, out var own) ? own : Operator;
}
