namespace GenAI.Core.Guardrails;

/// <summary>Rules with the one automaton that finds them all. Immutable; safe for concurrent use.</summary>
internal sealed class RuleSet
{
    private readonly TextRule[] _rules;

    public RuleSet(IEnumerable<TextRule> rules)
    {
        _rules = [.. rules];
        Automaton = new PatternAutomaton([.. _rules.Select(rule => rule.Pattern)]);
        MaxHeld = _rules.Length == 0 ? 0 : _rules.Max(rule => rule.MaxLength);
    }

    public PatternAutomaton Automaton { get; }

    /// <summary>The most UTF-16 code units that are ever held back: the longest match, of which the next code unit is still to come.</summary>
    public int MaxHeld { get; }

    public TextRule this[int rule] => _rules[rule];
}
