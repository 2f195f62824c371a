namespace GenAI.Core.Verification;

/// <summary>A citation marker in a text.</summary>
/// <param name="Range">Where it stands, brackets included.</param>
/// <param name="Numbers">The numbers that it names, as ranges with both ends included.</param>
internal sealed record Marker(TextRange Range, IReadOnlyList<(int From, int To)> Numbers)
{
    /// <summary>Longest range of numbers that is taken apart.</summary>
    private const int MaxNumbers = 100;

    /// <summary>The numbers one by one.</summary>
    public IEnumerable<int> Each()
    {
        foreach (var (from, to) in Numbers)
        {
            for (var number = from; number <= Math.Min(to, (long)from + MaxNumbers); number++)
                yield return number;
        }
    }
}

/// <summary>Reads citation markers.</summary>
internal static class MarkerReader
{
    /// <summary>Reads the marker that begins at an opening bracket.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The place of the bracket.</param>
    /// <param name="isOpen">Whether the text ends inside what may become a marker.</param>
    /// <returns>The marker; <see langword="null"/> if there is none.</returns>
    public static Marker? Read(ReadOnlySpan<char> text, int at, out bool isOpen)
    {
        isOpen = false;
        if (!MarkerSyntax.IsOpening(text[at]))
            return null;
        var syntax = new MarkerSyntax();
        for (var i = at + 1; i < text.Length; i++)
        {
            switch (syntax.Read(text[i]))
            {
                case MarkerState.Complete:
                    return new Marker(TextRange.FromBounds(at, i + 1), syntax.Numbers);
                case MarkerState.Dead:
                    return null;
                default:
                    continue;
            }
        }

        isOpen = true;
        return null;
    }

    /// <summary>All markers of a run of text outside code.</summary>
    public static List<Marker> All(ReadOnlySpan<char> text, TextRange range)
    {
        var found = new List<Marker>();
        if (!range.Of(text).ContainsAny('[', '\u3010', '\uFF3B'))
            return found;
        var code = new CodeTracker();
        for (var i = range.Start; i < range.End; i++)
        {
            if (MarkerSyntax.IsOpening(text[i]) && !code.IsCodeBracket(afterSpace: false) && Read(text[..range.End], i, out _) is { } marker)
            {
                found.Add(marker);
                i = marker.Range.End - 1;
                code.Read(']');
                continue;
            }

            code.Read(text[i]);
        }

        return found;
    }
}
