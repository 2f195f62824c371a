namespace GenAI.Core.Verification;

/// <summary>What the claim denies, the evidence denies; what it affirms, the evidence does not deny; and where both name a direction, it is the same.</summary>
/// <remarks>
/// A negation counts for the word that it stands before, its head, so the order of clauses and the voice of the verb do not matter. Two flips, such as
/// "not enabled" for "disabled", cancel out.
/// </remarks>
internal sealed class PolarityCheck : IStatementCheck
{
    /// <summary>How far behind a negation its head may stand, in words.</summary>
    private const int MaxReach = 7;

    /// <summary>A claim with so much of the evidence's sentence left a negation out on purpose.</summary>
    private const double WholeSentence = 0.75;

    public void Check(Comparison comparison, List<Finding> findings)
    {
        var denial = Denial(comparison);
        var turns = Turns(comparison);
        if (denial is not null && turns.Count == 1)
            return;
        if (denial is not null)
            findings.Add(denial);
        findings.AddRange(turns);
    }

    private static Finding? Denial(Comparison comparison)
    {
        var claimed = Heads(comparison.Claim);
        var known = comparison.Evidence.Statements.SelectMany(Heads).ToList();
        var ofAnchor = Heads(comparison.Evidence.Anchor);
        var open = 0;
        foreach (var (cue, head) in claimed)
        {
            var index = known.FindIndex(other => other.Head?.Entry.Meaning == head?.Entry.Meaning);
            if (index >= 0)
            {
                known.RemoveAt(index);
                continue;
            }

            if (head is { } word && comparison.Evidence.Has(word.Entry))
                return Finding(comparison, cue, $"The claim denies '{comparison.Of(word)}', which the source affirms.");
            open++;
        }

        var left = 0;
        foreach (var (cue, head) in ofAnchor)
        {
            if (head is { } word && !claimed.Exists(other => other.Head?.Entry.Meaning == word.Entry.Meaning) && Affirms(comparison, word.Entry.Meaning, claimed) is { } affirmed)
                return Finding(comparison, affirmed, $"The claim affirms '{comparison.Of(affirmed)}', which the source denies.");
            left += claimed.Exists(other => other.Head?.Entry.Meaning == head?.Entry.Meaning) ? 0 : 1;
        }

        // Heads in other words: the numbers of negations have to do.
        if (open > 0 && left == 0 && known.Count == 0)
            return Finding(comparison, claimed[0].Cue, "The claim denies what the source does not deny.");
        if (left > open && comparison.Evidence.Coverage >= WholeSentence && comparison.Evidence.Share >= WholeSentence)
            return new Finding(ClaimCheck.Polarity, Severity.Opposite, comparison.Claim.Range, "The source denies something that the claim does not deny.");
        return null;
    }

    /// <summary>A word of the claim that affirms more often than the evidence does what the evidence also denies.</summary>
    private static Word? Affirms(Comparison comparison, ulong meaning, List<(Word Cue, Word? Head)> claimed)
    {
        var affirmed = Array.FindAll(comparison.Claim.Words, word => word.Entry.Meaning == meaning);
        var denied = claimed.Count(other => other.Head?.Entry.Meaning == meaning);
        var known = comparison.Evidence.Statements.Sum(statement => statement.Words.Count(word => word.Entry.Meaning == meaning) - Heads(statement).Count(other => other.Head?.Entry.Meaning == meaning));
        return affirmed.Length > 0 && affirmed.Length - denied > known ? affirmed[^1] : null;
    }

    /// <summary>The negations of a statement, each with the word that it denies.</summary>
    private static List<(Word Cue, Word? Head)> Heads(Statement statement)
    {
        var heads = new List<(Word, Word?)>();
        var words = statement.Words;
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].Entry.Cue is not WordCue.Negation)
                continue;

            // "No. 5" and "not only" deny nothing.
            if (i + 1 < words.Length && (words[i + 1].Is(WordTraits.Number) || words[i + 1].Entry.Cue is WordCue.Only))
                continue;
            Word? head = null;
            for (var j = i + 1; j < Math.Min(words.Length, i + 1 + MaxReach) && head is null && words[j].Clause == words[i].Clause && words[j].Entry.Cue is not WordCue.Break; j++)
                head = IsHead(words[j]) ? words[j] : null;
            for (var j = i - 1; j >= 0 && head is null && words[j].Clause == words[i].Clause; j--)
                head = IsHead(words[j]) ? words[j] : null;
            heads.Add((words[i], head));
        }

        return heads;
    }

    private static bool IsHead(Word word) => word.IsContent || (word.Is(WordTraits.Code) && !word.Entry.IsStop);

    /// <summary>The words of the claim for which the evidence has the opposite.</summary>
    private static List<Finding> Turns(Comparison comparison)
    {
        var found = new List<Finding>();
        var evidence = comparison.Evidence.IsNearVerbatim ? [comparison.Evidence.Anchor] : comparison.Evidence.Statements;
        Statement[] claim = [comparison.Claim];
        foreach (var word in comparison.Claim.Words)
        {
            // What denies by itself, such as "without", counts as a negation.
            var (axis, direction) = (word.Entry.Axis, word.Entry.Direction);
            if (axis == 0 || word.Entry.Cue is WordCue.Negation)
                continue;
            if (Find(evidence, axis, -direction) is not { } other || other.Entry.Cue is WordCue.Negation)
                continue;
            if (Count(claim, axis, direction) <= Count(evidence, axis, direction) || Count(claim, axis, -direction) >= Count(evidence, axis, -direction) || IsSwapped(comparison, word, other))
                continue;
            found.Add(Finding(comparison, word, $"The claim says '{comparison.Of(word)}' where the source says '{comparison.Evident(new TextRange(other.Start, other.Length))}'."));
        }

        return found;
    }

    private static int Count(Statement[] statements, int axis, int direction) =>
        statements.Sum(statement => statement.Words.Count(word => word.Entry.Axis == axis && word.Entry.Direction == direction));

    private static Word? Find(Statement[] statements, int axis, int direction)
    {
        foreach (var statement in statements)
        {
            foreach (var word in statement.Words)
            {
                if (word.Entry.Axis == axis && word.Entry.Direction == direction)
                    return word;
            }
        }

        return null;
    }

    /// <summary>Whether both sides of a relation changed places too: "A before B" says what "B after A" says.</summary>
    private static bool IsSwapped(Comparison comparison, Word claimed, Word known)
    {
        int crossed = 0, straight = 0;
        foreach (var word in comparison.Claim.Words)
        {
            if (!word.IsContent || word.Start == claimed.Start)
                continue;
            foreach (var other in comparison.Evidence.Anchor.Words)
            {
                if (other.Entry.Meaning != word.Entry.Meaning)
                    continue;
                if (word.Start < claimed.Start == other.Start < known.Start)
                    straight++;
                else
                    crossed++;
                break;
            }
        }

        return crossed > straight;
    }

    private static Finding Finding(Comparison comparison, Word word, string reason) => new(ClaimCheck.Polarity, Severity.Opposite, new TextRange(word.Start, word.Length), reason);
}
