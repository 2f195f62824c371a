namespace GenAI.Core.Ingestion;

/// <summary>Finds the title of a Markdown text.</summary>
internal static class MarkdownTitle
{
    /// <summary>The <c>title</c> of the front matter, else the first heading of level 1 or 2 that comes before any fenced block, else <see langword="null"/>.</summary>
    public static string? Find(ReadOnlySpan<char> text)
    {
        var first = true;
        var inFrontMatter = false;
        foreach (var raw in text.EnumerateLines())
        {
            var line = raw.TrimEnd();
            if (first)
            {
                first = false;
                if (line is "---")
                {
                    inFrontMatter = true;
                    continue;
                }
            }

            if (inFrontMatter)
            {
                if (line is "---" or "...")
                    inFrontMatter = false;
                else if (line.StartsWith("title:", StringComparison.OrdinalIgnoreCase) && Unquote(line[6..]) is { Length: > 0 } title)
                    return title;
                continue;
            }

            if (line.StartsWith("```", StringComparison.Ordinal) || line.StartsWith("~~~", StringComparison.Ordinal))
                return null;
            if ((line.StartsWith("# ", StringComparison.Ordinal) || line.StartsWith("## ", StringComparison.Ordinal))
                && line.TrimStart('#').Trim().TrimEnd('#').TrimEnd() is { Length: > 0 } heading)
                return heading.ToString();
        }

        return null;
    }

    private static string Unquote(ReadOnlySpan<char> value)
    {
        value = value.Trim();
        if (value.Length >= 2 && value[0] == value[^1] && value[0] is '"' or '\'')
            value = value[1..^1].Trim();
        return value.ToString();
    }
}
