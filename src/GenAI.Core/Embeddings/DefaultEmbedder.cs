using Microsoft.Extensions.AI;

namespace GenAI.Core.Embeddings;

/// <summary>The embedder of knowledge bases that are given none: the model that the package GenAI.Core.Models.Small lays beside the application, else the one that hashes words.</summary>
internal static class DefaultEmbedder
{
    /// <summary>The name of the model's file.</summary>
    public const string ModelFile = "genai-core-small.staticmodel";

    // One mapping for the whole process, never let go. A failure is not remembered: the file may have been mended.
    private static readonly Lazy<IEmbeddingGenerator<string, Embedding<float>>> OfApplication = new(() => In(AppContext.BaseDirectory), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The embedder of this application.</summary>
    /// <exception cref="InvalidDataException">The model is damaged. It is not passed over: vectors of another embedder would not go with those that are stored.</exception>
    public static IEmbeddingGenerator<string, Embedding<float>> Shared => OfApplication.Value;

    /// <summary>The embedder of an application in a folder.</summary>
    public static IEmbeddingGenerator<string, Embedding<float>> In(string folder)
    {
        var path = Path.Combine(folder, ModelFile);
        return File.Exists(path) ? new StaticEmbeddingGenerator(path) : new LexicalEmbeddingGenerator();
    }
}
