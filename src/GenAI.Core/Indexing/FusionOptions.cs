namespace GenAI.Core.Indexing;

/// <summary>How <see cref="RankFusion"/> makes one score of two.</summary>
public enum FusionMethod
{
    /// <summary>
    /// The weighted mean of the arms' scores, each stretched so that the arm's best match has 1 and what it left out 0. It keeps
    /// how much better a match is, so a weak arm does little harm. Scores lie between 0 and 1; 1 means best in both arms.
    /// </summary>
    RelativeScore,

    /// <summary>
    /// The sum over the arms of weight / (constant + rank), ranks from 1 (G. Cormack et al., "Reciprocal Rank Fusion outperforms
    /// Condorcet and individual Rank Learning Methods", 2009). It needs no comparable scores, but trusts a weak arm as much as a
    /// good one. Scores lie between 0 and the sum of the weights / (constant + 1).
    /// </summary>
    ReciprocalRank,

    /// <summary>
    /// The weighted sum of the BM25 score and of the square of the cosine, the share of the query that a text's vector explains. An arm that sets texts far apart counts more than one to which all
    /// are nearly alike: keywords where a query has many telling words, vectors where a text is near. Scores are brought between 0, for what both arms left out, and 1, for what is best in both. The
    /// vector arm's scores have to be cosines. The weights are those of a point of BM25 and of a cosine of 1, such as 1 and 30.
    /// </summary>
    ScoreSum,
}

/// <summary>Options of <see cref="RankFusion"/>.</summary>
public sealed class FusionOptions
{
    /// <summary>The method. The default is <see cref="FusionMethod.RelativeScore"/>.</summary>
    public FusionMethod Method { get; set; } = FusionMethod.RelativeScore;

    /// <summary>
    /// How much the vector arm counts, 0 or more. The default, 0.15, was measured for the offline embedder, which compares words as the
    /// keyword arm does, only less exactly; with a trained embedding model, begin with equal weights.
    /// </summary>
    public double VectorWeight { get; set; } = 0.15;

    /// <summary>How much the keyword arm counts, 0 or more. The default is 0.85.</summary>
    public double KeywordWeight { get; set; } = 0.85;

    /// <summary>For <see cref="FusionMethod.ScoreSum"/>: the cosine of texts that have nothing to do with each other, which counts as 0; from -1 up to but not 1. The default is 0. Some models have more.</summary>
    public double UnrelatedScore { get; set; }

    /// <summary>
    /// For <see cref="FusionMethod.ScoreSum"/>: how much the best sentence of a text counts, 0 or more: the points of BM25 for a sentence whose vector, with the text's title and headings, has a cosine of 1
    /// with the query's. Where a long text treats several things its vector is the mean of them, and only a sentence tells that it has the answer. The default is 0. Counted by a
    /// <see cref="Retrieval.CollectionRetriever"/> over a local collection whose embedder is a <see cref="Embeddings.StaticEmbeddingGenerator"/>, which is fast enough; <see cref="RankFusion"/> has no texts to look at.
    /// </summary>
    public double SentenceWeight { get; set; }

    /// <summary>
    /// The constant of <see cref="FusionMethod.ReciprocalRank"/>, 0 or more: the higher, the less the first places stand out. The default is
    /// 60, as in the paper. (It is called <c>k</c> there.)
    /// </summary>
    public double RankConstant { get; set; } = 60;
}
