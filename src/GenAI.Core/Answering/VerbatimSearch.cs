namespace GenAI.Core.Answering;

/// <summary>Finds a text in another one where only the white space may differ: a model joins the lines of what it quotes.</summary>
internal static class VerbatimSearch
{
    /// <summary>The range of <paramref name="wanted"/> in <paramref name="text"/>; null if it is not there.</summary>
    public static TextRange? Find(ReadOnlySpan<char> text, ReadOnlySpan<char> wanted)
    {
        wanted = wanted.Trim();
        if (wanted.IsEmpty)
            return null;

        var exact = text.IndexOf(wanted);
        if (exact >= 0)
            return new TextRange(exact, wanted.Length);

        for (var start = 0; start < text.Length; start++)
        {
            var next = text[start..].IndexOf(wanted[0]);
            if (next < 0)
                return null;
            start += next;
            var end = MatchAt(text, start, wanted);
            if (end >= 0)
                return TextRange.FromBounds(start, end);
        }

        return null;
    }

    private static int MatchAt(ReadOnlySpan<char> text, int at, ReadOnlySpan<char> wanted)
    {
        for (var i = 0; i < wanted.Length;)
        {
            if (char.IsWhiteSpace(wanted[i]))
            {
                if (at >= text.Length || !char.IsWhiteSpace(text[at]))
                    return -1;
                while (char.IsWhiteSpace(wanted[i]))
                    i++;
                while (at < text.Length && char.IsWhiteSpace(text[at]))
                    at++;
            }
            else if (at < text.Length && text[at] == wanted[i])
            {
                i++;
                at++;
            }
            else
            {
                return -1;
            }
        }

        return at;
    }
}
