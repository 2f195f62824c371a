using System.Numerics.Tensors;
using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;

namespace GenAI.Core.Benchmarks.Retrieval;

/// <summary>The arms of offline retrieval over a data set: BM25, the lexical embedder, and both fused.</summary>
internal sealed class RetrievalArms : IDisposable
{
    private const int Candidates = 100;
    private readonly KeywordIndex _index = new();
    private readonly LexicalEmbeddingGenerator _embedder = new();
    private readonly float[][] _vectors;

    public RetrievalArms(RetrievalDataset dataset)
    {
        _vectors = dataset.Texts.AsParallel().AsOrdered().Select(Embed).ToArray();
        for (var id = 0; id < dataset.Texts.Count; id++)
            _index.Upsert(id, dataset.Texts[id]);
    }

    public IEnumerable<long> Keywords(string query, RelevanceFeedback? feedback = null) => SearchKeywords(query, feedback).Select(match => match.Id);

    public IEnumerable<long> Vectors(string query) => SearchVectors(query).Select(match => match.Id);

    public IEnumerable<long> Fused(string query, FusionOptions? options = null)
    {
        var results = new FusedMatch[10];
        var count = RankFusion.Fuse(SearchVectors(query), SearchKeywords(query, null), Candidates, results, options);
        return results.Take(count).Select(match => match.Id);
    }

    public void Dispose()
    {
        _index.Dispose();
        _embedder.Dispose();
    }

    private KeywordMatch[] SearchKeywords(string query, RelevanceFeedback? feedback)
    {
        var results = new KeywordMatch[Candidates];
        return results[.._index.Search(query, results, new KeywordSearchSettings { Feedback = feedback })];
    }

    private VectorMatch[] SearchVectors(string query)
    {
        var vector = Embed(query);
        return [.. _vectors.Select((other, id) => new VectorMatch(id, TensorPrimitives.Dot<float>(other, vector)))
            .OrderByDescending(match => match.Score).ThenBy(match => match.Id).Take(Candidates)];
    }

    private float[] Embed(string text)
    {
        var vector = new float[_embedder.Dimensions];
        _embedder.Embed(text, vector);
        return vector;
    }
}
