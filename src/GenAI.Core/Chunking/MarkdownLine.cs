using System.Buffers;

namespace GenAI.Core.Chunking;

/// <summary>The marks that start or end blocks, as CommonMark 0.31 and GitHub's tables define them, read from one line without its line end.</summary>
internal static class MarkdownLine
{
    private static readonly SearchValues<char> DelimiterMarks = SearchValues.Create("|-: \t");

    /// <summary>The number of columns of white space in front, a tab reaching to the next multiple of four, and where the content starts.</summary>
    public static int Indent(ReadOnlySpan<char> line, out int content)
    {
        var columns = 0;
        for (content = 0; content < line.Length; content++)
        {
            if (line[content] == ' ')
                columns++;
            else if (line[content] == '\t')
                columns += 4 - (columns % 4);
            else
                break;
        }

        return columns;
    }

    /// <summary>The level of a heading such as <c>## Title</c>; 0 if it is none.</summary>
    public static int HeadingLevel(ReadOnlySpan<char> content)
    {
        var level = 0;
        while (level < content.Length && content[level] == '#')
            level++;
        return level is >= 1 and <= 6 && (level == content.Length || content[level] is ' ' or '\t') ? level : 0;
    }

    /// <summary>Where the title of a heading stands in its line's content, without the marks around it.</summary>
    public static TextRange HeadingTitle(ReadOnlySpan<char> content, int level)
    {
        var title = content[level..].TrimEnd();
        var withoutMarks = title.TrimEnd('#');
        if (withoutMarks.Length < title.Length && (withoutMarks.IsEmpty || char.IsWhiteSpace(withoutMarks[^1])))
            title = withoutMarks.TrimEnd();
        var start = level + (title.Length - title.TrimStart().Length);
        return TextRange.FromBounds(start, level + title.Length);
    }

    /// <summary>The level of the heading that a line of <c>=</c> or <c>-</c> makes of the paragraph above; 0 if it is none.</summary>
    public static int UnderlineLevel(ReadOnlySpan<char> content)
    {
        if (content is not ['=' or '-', ..] || content.TrimEnd().IndexOfAnyExcept(content[0]) >= 0)
            return 0;
        return content[0] == '=' ? 1 : 2;
    }

    public static bool IsRule(ReadOnlySpan<char> content)
    {
        if (content is not ['*' or '-' or '_', ..])
            return false;
        var marks = 0;
        foreach (var c in content)
        {
            if (c == content[0])
                marks++;
            else if (c is not (' ' or '\t'))
                return false;
        }

        return marks >= 3;
    }

    /// <summary>The number of marks of an opening code fence; 0 if it is none.</summary>
    public static int FenceLength(ReadOnlySpan<char> content)
    {
        if (content is not ['`' or '~', ..])
            return 0;
        var length = content.IndexOfAnyExcept(content[0]);
        if (length < 0)
            length = content.Length;
        return length >= 3 && (content[0] == '~' || !content[length..].Contains('`')) ? length : 0;
    }

    public static bool ClosesFence(ReadOnlySpan<char> content, char mark, int length)
    {
        if (content.IsEmpty || content[0] != mark)
            return false;
        var marks = content.IndexOfAnyExcept(mark);
        return marks < 0 ? content.Length >= length : marks >= length && content[marks..].IsWhiteSpace();
    }

    /// <summary>The length of a list item's mark with the space behind it; 0 if it is none.</summary>
    /// <param name="content">The line from its first mark on.</param>
    /// <param name="interrupts">Whether it may follow a paragraph without a blank line: it has text, and a number is 1.</param>
    public static int ItemMark(ReadOnlySpan<char> content, out bool interrupts)
    {
        interrupts = false;
        if (content.IsEmpty)
            return 0;

        var mark = 1;
        if (char.IsAsciiDigit(content[0]))
        {
            mark = content.IndexOfAnyExceptInRange('0', '9') + 1;
            if (mark is < 2 or > 10 || content[mark - 1] is not ('.' or ')'))
                return 0;
        }
        else if (content[0] is not ('-' or '*' or '+'))
        {
            return 0;
        }

        if (mark == content.Length)
            return mark;
        if (content[mark] is not (' ' or '\t'))
            return 0;
        var rest = content[mark..];
        var text = rest.IndexOfAnyExcept(' ', '\t');
        interrupts = text >= 0 && (mark == 1 || content[..(mark - 1)] is "1");
        return mark + Math.Max(text, 1);
    }

    /// <summary>Whether a line is the delimiter row of a table whose header is <paramref name="header"/>.</summary>
    public static bool IsDelimiterRow(ReadOnlySpan<char> content, ReadOnlySpan<char> header)
    {
        if (!content.Contains('-') || content.ContainsAnyExcept(DelimiterMarks) || !(content.Contains('|') || content.Contains(':')) || !header.Contains('|'))
            return false;

        foreach (var part in Cells(content).Split('|'))
        {
            var cell = Cells(content)[part].Trim();
            if (cell is [':', ..])
                cell = cell[1..];
            if (cell is [.., ':'])
                cell = cell[..^1];
            if (cell.IsEmpty || cell.IndexOfAnyExcept('-') >= 0)
                return false;
        }

        return CellCount(content) == CellCount(header);
    }

    private static int CellCount(ReadOnlySpan<char> row)
    {
        row = Cells(row);
        var count = 1;
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] == '\\')
                i++;
            else if (row[i] == '|')
                count++;
        }

        return count;
    }

    /// <summary>A row without the bars at its ends.</summary>
    private static ReadOnlySpan<char> Cells(ReadOnlySpan<char> row)
    {
        row = row.Trim();
        if (row is ['|', ..])
            row = row[1..];
        return row is [.., '|'] and not [.., '\\', '|'] ? row[..^1] : row;
    }
}
