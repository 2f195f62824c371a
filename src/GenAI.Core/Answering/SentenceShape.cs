namespace GenAI.Core.Answering;

/// <summary>Tells by its signs whether a run of text is a sentence at all.</summary>
internal static class SentenceShape
{
    /// <summary>Of a line that only points elsewhere, so much stands outside its links.</summary>
    private const double MaxShareOutsideLinks = 0.25;

    /// <summary>Of the visible characters of prose, so many are such signs.</summary>
    private const double MaxSigns = 0.06;

    /// <summary>Whether it has the many signs of programming and markup languages: code that nobody fenced, or whose fence is in another chunk.</summary>
    public static bool IsCode(ReadOnlySpan<char> text)
    {
        int signs = 0, visible = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];

            // A link's target and a span of code are signs of good prose.
            if (c == '`' && text[(i + 1)..].IndexOf('`') is >= 0 and var span)
            {
                i += span + 1;
                continue;
            }

            if (c == '(' && i > 0 && text[i - 1] == ']' && text[i..].IndexOf(')') is > 0 and var target)
            {
                i += target;
                continue;
            }

            if (char.IsWhiteSpace(c))
                continue;
            visible++;
            signs += c is '{' or '}' or '=' or ';' or '<' or '>' or '_' or '(' or ')' or '[' or ']' or '"' or '\\' or '$' ? 1 : 0;
        }

        return signs > 2 + MaxSigns * visible;
    }

    /// <summary>Whether it is little more than links: an entry of a table of contents, a list of related pages.</summary>
    public static bool IsNavigation(ReadOnlySpan<char> text)
    {
        int inside = 0, outside = 0, links = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var rest = text[i..];
            if (rest[0] == '[' && rest.IndexOf("](", StringComparison.Ordinal) is > 0 and var label && rest[label..].IndexOf(')') is > 0 and var target)
            {
                links++;
                inside += label;
                i += label + target;
            }
            else if (char.IsLetterOrDigit(rest[0]))
            {
                outside++;
            }
        }

        return links > 0 && outside <= MaxShareOutsideLinks * inside;
    }
}
