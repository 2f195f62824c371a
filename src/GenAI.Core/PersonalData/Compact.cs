using GenAI.Core.Guardrails;

namespace GenAI.Core.PersonalData;

/// <summary>Parts of matches: what is left without separators, and where a number begins behind its context.</summary>
internal static class Compact
{
    /// <summary>The letters and digits of a text, in a buffer that holds them.</summary>
    public static ReadOnlySpan<char> LettersAndDigits(ReadOnlySpan<char> text, Span<char> buffer)
    {
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) && length < buffer.Length)
                buffer[length++] = c;
        }

        return buffer[..length];
    }

    /// <summary>The digits of a text, in a buffer that holds them.</summary>
    public static ReadOnlySpan<char> Digits(ReadOnlySpan<char> text, Span<char> buffer)
    {
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c) && length < buffer.Length)
                buffer[length++] = c;
        }

        return buffer[..length];
    }

    /// <summary>The whole match, if something holds of its letters and digits.</summary>
    public static MatchPart Whole(Func<string, bool> holds) => match =>
    {
        Span<char> buffer = stackalloc char[64];
        return holds(LettersAndDigits(match, buffer).ToString()) ? new TextRange(0, match.Length) : null;
    };

    /// <summary>The last run of letters, digits, hyphens and the like: a number behind its context.</summary>
    public static TextRange LastToken(ReadOnlySpan<char> match)
    {
        var start = match.Length;
        while (start > 0 && (char.IsAsciiLetterOrDigit(match[start - 1]) || match[start - 1] is '-' or '/'))
            start--;
        while (start < match.Length && !char.IsAsciiLetterOrDigit(match[start]))
            start++;
        return TextRange.FromBounds(start, match.Length);
    }

    /// <summary>From the first digit to the last: a number behind or before its context, which has none.</summary>
    public static TextRange FromDigit(ReadOnlySpan<char> match)
    {
        var start = match.IndexOfAnyInRange('0', '9');
        return TextRange.FromBounds(start, match.LastIndexOfAnyInRange('0', '9') + 1);
    }

    /// <summary>What stands behind or before its context, from the first digit to the last, if something holds of its digits.</summary>
    public static MatchPart Number(Func<string, bool> holds) => match =>
    {
        var part = FromDigit(match);
        Span<char> buffer = stackalloc char[64];
        return holds(Digits(part.Of(match), buffer).ToString()) ? part : null;
    };

    /// <summary>The last token of a match, if something holds of its letters and digits.</summary>
    public static MatchPart Token(Func<string, bool> holds) => match =>
    {
        var part = LastToken(match);
        Span<char> buffer = stackalloc char[64];
        return holds(LettersAndDigits(part.Of(match), buffer).ToString()) ? part : null;
    };
}
