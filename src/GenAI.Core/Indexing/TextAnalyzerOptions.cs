namespace GenAI.Core.Indexing;

/// <summary>How a <see cref="TextAnalyzer"/> makes terms out of words.</summary>
public sealed class TextAnalyzerOptions
{
    /// <summary>
    /// Whether to take the endings off English words (Porter2), so that <c>running</c> finds <c>run</c>. Only words of ASCII
    /// letters are touched, in the text and in the query alike, so other languages lose nothing. The default is
    /// <see langword="true"/>.
    /// </summary>
    public bool StemEnglish { get; set; } = true;

    /// <summary>
    /// Words to leave out, compared after case and diacritics are folded; <see langword="null"/> to keep every word. The default is
    /// <see cref="TextAnalyzer.EnglishStopWords"/>.
    /// </summary>
    public IEnumerable<string>? StopWords { get; set; } = TextAnalyzer.EnglishStopWords;
}
