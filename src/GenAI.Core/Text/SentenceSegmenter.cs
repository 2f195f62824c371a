namespace GenAI.Core.Text;

/// <summary>Finds sentences.</summary>
internal static class SentenceSegmenter
{
    /// <summary>
    /// Adds the ranges of the sentences of <paramref name="text"/> to <paramref name="sentences"/>, in order, without the white space
    /// around them. Ranges are relative to the span; together they cover every character that is not white space.
    /// </summary>
    public static void Segment(ReadOnlySpan<char> text, List<TextRange> sentences)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('.' or '!' or '?') || (i + 1 < text.Length && !char.IsWhiteSpace(text[i + 1])))
                continue;
            Add(text, start, i + 1, sentences);
            start = i + 1;
        }

        Add(text, start, text.Length, sentences);
    }

    private static void Add(ReadOnlySpan<char> text, int start, int end, List<TextRange> sentences)
    {
        while (start < end && char.IsWhiteSpace(text[start])) start++;
        while (end > start && char.IsWhiteSpace(text[end - 1])) end--;
        if (end > start) sentences.Add(TextRange.FromBounds(start, end));
    }
}
