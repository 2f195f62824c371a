using GenAI.Core.Guardrails;

namespace GenAI.Core.PersonalData;

/// <summary>Finds names of persons and places by a tagger, and replaces them. A sentence of text that streams is tagged when it is complete.</summary>
/// <remarks>Safe for concurrent use if the tagger is.</remarks>
public sealed class TaggerGuardrail : IGuardrail
{
    private readonly IEntityTagger _tagger;
    private readonly Dictionary<PersonalDataKind, PersonalDataOperator> _operators;
    private readonly float _minScore;

    /// <summary>Makes a guardrail.</summary>
    /// <param name="tagger">The tagger.</param>
    /// <param name="options">What stands in place of names, and where the guardrail holds; the defaults if <see langword="null"/>. Of its kinds those count that need a tagger, and if there is none, persons and places.</param>
    /// <param name="minScore">How sure the tagger must be, from 0 to 1.</param>
    public TaggerGuardrail(IEntityTagger tagger, PersonalDataOptions? options = null, float minScore = 0.5f)
    {
        ArgumentNullException.ThrowIfNull(tagger);
        ArgumentOutOfRangeException.ThrowIfNegative(minScore);
        options ??= new PersonalDataOptions();
        var kinds = options.Kinds.Intersect([PersonalDataKind.PersonName, PersonalDataKind.PlaceName, PersonalDataKind.OrganizationName]).ToArray();
        _operators = (kinds.Length > 0 ? kinds : [PersonalDataKind.PersonName, PersonalDataKind.PlaceName]).ToDictionary(kind => kind, options.OperatorOf);
        (_tagger, _minScore, Stages) = (tagger, minScore, options.Stages);
    }

    /// <inheritdoc/>
    public string Name => "names";

    /// <inheritdoc/>
    public GuardrailStages Stages { get; }

    /// <inheritdoc/>
    public async ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var findings = new List<GuardrailFinding>();
        var blocked = false;
        foreach (var entity in await _tagger.TagAsync(text.Text, cancellationToken).ConfigureAwait(false))
        {
            // Not a number is less than nothing here: a score that cannot be compared is not trusted either way, and the name goes.
            if (entity.Score < _minScore || !_operators.TryGetValue(entity.Kind, out var with))
                continue;
            findings.Add(new GuardrailFinding(entity.Range, entity.Kind.ToString(), with.Apply(entity.Kind, entity.Range.Of(text.Text)), entity.Score));
            blocked |= with.Blocks;
        }

        return blocked ? GuardrailVerdict.Block("The text names what it must not name.", findings)
            : findings.Count > 0 ? GuardrailVerdict.Replace(findings)
            : GuardrailVerdict.Allow;
    }
}
