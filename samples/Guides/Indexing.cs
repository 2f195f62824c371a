using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;

namespace Guides;

internal static class Indexing
{
    public static void Run()
    {
        // <snippet:vector-index>
        using var index = VectorIndex.CreateExact(dimensions: 3, VectorMetric.Cosine);
        index.Upsert([17, 18], [1, 0, 0, 0, 1, 0]);

        var matches = new VectorMatch[10];
        var count = index.Search([0.9f, 0.1f, 0], matches);
        Console.WriteLine($"{count} matches, best {matches[0].Id} with {matches[0].Score}");
        // </snippet:vector-index>

        Console.WriteLine(VectorIndexes.NearestAmong(index, [0.9f, 0.1f, 0], [17]));
        VectorIndexes.ChooseOptions();

        // <snippet:keyword-index>
        using var keywords = new KeywordIndex();
        keywords.Upsert(17, "Bicycles are kept in the cellar.");
        keywords.Upsert(18, "The office opens at seven.");

        var found = new KeywordMatch[10];
        var hits = keywords.Search("keeping a bicycle", found);
        Console.WriteLine($"{hits} match, best {found[0].Id} with {found[0].Score}");
        // </snippet:keyword-index>

        // <snippet:lexical>
        using var embedder = new LexicalEmbeddingGenerator(new LexicalEmbeddingOptions { Dimensions = 256 });
        var vector = new float[256];
        embedder.Embed("Bicycles are kept in the cellar.", vector);
        // </snippet:lexical>

        Console.WriteLine(vector.Length);
    }
}
