using System.Collections.Frozen;

namespace GenAI.Core.Text;

/// <summary>English abbreviations whose full stop does not, or not always, end a sentence.</summary>
internal static class Abbreviations
{
    // Something always follows: titles, and words that lead to an example, a place or a comparison.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Leading = Lookup(
        "mr", "mrs", "ms", "mx", "dr", "drs", "prof", "profs", "rev", "hon", "gen", "col", "capt", "cmdr", "lt", "sgt", "maj", "adm", "gov", "pres",
        "sen", "sens", "rep", "reps", "amb", "supt", "fr", "mt", "messrs", "mme", "mlle",
        "e.g", "eg", "i.e", "ie", "cf", "viz", "vs", "v.s", "resp", "approx", "ca", "incl", "excl", "esp", "aka", "a.k.a", "fig", "figs", "eq", "eqs", "eqn", "eqns");

    // A number follows, or the stop ends the sentence.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> BeforeNumber = Lookup(
        "no", "nos", "nr", "num", "p", "pp", "pg", "pgs", "vol", "vols", "ch", "chap", "sec", "sect", "secs", "art", "arts", "par", "para", "paras",
        "ref", "refs", "tab", "tbl", "ver", "rev", "ed", "app", "ex", "op", "pt", "ln", "l", "ll", "n", "nn", "v");

    // They end sentences too: only a word that commonly starts one tells.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Trailing = Lookup(
        "al", "inc", "ltd", "co", "corp", "llc", "bros", "jr", "sr", "esq", "st", "ave", "blvd", "rd", "dept", "univ", "assn", "govt", "est", "ext", "intl",
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
        "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Starters = Lookup(
        "a", "about", "after", "all", "also", "although", "an", "and", "another", "any", "as", "at", "because", "before", "both", "but", "by", "did", "do",
        "does", "during", "each", "every", "few", "for", "from", "had", "has", "have", "he", "her", "here", "his", "how", "however", "i", "if", "in", "instead",
        "is", "it", "its", "let", "many", "more", "most", "my", "no", "nor", "not", "note", "now", "on", "once", "one", "only", "or", "other", "our", "see",
        "she", "since", "so", "some", "such", "that", "the", "their", "then", "there", "therefore", "these", "they", "this", "those", "though", "thus", "to",
        "under", "unless", "until", "use", "was", "we", "were", "what", "when", "where", "whether", "which", "while", "who", "why", "with", "without",
        "yet", "you", "your");

    /// <summary>Whether the stop behind a word is its own and the sentence goes on.</summary>
    /// <param name="word">The word before the stop, with stops inside it.</param>
    /// <param name="next">The text behind, from its first letter or digit on.</param>
    public static bool Continues(ReadOnlySpan<char> word, ReadOnlySpan<char> next)
    {
        if (Leading.Contains(word))
            return true;
        if (BeforeNumber.Contains(word) && !next.IsEmpty && char.IsDigit(next[0]))
            return true;

        // An initial ("J. Smith"), or letters with stops between them ("U.S.", "Ph.D.").
        var isInitial = word.Length == 1 && char.IsUpper(word[0]);
        return (isInitial || Trailing.Contains(word) || IsDotted(word)) && !IsStarter(next);
    }

    private static bool IsDotted(ReadOnlySpan<char> word)
    {
        if (!word.Contains('.'))
            return false;
        foreach (var part in word.Split('.'))
        {
            var letters = word[part];
            if (letters.Length is 0 or > 2 || !char.IsLetter(letters[0]) || !char.IsLetter(letters[^1]))
                return false;
        }

        // Times of day end sentences as often as not; a capital letter decides.
        return !word.Equals("a.m", StringComparison.OrdinalIgnoreCase) && !word.Equals("p.m", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsStarter(ReadOnlySpan<char> next)
    {
        var length = 0;
        while (length < next.Length && char.IsLetter(next[length]))
            length++;
        return length > 0 && char.IsUpper(next[0]) && Starters.Contains(next[..length]);
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup(params string[] words) =>
        words.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
