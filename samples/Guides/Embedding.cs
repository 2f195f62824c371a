using System.Numerics.Tensors;
using GenAI.Core.Embeddings;

namespace Guides;

internal static class Embedding
{
    public static async Task RunAsync()
    {
        // <snippet:static-embeddings>
        using var embedder = new StaticEmbeddingGenerator(Path.Combine(AppContext.BaseDirectory, "genai-core-small.staticmodel"));
        var embeddings = await embedder.GenerateAsync(["How can I make my code faster?", "Improving the performance of an application", "How can I make a cake?"]);

        var answer = TensorPrimitives.CosineSimilarity(embeddings[0].Vector.Span, embeddings[1].Vector.Span);
        var other = TensorPrimitives.CosineSimilarity(embeddings[0].Vector.Span, embeddings[2].Vector.Span);
        // </snippet:static-embeddings>

        Console.WriteLine($"{answer} {other}");
        var (question, right, wrong) = (Words("How can I make my code faster?"), Words("Improving the performance of an application"), Words("How can I make a cake?"));
        Console.WriteLine($"by words alone: {TensorPrimitives.CosineSimilarity<float>(question, right)} {TensorPrimitives.CosineSimilarity<float>(question, wrong)}");
    }

    /// <summary>A published model, from its folder.</summary>
    public static void Load(string folder)
    {
        // <snippet:static-published>
        using var published = new StaticEmbeddingGenerator(folder, new StaticEmbeddingOptions { Dimensions = 128 });
        // </snippet:static-published>

        Console.WriteLine(published.Dimensions);
    }

    private static float[] Words(string text)
    {
        using var embedder = new LexicalEmbeddingGenerator();
        var vector = new float[embedder.Dimensions];
        embedder.Embed(text, vector);
        return vector;
    }
}
