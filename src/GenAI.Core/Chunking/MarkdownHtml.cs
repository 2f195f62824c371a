using System.Collections.Frozen;

namespace GenAI.Core.Chunking;

/// <summary>The seven kinds of HTML blocks of CommonMark 0.31, section 4.6.</summary>
internal static class MarkdownHtml
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> BlockNames = new[]
    {
        "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center", "col", "colgroup", "dd", "details",
        "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4",
        "h5", "h6", "head", "header", "hr", "html", "iframe", "legend", "li", "link", "main", "menu", "menuitem", "nav", "noframes", "ol",
        "optgroup", "option", "p", "param", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "track", "ul",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] VerbatimNames = ["script", "pre", "style", "textarea"];

    /// <summary>Returned by <see cref="EndOf"/> for blocks that a blank line ends.</summary>
    public const string BlankLine = "";

    /// <summary>What ends the HTML block that a line starts: a mark or <see cref="BlankLine"/>; null if it starts none.</summary>
    /// <param name="content">The line from its first character on.</param>
    /// <param name="inParagraph">Whether a paragraph is open, which not every tag interrupts.</param>
    public static string? EndOf(ReadOnlySpan<char> content, bool inParagraph)
    {
        if (content is not ['<', ..] || content.Length < 2)
            return null;
        if (content.StartsWith("<!--"))
            return "-->";
        if (content.StartsWith("<![CDATA["))
            return "]]>";
        if (content[1] == '?')
            return "?>";
        if (content[1] == '!' && content.Length > 2 && char.IsAsciiLetter(content[2]))
            return ">";

        var closes = content[1] == '/';
        var tag = content[(closes ? 2 : 1)..];
        var length = 0;
        while (length < tag.Length && (char.IsAsciiLetterOrDigit(tag[length]) || tag[length] == '-'))
            length++;
        if (length == 0 || !char.IsAsciiLetter(tag[0]))
            return null;

        var name = tag[..length];
        if (!closes)
        {
            foreach (var verbatim in VerbatimNames)
            {
                if (name.Equals(verbatim, StringComparison.OrdinalIgnoreCase))
                    return $"</{verbatim}>";
            }
        }

        var endsName = length == tag.Length || tag[length] is ' ' or '\t' or '>' or '/';
        if (endsName && BlockNames.Contains(name))
            return BlankLine;

        // Any other tag, if it is alone on its line.
        return !inParagraph && endsName && tag.IndexOf('>') is var close and >= 0 && tag[(close + 1)..].IsWhiteSpace() ? BlankLine : null;
    }
}
