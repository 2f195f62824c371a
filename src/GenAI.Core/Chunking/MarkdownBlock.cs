namespace GenAI.Core.Chunking;

internal enum MarkdownBlockKind
{
    Paragraph,
    Heading,
    ListItem,
    Quote,
    Rule,
    Fence,
    Code,
    Table,
    Html,
    FrontMatter,
}

/// <summary>A block of a Markdown text: whole lines, from the start of the first to the end of the last, without its line end.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where its first line starts.</param>
/// <param name="End">Where its last line ends.</param>
internal readonly record struct MarkdownBlock(MarkdownBlockKind Kind, int Start, int End)
{
    /// <summary>The level of a heading, 1 to 6.</summary>
    public int Level { get; init; }

    /// <summary>The text of a heading, without its markers.</summary>
    public TextRange Title { get; init; }

    /// <summary>Where the header of a table ends: behind the delimiter row.</summary>
    public int HeaderEnd { get; init; }

    /// <summary>Whether the block loses its meaning when it is cut, so that it is cut only if it is over the limit by itself.</summary>
    public bool IsWhole => Kind is MarkdownBlockKind.Fence or MarkdownBlockKind.Code or MarkdownBlockKind.Table or MarkdownBlockKind.Html
        or MarkdownBlockKind.FrontMatter;
}
