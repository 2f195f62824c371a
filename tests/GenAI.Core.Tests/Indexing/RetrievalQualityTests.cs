using System.Numerics.Tensors;
using GenAI.Core.Benchmarks.Retrieval;
using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

/// <summary>nDCG@10 on the test queries of two collections; the floors are those that the project promises.</summary>
public class RetrievalQualityTests
{
    // A reference BM25 with English stemming and stop words reaches 0.688 and 0.330.
    private const double SciFactFloor = 0.685, CranfieldFloor = 0.325;

    // How far fusing in the offline embedder may fall behind keywords alone.
    private const double FusionLoss = 0.005;

    private const int Candidates = 100;

    [DataFact("scifact")]
    public void Keyword_and_hybrid_search_reach_their_floors_on_SciFact() =>
        AssertFloors(RetrievalDataset.Read(TestData.Path("scifact"), "qrels", "test.tsv"), SciFactFloor);

    [DataFact("cranfield")]
    public void Keyword_and_hybrid_search_reach_their_floors_on_Cranfield() =>
        AssertFloors(RetrievalDataset.Read(TestData.Path("cranfield"), "qrels.tsv"), CranfieldFloor);

    private static void AssertFloors(RetrievalDataset dataset, double floor)
    {
        using var index = new KeywordIndex();
        using var embedder = new LexicalEmbeddingGenerator();
        var vectors = dataset.Texts.AsParallel().AsOrdered().Select(text => Embed(embedder, text)).ToArray();
        for (var id = 0; id < dataset.Texts.Count; id++)
            index.Upsert(id, dataset.Texts[id]);

        var keywords = dataset.MeanGain(query => SearchKeywords(index, query.Text).Select(match => match.Id));
        var hybrid = dataset.MeanGain(query => Fuse(SearchVectors(vectors, Embed(embedder, query.Text)), SearchKeywords(index, query.Text)));

        keywords.Should().BeGreaterThanOrEqualTo(floor);
        hybrid.Should().BeGreaterThanOrEqualTo(keywords - FusionLoss);
    }

    private static IEnumerable<long> Fuse(VectorMatch[] vectors, KeywordMatch[] keywords)
    {
        var results = new FusedMatch[10];
        var count = RankFusion.Fuse(vectors, keywords, Candidates, results);
        return results.Take(count).Select(match => match.Id);
    }

    private static KeywordMatch[] SearchKeywords(KeywordIndex index, string query)
    {
        var results = new KeywordMatch[Candidates];
        return results[..index.Search(query, results)];
    }

    private static VectorMatch[] SearchVectors(float[][] vectors, float[] query) => vectors
        .Select((vector, id) => new VectorMatch(id, TensorPrimitives.Dot<float>(vector, query)))
        .OrderByDescending(match => match.Score).ThenBy(match => match.Id).Take(Candidates).ToArray();

    private static float[] Embed(LexicalEmbeddingGenerator embedder, string text)
    {
        var vector = new float[embedder.Dimensions];
        embedder.Embed(text, vector);
        return vector;
    }
}
