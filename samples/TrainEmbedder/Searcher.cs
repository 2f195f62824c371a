using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;

namespace TrainEmbedder;

/// <summary>Texts that are searched by meaning, by words, and by both.</summary>
internal sealed class Searcher : IDisposable
{
    private const int Candidates = 100;

    // Every vector of a text begins with 1/2.
    private const double UnrelatedCosine = 0.25;

    private readonly StaticEmbeddingGenerator _embedder;
    private readonly VectorIndex _vectors;
    private readonly KeywordIndex _keywords = new();

    public Searcher(IReadOnlyList<string> texts, StaticEmbeddingGenerator embedder)
    {
        _embedder = embedder;
        _vectors = VectorIndex.CreateExact(embedder.Dimensions, VectorMetric.Cosine);
        var vector = new float[embedder.Dimensions];
        for (var id = 0; id < texts.Count; id++)
        {
            embedder.Embed(texts[id], vector);
            _vectors.Upsert([id], vector);
            _keywords.Upsert(id, texts[id]);
        }
    }

    /// <summary>What each arm finds: the vectors alone, the words alone, and both with so many points of BM25 for a cosine of 1.</summary>
    public SearchResults Search(string query, IReadOnlyList<double> weights)
    {
        var vector = new float[_embedder.Dimensions];
        _embedder.Embed(query, vector);
        var vectors = new VectorMatch[Candidates];
        vectors = vectors[.._vectors.Search(vector, vectors)];
        var keywords = new KeywordMatch[Candidates];
        keywords = keywords[.._keywords.Search(query, keywords)];

        return new SearchResults(
            [.. vectors.Take(10).Select(match => match.Id)],
            [.. keywords.Take(10).Select(match => match.Id)],
            [.. weights.Select(weight => Fuse(vectors, keywords, weight))]);
    }

    public void Dispose()
    {
        _vectors.Dispose();
        _keywords.Dispose();
    }

    private static long[] Fuse(VectorMatch[] vectors, KeywordMatch[] keywords, double weight)
    {
        var fused = new FusedMatch[10];
        var count = RankFusion.Fuse(vectors, keywords, Candidates, fused, new FusionOptions { Method = FusionMethod.ScoreSum, VectorWeight = weight, KeywordWeight = 1, UnrelatedScore = UnrelatedCosine });
        return [.. fused.Take(count).Select(match => match.Id)];
    }
}

/// <summary>The ids of the first ten texts that each arm found.</summary>
internal sealed record SearchResults(long[] Dense, long[] Keyword, IReadOnlyList<long[]> Hybrid);
