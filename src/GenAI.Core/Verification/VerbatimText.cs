using System.Text;

namespace GenAI.Core.Verification;

/// <summary>Texts as word for word means it: white space, the shape of quotation marks and dashes, and marks of emphasis do not count.</summary>
internal static class VerbatimText
{
    public static string Normalize(ReadOnlySpan<char> text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            switch (c)
            {
                case '*' or '`' or '\\' or '\u00AD' or '\u200B' or '\uFEFF':
                    continue;
                case '\u2018' or '\u2019' or '\u201A':
                    result.Append('\'');
                    continue;
                case '\u201C' or '\u201D' or '\u201E' or '\u00AB' or '\u00BB':
                    result.Append('"');
                    continue;
                case '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2212':
                    result.Append('-');
                    continue;
                case '\u2026':
                    result.Append("...");
                    continue;
                default:
                    if (!char.IsWhiteSpace(c))
                        result.Append(c);
                    else if (result.Length > 0 && result[^1] != ' ')
                        result.Append(' ');
                    continue;
            }
        }

        return result.ToString();
    }

    /// <summary>Whether a text has a statement as a whole: as one of its sentences, or some.</summary>
    /// <param name="text">The normalized text.</param>
    /// <param name="statement">The normalized statement.</param>
    public static bool HasWhole(string text, string statement)
    {
        var wanted = statement.AsSpan().Trim().TrimEnd(".!?:;,");
        if (wanted.Length < 2)
            return false;
        for (var from = 0; from < text.Length;)
        {
            var at = text.AsSpan(from).IndexOf(wanted, StringComparison.Ordinal);
            if (at < 0)
                return false;
            at += from;
            if (Begins(text, at) && Ends(text, at + wanted.Length))
                return true;
            from = at + 1;
        }

        return false;
    }

    private static bool Begins(string text, int at)
    {
        while (at > 0 && text[at - 1] is ' ' or '"' or '(' or '-' or '#' or '>' or '_')
            at--;
        return at == 0 || text[at - 1] is '.' or '!' or '?' or ':' or '|' or '\u3002' or ']';
    }

    private static bool Ends(string text, int at)
    {
        while (at < text.Length && text[at] is '"' or ')' or '_' or '\'')
            at++;
        return at == text.Length || text[at] is '!' or '?' or '|' or '\u3002' || (text[at] is '.' or ':' or ';' && (at + 1 == text.Length || text[at + 1] is ' ' or '"' or ')' or '_' or '[' or '<'));
    }
}
