using System.Text;
using GenAI.Core.Text;

namespace GenAI.Core.Answering;

/// <summary>The part of an answer that a marker stands behind.</summary>
/// <param name="Passage">Everything since the marker before, without the white space and punctuation around it.</param>
/// <param name="Statement">The last sentence of the passage: what the marker vouches for.</param>
internal readonly record struct CitedPassage(TextRange Passage, TextRange Statement)
{
    private const string Bullets = "-*+\u2022>#";

    /// <summary>The claim that ends the text; null if nothing that could be one stands behind <paramref name="from"/>.</summary>
    public static CitedPassage? Before(StringBuilder text, int from)
    {
        var region = text.ToString(from, text.Length - from);
        int start = 0, end = region.Length;
        while (start < end && !char.IsLetterOrDigit(region[start]) && !IsOpeningMark(region[start]))
            start++;
        while (end > start && char.IsWhiteSpace(region[end - 1]))
            end--;
        if (start == end || !region.AsSpan(start, end - start).ContainsAnyLetterOrDigit())
            return null;

        var passage = new TextRange(from + start, end - start);
        var sentences = new List<TextRange>();
        SentenceSegmenter.Segment(region.AsSpan(start, end - start), sentences);
        for (var i = sentences.Count - 1; i >= 0; i--)
        {
            var sentence = TrimBullet(region, new TextRange(start + sentences[i].Start, sentences[i].Length));
            if (sentence.Of(region.AsSpan()).ContainsAnyLetterOrDigit())
                return new CitedPassage(passage, new TextRange(from + sentence.Start, sentence.Length));
        }

        return new CitedPassage(passage, passage);
    }

    private static bool IsOpeningMark(char c) => c is '"' or '\'' or '(' or '`' or '$' or '\u00AB' or '\u201C' or '\u201E' or '\u2018';

    private static TextRange TrimBullet(string text, TextRange range)
    {
        var start = range.Start;
        while (start < range.End && (char.IsWhiteSpace(text[start]) || Bullets.Contains(text[start], StringComparison.Ordinal)))
            start++;
        return TextRange.FromBounds(start, range.End);
    }
}

/// <summary>Questions to a run of characters.</summary>
internal static class CharacterRuns
{
    public static bool ContainsAnyLetterOrDigit(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
                return true;
        }

        return false;
    }
}
