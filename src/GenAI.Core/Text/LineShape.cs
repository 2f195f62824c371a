namespace GenAI.Core.Text;

/// <summary>What a line of plain or Markdown text looks like by itself.</summary>
internal enum LineKind
{
    Text,
    Blank,
    Heading,
    ListItem,
    TableRow,
    Fence,

    /// <summary>Nothing but <c>=</c>, <c>-</c>, <c>*</c> or <c>_</c>: the underline of a heading, or a rule.</summary>
    Rule,
}

/// <summary>The shape of a line: as much as tells whether it goes on with the sentence of the line before.</summary>
/// <param name="Kind">What the line is, behind quote marks.</param>
/// <param name="Indent">The number of spaces and tabs at its start.</param>
/// <param name="IsQuote">Whether it starts with <c>&gt;</c>.</param>
/// <param name="StartsList">Whether it is a list item that may follow running text: any bullet, or the number 1.</param>
internal readonly record struct LineShape(LineKind Kind, int Indent, bool IsQuote, bool StartsList)
{
    /// <summary>Looks at a line, without its line end.</summary>
    public static LineShape Of(ReadOnlySpan<char> line)
    {
        var indent = Spaces(line);
        var content = line[indent..];
        var isQuote = false;
        while (content is ['>', ..])
        {
            isQuote = true;
            content = content[1..];
            content = content[Spaces(content)..];
        }

        if (content.IsWhiteSpace())
            return new(LineKind.Blank, indent, isQuote, false);
        var (kind, startsList) = KindOf(content);
        return new(kind, indent, isQuote, startsList);
    }

    private static (LineKind Kind, bool StartsList) KindOf(ReadOnlySpan<char> content)
    {
        switch (content[0])
        {
            case '#':
                var level = content.IndexOfAnyExcept('#');
                return (level < 0 || (level <= 6 && content[level] is ' ' or '\t') ? LineKind.Heading : LineKind.Text, false);
            case '|':
                return (LineKind.TableRow, false);
            case '`' or '~':
                return (content.StartsWith("```") || content.StartsWith("~~~") ? LineKind.Fence : LineKind.Text, false);
            case '=' or '-' or '*' or '_' or '+':
                if (content.Length > 1 && content[0] != '+' && content.IndexOfAnyExcept(content[0], ' ') < 0 && content[1] == content[0])
                    return (LineKind.Rule, false);
                return content[0] is '-' or '*' or '+' && content.Length > 1 && content[1] is ' ' or '\t' ? (LineKind.ListItem, true) : (LineKind.Text, false);
            case '•' or '◦' or '‣' or '▪' or '–' when content.Length > 1 && char.IsWhiteSpace(content[1]):
                return (LineKind.ListItem, true);
            case >= '0' and <= '9':
                var digits = content.IndexOfAnyExceptInRange('0', '9');
                if (digits is > 0 and <= 9 && content[digits] is '.' or ')' && digits + 1 < content.Length && content[digits + 1] is ' ' or '\t')
                    return (LineKind.ListItem, content[..digits] is "1");
                return (LineKind.Text, false);
            default:
                return (LineKind.Text, false);
        }
    }

    private static int Spaces(ReadOnlySpan<char> text)
    {
        var count = text.IndexOfAnyExcept(' ', '\t');
        return count < 0 ? text.Length : count;
    }
}
