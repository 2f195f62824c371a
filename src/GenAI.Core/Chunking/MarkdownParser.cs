namespace GenAI.Core.Chunking;

/// <summary>Reads the block structure of a Markdown text: as much of CommonMark 0.31 and GitHub's tables as decides where it may be cut.</summary>
/// <remarks>
/// One pass over the lines. Containers are not nested: each list item, quotation and table is a block of its own, wherever it
/// stands, and headings inside them are their text. Front matter between lines of <c>---</c> or <c>+++</c> at the very start is a block. A fence that is
/// never closed reaches to the end.
/// </remarks>
internal ref struct MarkdownParser
{
    private readonly ReadOnlySpan<char> _text;
    private readonly List<MarkdownBlock> _blocks;

    // The block that the next line may continue.
    private MarkdownBlockKind? _open;
    private int _start;
    private int _end;
    private int _lastLine;
    private int _headerEnd;
    private bool _inList;

    // What ends it: a fence's mark, its length and whether it stands in a quotation; an HTML block's end.
    private char _fenceMark;
    private int _fenceLength;
    private bool _fenceQuoted;
    private string _htmlEnd = "";

    private MarkdownParser(ReadOnlySpan<char> text, List<MarkdownBlock> blocks)
    {
        _text = text;
        _blocks = blocks;
    }

    /// <summary>The blocks of a text, in order. Together they hold every character that is not white space.</summary>
    public static List<MarkdownBlock> Parse(ReadOnlySpan<char> text)
    {
        var blocks = new List<MarkdownBlock>();
        var parser = new MarkdownParser(text, blocks);
        for (var at = parser.FrontMatter(); at < text.Length;)
        {
            var length = text[at..].IndexOfAny('\n', '\r');
            var end = length < 0 ? text.Length : at + length;
            parser.Line(at, end);

            // One empty line says as much as a million.
            var next = length == 0 ? text[end..].IndexOfAnyExcept('\n', '\r') : text[end..].StartsWith("\r\n") ? 2 : 1;
            at = next < 0 ? text.Length : end + next;
        }

        parser.Close();
        return blocks;
    }

    private int FrontMatter()
    {
        var at = _text is ['\uFEFF', ..] ? 1 : 0;
        var fence = _text[at..].StartsWith("---") ? "---" : _text[at..].StartsWith("+++") ? "+++" : null;
        for (var isFirst = true; fence is not null && at < _text.Length; isFirst = false)
        {
            var length = _text[at..].IndexOfAny('\n', '\r');
            if (length < 0)
                length = _text.Length - at;
            var line = _text.Slice(at, length).TrimEnd();
            var end = at + length;
            var isFence = line.SequenceEqual(fence) || (!isFirst && fence == "---" && line is "...");
            if (isFirst && !isFence)
                return 0;
            at = end + (_text[end..].StartsWith("\r\n") ? 2 : 1);
            if (!isFirst && isFence)
            {
                _blocks.Add(new(MarkdownBlockKind.FrontMatter, 0, Trimmed(end)));
                return at;
            }
        }

        return 0;
    }

    private void Line(int start, int end)
    {
        var line = _text[start..end];
        var bom = start == 0 && line is ['\uFEFF', ..] ? 1 : 0;
        var indent = MarkdownLine.Indent(line[bom..], out var skipped);
        var content = line[(bom + skipped)..];
        if (Continues(content, indent, start, end))
            return;
        if (content.IsWhiteSpace())
        {
            if (_open is not MarkdownBlockKind.Code)
                Close();
            return;
        }

        var contentStart = start + bom + skipped;
        if (_open == MarkdownBlockKind.Code && indent < 4)
            Close();
        if (indent >= 4 && !_inList && _open is null or MarkdownBlockKind.Code)
            Extend(MarkdownBlockKind.Code, start, end);
        else if (indent >= 4 && !_inList)
            Extend(_open!.Value, start, end);
        else
            Start(content, contentStart, start, end);
    }

    /// <summary>Whether the open block takes the line whatever it says: fences and HTML.</summary>
    private bool Continues(ReadOnlySpan<char> content, int indent, int start, int end)
    {
        if (_open == MarkdownBlockKind.Fence)
        {
            if (_fenceQuoted && content is not ['>', ..])
            {
                Close();
                return false;
            }

            (_end, _lastLine) = (end, start);
            if ((indent < 4 || _inList) && MarkdownLine.ClosesFence(_fenceQuoted ? Unquote(content) : content, _fenceMark, _fenceLength))
                Close();
            return true;
        }

        if (_open != MarkdownBlockKind.Html || (_htmlEnd.Length == 0 && content.IsWhiteSpace()))
            return false;
        (_end, _lastLine) = (end, start);
        if (_htmlEnd.Length > 0 && content.Contains(_htmlEnd, StringComparison.OrdinalIgnoreCase))
            Close();
        return true;
    }

    private void Start(ReadOnlySpan<char> content, int contentStart, int start, int end)
    {
        var isQuote = content[0] == '>';
        var item = MarkdownLine.ItemMark(content, out var interrupts);
        var inner = isQuote ? Unquote(content) : item > 0 ? content[Math.Min(item, content.Length)..] : content;
        if (MarkdownLine.HeadingLevel(content) is > 0 and var level)
        {
            Single(MarkdownBlockKind.Heading, start, end, level, MarkdownLine.HeadingTitle(content, level), contentStart);
            _inList = false;
        }
        else if (_open == MarkdownBlockKind.Paragraph && MarkdownLine.UnderlineLevel(content) is > 0 and var underlined)
        {
            Underline(underlined, end);
        }
        else if (_open == MarkdownBlockKind.Paragraph && MarkdownLine.IsDelimiterRow(content, _text[_lastLine.._end]))
        {
            Table(start, end);
        }
        else if (MarkdownLine.IsRule(content))
        {
            Single(MarkdownBlockKind.Rule, start, end, 0, default, 0);
        }
        else if (MarkdownLine.FenceLength(inner) is > 0 and var length)
        {
            Close();
            Extend(MarkdownBlockKind.Fence, start, end);
            (_fenceMark, _fenceLength, _fenceQuoted) = (inner[0], length, isQuote);
            _inList |= item > 0;
        }
        else if (item > 0 && (interrupts || _inList || _open != MarkdownBlockKind.Paragraph))
        {
            Close();
            Extend(MarkdownBlockKind.ListItem, start, end);
            _inList = true;
        }
        else if (isQuote)
        {
            if (_open != MarkdownBlockKind.Quote)
                Close();
            Extend(MarkdownBlockKind.Quote, start, end);
        }
        else if (MarkdownHtml.EndOf(content, _open is not null) is { } htmlEnd)
        {
            Close();
            Extend(MarkdownBlockKind.Html, start, end);
            _htmlEnd = htmlEnd;
            if (htmlEnd.Length > 0 && content[1..].Contains(htmlEnd, StringComparison.OrdinalIgnoreCase))
                Close();
        }
        else
        {
            // A line at the margin, after a blank one, is outside the list.
            if (_open is null && contentStart == start)
                _inList = false;
            Extend(_open ?? MarkdownBlockKind.Paragraph, start, end);
        }
    }

    private static ReadOnlySpan<char> Unquote(ReadOnlySpan<char> content)
    {
        while (content is ['>', ..])
            content = content[1..].TrimStart(" \t");
        return content;
    }

    /// <summary>Makes a heading of the open paragraph.</summary>
    private void Underline(int level, int end)
    {
        var paragraph = _text[_start.._end];
        var title = paragraph.TrimStart("\uFEFF \t");
        _blocks.Add(new(MarkdownBlockKind.Heading, _start, Trimmed(end)) { Level = level, Title = new TextRange(_end - title.Length, title.TrimEnd().Length) });
        _open = null;
        _inList = false;
    }

    /// <summary>Makes a table of the last line of the open paragraph and the delimiter row behind it.</summary>
    private void Table(int start, int end)
    {
        var header = _lastLine;
        if (header > _start)
            _blocks.Add(new(MarkdownBlockKind.Paragraph, _start, Trimmed(_lastLine)));
        (_open, _start, _end, _lastLine, _headerEnd) = (MarkdownBlockKind.Table, header, end, start, Trimmed(end));
    }

    private void Single(MarkdownBlockKind kind, int start, int end, int level, TextRange title, int titleOffset)
    {
        Close();
        _blocks.Add(new(kind, start, Trimmed(end)) { Level = level, Title = new TextRange(titleOffset + title.Start, title.Length) });
    }

    /// <summary>Adds a line to the open block, or opens one with it.</summary>
    private void Extend(MarkdownBlockKind kind, int start, int end)
    {
        if (_open is null)
            (_open, _start) = (kind, start);
        (_end, _lastLine) = (end, start);
    }

    private readonly int Trimmed(int end) => _text[..end].TrimEnd().Length;

    private void Close()
    {
        if (_open is { } kind)
            _blocks.Add(new(kind, _start, Trimmed(_end)) { HeaderEnd = kind == MarkdownBlockKind.Table ? _headerEnd : 0 });
        _open = null;
    }
}
