using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Retrieval;

/// <summary>How the arms of a hybrid search are weighed where nobody says: by what makes the vectors.</summary>
internal static class DefaultFusion
{
    /// <summary>For vectors that compare words as the keyword arm does, only less exactly: docs/decisions/0013-rank-fusion.md.</summary>
    public static FusionOptions OfWords => new();

    /// <summary>The weights for an embedder.</summary>
    public static FusionOptions Of(IEmbeddingGenerator embedder) =>
        embedder.GetService(typeof(LexicalEmbeddingGenerator)) is not null ? OfWords
        : embedder.GetService(typeof(StaticEmbeddingGenerator)) is StaticEmbeddingGenerator model ? OfMeaning(model)
        : Weighed(0.5);

    // Measured: docs/decisions/0131-what-a-cosine-is-worth.md and 0134-the-best-sentence.md; of published models, whose cosines are of another kind, docs/decisions/0128-weights-of-a-static-model.md.
    private const double PointsOfACosine = 15, PointsOfASentence = 15, PublishedWeight = 0.2;

    // Vectors that are cut short say less, and more of it is chance.
    private static FusionOptions OfMeaning(StaticEmbeddingGenerator model) => model.UnrelatedCosine is { } unrelated
        ? new()
        {
            Method = FusionMethod.ScoreSum,
            VectorWeight = PointsOfACosine * model.Dimensions / model.MaxDimensions,
            SentenceWeight = PointsOfASentence * model.Dimensions / model.MaxDimensions,
            KeywordWeight = 1,
            UnrelatedScore = unrelated,
        }
        : Weighed(PublishedWeight);

    private static FusionOptions Weighed(double vectors) => new() { VectorWeight = vectors, KeywordWeight = 1 - vectors };
}
