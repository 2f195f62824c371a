namespace GenAI.Core.Verification;

/// <summary>Every name and identifier of the claim is in the evidence, or near it where the claim puts a name for a pronoun.</summary>
internal sealed class NameCheck : IStatementCheck
{
    /// <summary>So many sentences around the evidence can name what it speaks of.</summary>
    private const int Around = 3;

    /// <summary>A claim of more words than this is no sentence, and comparing the initials of all of them takes long.</summary>
    private const int MaxWords = 120;

    public void Check(Comparison comparison, List<Finding> findings)
    {
        var rival = Rival(comparison);
        foreach (var word in comparison.Claim.Words)
        {
            if (!IsName(word, comparison, rival) || IsRead(comparison.Claim, word) || comparison.Evidence.Has(word.Entry) || IsAbbreviation(comparison, word))
                continue;

            var exchanged = rival is not null && comparison.Evidence.IsNearVerbatim;
            if (!exchanged && IsAround(comparison.Evidence, word))
                continue;
            var check = word.Is(WordTraits.Code) ? ClaimCheck.Identifier : ClaimCheck.Name;
            var range = new TextRange(word.Start, word.Length);
            findings.Add(exchanged
                ? new Finding(check, Severity.Opposite, range, $"The claim names '{comparison.Of(range)}' where the source names '{comparison.Evident(new TextRange(rival!.Value.Start, rival.Value.Length))}'.")
                : new Finding(check, check is ClaimCheck.Identifier ? Severity.Missing : Severity.Detail, range, $"'{comparison.Of(range)}' is not in the cited text."));
        }
    }

    /// <summary>Whether the word was read as a part of a date, or as a unit: other checks compare it.</summary>
    private static bool IsRead(Statement statement, Word word)
    {
        var range = new TextRange(word.Start, word.Length);
        return Array.Exists(statement.Dates, date => date.Range.Contains(range)) || Array.Exists(statement.Quantities, quantity => !quantity.Unit.IsNone && quantity.Range.Contains(range));
    }

    private static bool IsName(Word word, Comparison comparison, Word? rival)
    {
        if (word.Is(WordTraits.Code))
            return true;
        if (word.Is(WordTraits.Number) || !word.IsContent || word.Length < 2 || word.Entry.Month > 0 && word.Length < 4)
            return false;
        if (word.Is(WordTraits.Acronym))
            return true;
        if (!word.Is(WordTraits.Capital))
            return false;

        // A capital at the beginning of a sentence says nothing; that the source writes the word so, or has a name in its place, does.
        return !word.Is(WordTraits.First) || comparison.Evidence.Index.IsName(word.Entry.Stem) || (rival is { } name && name.Is(WordTraits.First));
    }

    /// <summary>A name of the evidence that the claim does not have.</summary>
    private static Word? Rival(Comparison comparison)
    {
        foreach (var word in comparison.Evidence.Anchor.Words)
        {
            var isName = word.IsContent && (word.Is(WordTraits.Code | WordTraits.Acronym) || (word.Is(WordTraits.Capital) && (!word.Is(WordTraits.First) || comparison.Evidence.Index.IsName(word.Entry.Stem))));
            if ((isName || word.Is(WordTraits.Code)) && !IsRead(comparison.Evidence.Anchor, word) && !Array.Exists(comparison.Claim.Words, other => other.Entry.Meaning == word.Entry.Meaning || other.Entry.Stem == word.Entry.Stem))
                return word;
        }

        return null;
    }

    private static bool IsAround(EvidenceMatch evidence, Word word)
    {
        if (evidence.Index.IsInContext(word.Entry.Meaning))
            return true;
        foreach (var sentence in evidence.Index.SentencesOf(word.Entry.Meaning))
        {
            if (sentence >= evidence.First - Around && sentence <= evidence.Last + Around)
                return true;
        }

        return false;
    }

    /// <summary>Whether a name is short for words of the evidence, or the evidence has the short form of the name that the word is in.</summary>
    private static bool IsAbbreviation(Comparison comparison, Word word)
    {
        if (comparison.Claim.Words.Length > MaxWords)
            return false;
        var text = comparison.Text.AsSpan(word.Start, word.Length);
        foreach (var statement in comparison.Evidence.Statements)
        {
            if (word.Is(WordTraits.Acronym) && HasInitials(comparison.Evidence.Index.Text, statement.Words, text))
                return true;
            foreach (var known in statement.Words)
            {
                if (known.Is(WordTraits.Acronym) && !word.Is(WordTraits.Acronym) && known.Length > 1
                    && HasInitials(comparison.Text, comparison.Claim.Words, comparison.Evidence.Index.Text.AsSpan(known.Start, known.Length), word.Start))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether words in a row begin with these letters, one each; with <paramref name="at"/>, the word there among them.</summary>
    private static bool HasInitials(string text, Word[] words, ReadOnlySpan<char> letters, int at = -1)
    {
        for (var i = 0; i + letters.Length <= words.Length; i++)
        {
            var matches = true;
            var holds = at < 0;
            for (var j = 0; matches && j < letters.Length; j++)
            {
                matches = char.ToUpperInvariant(text[words[i + j].Start]) == char.ToUpperInvariant(letters[j]) && words[i + j].Length > 1;
                holds |= words[i + j].Start == at;
            }

            if (matches && holds)
                return true;
        }

        return false;
    }
}
