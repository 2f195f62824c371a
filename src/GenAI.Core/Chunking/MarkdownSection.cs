namespace GenAI.Core.Chunking;

/// <summary>A part of a Markdown text under one path of headings.</summary>
/// <param name="Start">Where it starts: at its heading, or at the start of the text.</param>
/// <param name="End">Where it ends: at the next section's start, or at the end of the text.</param>
/// <param name="Headings">The titles of the headings that it stands under, outermost first.</param>
internal readonly record struct MarkdownSection(int Start, int End, IReadOnlyList<string> Headings)
{
    /// <summary>Divides a text at its headings. A heading directly under a higher one, with nothing between, shares its section.</summary>
    public static IEnumerable<MarkdownSection> Divide(string text, List<MarkdownBlock> blocks)
    {
        var path = new List<(int Level, string Title)>();
        var (start, level, isBare) = (0, 0, true);
        foreach (var block in blocks)
        {
            if (block.Kind != MarkdownBlockKind.Heading)
            {
                isBare = false;
                continue;
            }

            if (!isBare || block.Level <= level)
            {
                yield return new(start, block.Start, Titles(path));
                start = block.Start;
            }

            (level, isBare) = (block.Level, true);
            path.RemoveAll(heading => heading.Level >= block.Level);
            path.Add((block.Level, block.Title.Of(text)));
        }

        yield return new(start, text.Length, Titles(path));
    }

    private static string[] Titles(List<(int Level, string Title)> path) => [.. path.Where(heading => heading.Title.Length > 0).Select(heading => heading.Title)];
}
