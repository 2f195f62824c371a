namespace GenAI.Core.Answering;

/// <summary>What a line of Markdown is, as far as a reader of sentences cares.</summary>
internal enum MarkdownLineKind
{
    Blank,
    Text,
    Heading,
    ListItem,
    TableRow,
    Code,

    /// <summary>The line of equal or minus signs under a heading.</summary>
    Underline,

    /// <summary>A fence, a rule, a table's delimiter row, a directive: signs without words.</summary>
    Decoration,
}

/// <summary>Reads a text line by line and tells what each line is. A plain text reads as paragraphs.</summary>
internal ref struct MarkdownLines(string text)
{
    private int _next;
    private char _fence;
    private int _fenceLength;
    private bool _afterText;
    private bool _inComment;

    public MarkdownLineKind Kind { get; private set; }

    /// <summary>The line without indentation, list marker or heading signs.</summary>
    public TextRange Content { get; private set; }

    public bool MoveNext()
    {
        if (_next >= text.Length)
            return false;

        var end = text.AsSpan(_next).IndexOf('\n');
        end = end < 0 ? text.Length : _next + end;
        var line = Trim(_next, end);
        var indent = line.Start - _next;
        _next = end + 1;
        Content = line;
        Kind = Classify(line.Of(text.AsSpan()), indent);
        _afterText = Kind is MarkdownLineKind.Text or MarkdownLineKind.ListItem;
        return true;
    }

    private MarkdownLineKind Classify(ReadOnlySpan<char> line, int indent)
    {
        if (IsFence(line))
            return MarkdownLineKind.Decoration;
        if (_fence != default)
            return MarkdownLineKind.Code;
        if (IsComment(line))
            return MarkdownLineKind.Decoration;
        if (line.IsEmpty)
            return MarkdownLineKind.Blank;
        if (_afterText && line.Length >= 2 && (!line.ContainsAnyExcept('=') || !line.ContainsAnyExcept('-')))
            return MarkdownLineKind.Underline;
        if (!line.ContainsAnyLetterOrDigit())
            return MarkdownLineKind.Decoration;

        var signs = line.IndexOfAnyExcept('#');
        if (signs is >= 1 and <= 6 && (line[signs] is ' ' or '\t'))
        {
            Content = Trim(Content.Start + signs, Content.End);
            var closing = Content.Of(text.AsSpan()).TrimEnd('#');
            Content = Trim(Content.Start, Content.Start + closing.Length);
            return MarkdownLineKind.Heading;
        }

        // Quotes, also the "[!NOTE]" kind, read as the text that they hold.
        if (line[0] == '>')
        {
            var inner = line.TrimStart("> \t");
            Content = new TextRange(Content.End - inner.Length, inner.Length);
            return inner.IsEmpty || (inner.StartsWith("[!", StringComparison.Ordinal) && inner[^1] == ']')
                ? MarkdownLineKind.Decoration
                : MarkdownLineKind.Text;
        }

        if (line[0] == '|' || (line[^1] == '|' && line.Count('|') > 1))
            return MarkdownLineKind.TableRow;

        var marker = ListMarkerLength(line);
        if (marker > 0)
        {
            Content = Trim(Content.Start + marker, Content.End);
            return MarkdownLineKind.ListItem;
        }

        return indent >= 4 && !_afterText && LooksLikeCode(line) ? MarkdownLineKind.Code : MarkdownLineKind.Text;
    }

    private bool IsFence(ReadOnlySpan<char> line)
    {
        // Metadata in front of a document ("front matter") is fenced by three minus signs.
        if (line.Length < 3 || !(line[0] is '`' or '~' || (line[0] == '-' && (_fence == '-' || (Content.Start == 0 && text.Contains("\n---", StringComparison.Ordinal))))))
            return false;
        var run = line.IndexOfAnyExcept(line[0]);
        run = run < 0 ? line.Length : run;
        if (run < 3)
            return false;

        if (_fence == default)
        {
            if (line[0] == '`' && line[run..].Contains('`'))
                return false;
            (_fence, _fenceLength) = (line[0], run);
            return true;
        }

        if (line[0] != _fence || run < _fenceLength || run < line.Length)
            return false;
        _fence = default;
        return true;
    }

    /// <summary>Whether the line belongs to a comment, which no reader of the document sees. One that the text does not end is no comment.</summary>
    private bool IsComment(ReadOnlySpan<char> line)
    {
        const string Start = "<!--", End = "-->";
        if (_inComment)
        {
            _inComment = !line.Contains(End, StringComparison.Ordinal);
            return true;
        }

        if (!line.StartsWith(Start, StringComparison.Ordinal))
            return false;
        if (line.Contains(End, StringComparison.Ordinal))
            return line.EndsWith(End, StringComparison.Ordinal);
        _inComment = text.AsSpan(Math.Min(_next, text.Length)).Contains(End, StringComparison.Ordinal);
        return _inComment;
    }

    /// <summary>Indented text is code only where it looks so: nested lists are indented too.</summary>
    private static bool LooksLikeCode(ReadOnlySpan<char> line) => line[^1] is ';' or '{' or '}' or '>' or ')' || line.ContainsAny("={}$");

    private static int ListMarkerLength(ReadOnlySpan<char> line)
    {
        if (line.Length > 1 && line[0] is '-' or '*' or '+' or '\u2022' && char.IsWhiteSpace(line[1]))
            return 2;

        var digits = 0;
        while (digits < line.Length && char.IsAsciiDigit(line[digits]))
            digits++;
        return digits is >= 1 and <= 3 && digits + 1 < line.Length && line[digits] is '.' or ')' && char.IsWhiteSpace(line[digits + 1]) ? digits + 2 : 0;
    }

    private readonly TextRange Trim(int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
            start++;
        while (end > start && char.IsWhiteSpace(text[end - 1]))
            end--;
        return TextRange.FromBounds(start, end);
    }
}
