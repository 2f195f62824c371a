using System.Numerics.Tensors;
using GenAI.Core.Embeddings;

namespace GenAI.Core.Benchmarks.Retrieval;

/// <summary>
/// A model whose rows are turned together, which changes no cosine, and then rounded to 8 bits anew: what the rounding does to a ranking, seen on a model whose rows are only known rounded.
/// </summary>
internal sealed class RoundedModel : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("genai-core-model-").FullName;

    private RoundedModel(StaticModel model)
    {
        var path = Path.Combine(_folder, "turned.staticmodel");
        StaticModelWriter.Write(model, path);
        Embedder = new StaticEmbeddingGenerator(path);
    }

    public StaticEmbeddingGenerator Embedder { get; }

    public static RoundedModel Of(string path)
    {
        using var file = StaticModelFile.Open(path);
        var model = file.ToModel();
        var random = new Random(17);
        // Two reflections: a rotation that moves every component by about its own size.
        for (var reflection = 0; reflection < 2; reflection++)
        {
            var mirror = Enumerable.Range(0, model.RowLength).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
            TensorPrimitives.Divide(mirror, TensorPrimitives.Norm<float>(mirror), mirror);
            for (var row = 0; row < model.Weights.Length; row++)
            {
                var values = model.Rows.AsSpan(row * model.RowLength, model.RowLength);
                TensorPrimitives.MultiplyAdd(mirror, -2 * TensorPrimitives.Dot<float>(values, mirror), values, values);
            }
        }

        return new RoundedModel(model);
    }

    public void Dispose()
    {
        Embedder.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
