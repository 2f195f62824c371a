namespace GenAI.Core.Tokenization;

/// <summary>What a splitter or replacer looks for.</summary>
internal abstract class TextPattern
{
    /// <summary>The first match that begins at <paramref name="from"/> or later.</summary>
    public abstract bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length);

    /// <summary>A pattern for a fixed text; one for an empty text matches nothing.</summary>
    public static TextPattern Literal(string literal) => new LiteralPattern(literal);

    /// <summary>A pattern for a regular expression of Oniguruma's Ruby syntax.</summary>
    /// <exception cref="FormatException">The expression is malformed, or uses what is not supported.</exception>
    public static TextPattern Regex(string expression) => expression switch
    {
        Gpt2Pattern.Expression => new Gpt2Pattern(),
        _ => new RegexPattern(PatternParser.Parse(expression)),
    };

    private sealed class LiteralPattern(string literal) : TextPattern
    {
        public override bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
        {
            var index = literal.Length == 0 || from > text.Length ? -1 : text[from..].IndexOf(literal);
            (start, length) = (from + index, literal.Length);
            return index >= 0;
        }
    }

    private sealed class RegexPattern(PatternNode root) : TextPattern
    {
        public override bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
        {
            for (start = from; start <= text.Length; start++)
            {
                if (start > 0 && start < text.Length && char.IsLowSurrogate(text[start]))
                    continue;
                var end = root.Match(text, start);
                if (end < 0)
                    continue;
                length = end - start;
                return true;
            }

            length = 0;
            return false;
        }
    }
}
