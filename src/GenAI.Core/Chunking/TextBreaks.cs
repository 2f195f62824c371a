using System.Buffers;

namespace GenAI.Core.Chunking;

/// <summary>Finds the ends of paragraphs, lines and words. All of them search with vectors and return where the text before the break ends.</summary>
internal static class TextBreaks
{
    /// <summary>How much white space behind a limit is looked through for a break; the text before it is what counts.</summary>
    private const int Slack = 64;

    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r\v\f\u0085\u2028\u2029");

    // Without the spaces that forbid a break: U+00A0, U+2007 and U+202F.
    private static readonly SearchValues<char> Spaces = SearchValues.Create(
        " \t\n\r\v\f\u0085\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200A\u2028\u2029\u205F\u3000");

    /// <summary>Moves a limit over the white space behind it, so that a break just behind it is seen.</summary>
    public static int PastSpace(ReadOnlySpan<char> text, int at, int end)
    {
        end = Math.Min(end, at + Slack);
        while (at < end && char.IsWhiteSpace(text[at]))
            at++;
        return at;
    }

    /// <summary>The end of the last paragraph that a blank line, a form feed or U+2029 closes in [start, to); -1 if there is none.</summary>
    public static int LastParagraph(ReadOnlySpan<char> text, int start, int to)
    {
        for (var at = to; ;)
        {
            at = text[start..at].LastIndexOfAny(LineEnds);
            if (at < 0)
                return -1;
            at += start;
            var isBreak = text[at] is '\f' or '\u2029';
            if (text[at] == '\n' && at > start && text[at - 1] == '\r')
                at--;

            var before = at;
            while (before > start && char.IsWhiteSpace(text[before - 1]) && !(isBreak |= LineEnds.Contains(text[before - 1])))
                before--;
            if (isBreak)
                return TrimmedOrNone(text, start, at);
            if (before == start)
                return -1;
        }
    }

    /// <summary>Whether a paragraph ends in a text.</summary>
    public static bool HasParagraph(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAny(LineEnds) is >= 0 and var at)
        {
            if (text[at] is '\f' or '\u2029')
                return true;
            text = text[(at + (text[at..].StartsWith("\r\n") ? 2 : 1))..];
            var next = 0;
            while (next < text.Length && char.IsWhiteSpace(text[next]) && !LineEnds.Contains(text[next]))
                next++;
            if (next < text.Length && LineEnds.Contains(text[next]))
                return true;
            text = text[next..];
        }

        return false;
    }

    /// <summary>The end of the last line that ends in [start, to); -1 if there is none.</summary>
    public static int LastLine(ReadOnlySpan<char> text, int start, int to) =>
        text[start..to].LastIndexOfAny(LineEnds) is >= 0 and var at ? TrimmedOrNone(text, start, start + at) : -1;

    /// <summary>Whether a line ends in a text.</summary>
    public static bool HasLine(ReadOnlySpan<char> text) => text.ContainsAny(LineEnds);

    /// <summary>The end of the last word before white space in [start, to); -1 if there is none.</summary>
    public static int LastWord(ReadOnlySpan<char> text, int start, int to) =>
        text[start..to].LastIndexOfAny(Spaces) is >= 0 and var at ? TrimmedOrNone(text, start, start + at) : -1;

    /// <summary>Whether a word ends in a text.</summary>
    public static bool HasWord(ReadOnlySpan<char> text) => text.ContainsAny(Spaces);

    /// <summary>The first start of a word at or after <paramref name="at"/>, which has a character before it; <paramref name="end"/> if there is none.</summary>
    public static int NextWord(ReadOnlySpan<char> text, int at, int end)
    {
        if (!char.IsWhiteSpace(text[at - 1]))
        {
            var space = text[at..end].IndexOfAny(Spaces);
            if (space < 0)
                return end;
            at += space;
        }

        while (at < end && char.IsWhiteSpace(text[at]))
            at++;
        return at;
    }

    /// <summary>Where the text before <paramref name="end"/> ends without the white space behind it; <paramref name="start"/> if it is nothing else.</summary>
    public static int TrimEnd(ReadOnlySpan<char> text, int start, int end)
    {
        while (end > start && char.IsWhiteSpace(text[end - 1]))
            end--;
        return end;
    }

    private static int TrimmedOrNone(ReadOnlySpan<char> text, int start, int end) =>
        TrimEnd(text, start, end) is var trimmed && trimmed > start ? trimmed : -1;
}
