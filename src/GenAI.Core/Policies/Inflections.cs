using System.Globalization;
using System.Text;
using GenAI.Core.Guardrails;

namespace GenAI.Core.Policies;

/// <summary>Makes patterns of terms that also find their forms: the endings of English words, and endings of up to three letters of longer words in other scripts with letters of two cases.</summary>
internal static class Inflections
{
    // Shorter words have too many neighbours: "go" is in "goes", and "gas" is not in "gasp".
    private const int ShortestStem = 3;

    /// <summary>A pattern for <see cref="TextRule"/> that finds a term, whatever its case, with any white space between its words.</summary>
    public static string Pattern(string term)
    {
        var pattern = new StringBuilder();
        var words = term.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (IsWordCharacter(term.Trim()[0]) && !IsUnspaced(term.Trim()[0]))
            pattern.Append(@"\b");
        for (var i = 0; i < words.Length; i++)
        {
            if (i > 0)
                pattern.Append(@"[\s\u00A0_-]{1,3}");
            pattern.Append(WordPattern(words[i]));
        }

        if (IsWordCharacter(words[^1][^1]) && !IsUnspaced(words[^1][^1]))
            pattern.Append(@"\b");
        return pattern.ToString();
    }

    private static string WordPattern(string word)
    {
        if (word.Length < ShortestStem || IsUnspaced(word[^1]) || !char.IsLetter(word[^1]))
            return Escape(word);
        if (!word.All(char.IsAsciiLetter))
            return word.All(char.IsLetter) && word.Length > 4 && !word.Any(char.IsAsciiLetter) && char.ToUpperInvariant(word[^1]) != word[^1]
                ? Escape(word[..^1]) + @"\w{0,4}"
                : Escape(word) + "(?:['’]?s)?";
        var last = char.ToLowerInvariant(word[^1]);
        var stem = Escape(word[..^1]);
        return last switch
        {
            'y' when !IsVowel(word[^2]) => $"{stem}(?:y(?:ing|['’]s)?|ies|ied|ier|iest)",
            'e' => $"{stem}(?:e[ds]?|er|ers|est|ing|ings|e['’]s)",
            's' or 'x' or 'z' or 'h' => $"{Escape(word)}(?:e[ds]|ing|er|ers|['’]s?)?",
            _ when !IsVowel(last) && IsVowel(word[^2]) && (word.Length == 3 || !IsVowel(word[^3])) => $"{Escape(word)}(?:s|ed|ing|er|ers|['’]s|{Escape(word[^1..])}(?:ed|ing|ings|er|ers))?",
            _ => $"{Escape(word)}(?:s|es|ed|ing|ings|er|ers|['’]s)?",
        };
    }

    // Digits, brackets and the like stand for themselves.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            if (!char.IsLetterOrDigit(c) && c < 0x80)
                escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }

    private static bool IsVowel(char c) => char.ToLowerInvariant(c) is 'a' or 'e' or 'i' or 'o' or 'u';

    private static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.ConnectorPunctuation;

    // Scripts that are written without blanks between words: Thai to Khmer, and the scripts of China, Japan and their surrogates.
    private static bool IsUnspaced(char c) => c is (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF') or (>= '\u2E80' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') or (>= '\uD800' and <= '\uDFFF');
}
