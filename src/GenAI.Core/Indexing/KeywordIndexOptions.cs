namespace GenAI.Core.Indexing;

/// <summary>How a <see cref="KeywordIndex"/> makes and weighs terms.</summary>
public sealed class KeywordIndexOptions
{
    /// <summary>Makes the terms, of texts and of queries alike. The default is <see cref="TextAnalyzer.English"/>.</summary>
    public TextAnalyzer Analyzer { get; set; } = TextAnalyzer.English;

    /// <summary>
    /// How soon more occurrences of a term stop counting, 0 or more; at 0 only presence counts. The default is 1.2.
    /// (It is called <c>k1</c> in the papers.)
    /// </summary>
    public double TermSaturation { get; set; } = 1.2;

    /// <summary>
    /// How much a text's length counts against it, from 0 (not at all) to 1 (in full). The default is 0.75.
    /// (It is called <c>b</c> in the papers.)
    /// </summary>
    public double LengthNormalization { get; set; } = 0.75;
}
