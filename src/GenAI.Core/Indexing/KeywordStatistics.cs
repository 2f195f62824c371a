namespace GenAI.Core.Indexing;

/// <summary>What the weights of BM25 depend on besides the terms: of all texts there are, wherever they are.</summary>
/// <param name="Texts">The number of texts.</param>
/// <param name="TotalLength">Their length together.</param>
/// <param name="Parameters">The parameters.</param>
internal readonly record struct KeywordStatistics(int Texts, long TotalLength, Bm25Parameters Parameters)
{
    public static KeywordStatistics Of(ReadOnlySpan<PostingSource> sources, in Bm25Parameters parameters)
    {
        var (texts, length) = (0L, 0L);
        foreach (var source in sources)
            (texts, length) = (texts + source.Texts, length + source.TotalLength);
        return new KeywordStatistics((int)Math.Min(texts, int.MaxValue), length, parameters);
    }

    public double WeightOf(in QueryTerm term) => term.Weight * (Parameters.K1 + 1) * Bm25.InverseDocumentFrequency(Texts, term.Texts);
}
