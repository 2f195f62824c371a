using GenAI.Core.Text;

namespace GenAI.Core.Verification;

/// <summary>Reads the words of a sentence.</summary>
internal static class WordReader
{
    /// <summary>Longer words are cut for what is known of them; they are compared by their beginning.</summary>
    private const int MaxFolded = WordEnumerator.MaxLength + 2;

    public static List<Word> Read(string text, TextRange range, IReadOnlyList<TextRange> markers)
    {
        var words = new List<Word>(range.Length / 6 + 1);
        Span<char> folded = stackalloc char[MaxFolded * TextFolding.MaxExpansion];
        var enumerator = new WordEnumerator(range.Of(text.AsSpan()));
        var (clause, last, marker, isFirst) = (0, range.Start, 0, true);
        while (enumerator.MoveNext())
        {
            var (start, end) = (range.Start + enumerator.Start, range.Start + enumerator.End);
            while (marker < markers.Count && markers[marker].End <= start)
                marker++;
            if (marker < markers.Count && markers[marker].Start <= start)
                continue;

            if (Parts(text.AsSpan(last, start - last), ref isFirst))
                clause++;
            last = end;
            if (enumerator.Kind is WordKind.Alphabetic)
                Add(text, start, end, clause, isFirst, folded, words);
            else
                AddPairs(text, start, end, clause, folded, words);
            isFirst = false;
        }

        return words;
    }

    /// <summary>Whether what stands between two words parts clauses. A full stop or colon also makes the next word a first one.</summary>
    private static bool Parts(ReadOnlySpan<char> gap, ref bool isFirst)
    {
        var parts = false;
        foreach (var c in gap)
        {
            parts |= c is ',' or ';' or ':' or '(' or ')' or '\u2014' or '.' or '!' or '?' or '\n' or '\u3002' or '\uFF0C' or '\u060C' or '"' or '\u201C' or '\u201D';
            isFirst |= c is '.' or '!' or '?' or ':' or '\n' or '"' or '\u201C' or '|';
        }

        return parts;
    }

    private static void Add(string text, int start, int end, int clause, bool isFirst, Span<char> folded, List<Word> words)
    {
        // "30days" and "5mg" are a number and a unit; "3rd", "1990s" and "2x" stay with their number.
        var digits = start;
        while (digits < end && (char.IsAsciiDigit(text[digits]) || (text[digits] is '.' or ',' && digits + 1 < end && char.IsAsciiDigit(text[digits + 1]))))
            digits++;
        if (digits > start && digits < end && !UnitTable.Find(text.AsSpan(digits, end - digits)).IsNone)
        {
            words.Add(Make(text, start, digits, clause, isFirst, folded));
            words.Add(Make(text, digits, end, clause, false, folded));
            return;
        }

        words.Add(Make(text, start, end, clause, isFirst, folded));
    }

    // Scripts without spaces between words: every two characters are a word.
    private static void AddPairs(string text, int start, int end, int clause, Span<char> folded, List<Word> words)
    {
        if (end - start < 2)
        {
            words.Add(Make(text, start, end, clause, false, folded));
            return;
        }

        for (var i = start; i + 1 < end; i++)
            words.Add(Make(text, i, i + 2, clause, false, folded));
    }

    private static Word Make(string text, int start, int end, int clause, bool isFirst, Span<char> folded)
    {
        var word = text.AsSpan(start, end - start);
        var length = TextFolding.Fold(word[..Math.Min(word.Length, MaxFolded)], folded);
        folded[..length].Replace('\u2019', '\'');
        if (length > 2 && folded[length - 2] == '\'' && folded[length - 1] == 's')
            length -= 2;
        return new Word(start, end - start, WordEntry.Of(folded[..length]), clause, TraitsOf(word) | (isFirst ? WordTraits.First : WordTraits.None));
    }

    private static WordTraits TraitsOf(ReadOnlySpan<char> word)
    {
        if (char.IsAsciiDigit(word[0]))
            return NumberFormat.TryParse(word, out _, out _, out _, out _) ? WordTraits.Number : WordTraits.Number | WordTraits.Code;

        int upper = 0, lower = 0, inner = 0, other = 0;
        for (var i = 0; i < word.Length; i++)
        {
            if (char.IsUpper(word[i]))
            {
                upper++;
                inner += i > 0 && char.IsLower(word[i - 1]) ? 1 : 0;
            }
            else if (char.IsLower(word[i]))
            {
                lower++;
            }
            else
            {
                other += char.IsDigit(word[i]) || word[i] is '_' or '.' ? 1 : 0;
            }
        }

        var traits = char.IsUpper(word[0]) ? WordTraits.Capital : WordTraits.None;
        if (upper > 1 && lower <= 1)
            traits |= WordTraits.Acronym;
        if ((other > 0 && upper + lower > 0 && !IsDotted(word)) || inner > 0)
            traits |= WordTraits.Code;
        return traits;
    }

    // "e.g" and "U.S" are abbreviations.
    private static bool IsDotted(ReadOnlySpan<char> word) => word.Length >= 3 && word[1] == '.' && word.Length <= 7 && !word.ContainsAnyInRange('0', '9');
}
