using GenAI.Core.Guardrails;

namespace GenAI.Core.Policies;

/// <summary>What a text can be about: a name, and terms of which some must be in the text. Immutable; safe for concurrent use.</summary>
public sealed class Topic
{
    private readonly RuleSet _rules;

    /// <summary>Makes a topic.</summary>
    /// <param name="name">The name.</param>
    /// <param name="terms">The terms, with their forms, in any script; at least one.</param>
    /// <param name="minTerms">How many different ones a text must have to be about this; at least 1.</param>
    public Topic(string name, IEnumerable<string> terms, int minTerms = 1)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentOutOfRangeException.ThrowIfLessThan(minTerms, 1);
        TextRule[] rules = [.. TermRules.Of(name, terms, RuleAction.Redact)];
        if (rules.Length < minTerms)
            throw new ArgumentException($"The topic '{name}' has {rules.Length} terms, but {minTerms} are demanded of a text. Give more terms.", nameof(terms));
        (Name, MinTerms, _rules) = (name, minTerms, new RuleSet(rules));
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>How many different terms a text must have.</summary>
    public int MinTerms { get; }

    /// <summary>Where a text has terms of this; none if it is not about it.</summary>
    internal IReadOnlyList<TextRange> Find(string text)
    {
        var scanner = new RuleScanner(_rules);
        scanner.ReadWhole(text);
        var matches = scanner.TakeSettled();
        return matches.Select(match => match.Rule).Distinct().Count() >= MinTerms ? [.. matches.Select(match => TextRange.FromBounds((int)match.Start, (int)match.End))] : [];
    }
}
