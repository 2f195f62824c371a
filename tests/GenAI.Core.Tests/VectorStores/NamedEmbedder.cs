using GenAI.Core.Embeddings;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.VectorStores;

/// <summary>The lexical embedder under another name, with every vector turned round by the name.</summary>
internal sealed class NamedEmbedder(string name, int dimensions = 64) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly LexicalEmbeddingGenerator _inner = new(new LexicalEmbeddingOptions { Dimensions = dimensions });

    /// <summary>After so many calls it fails.</summary>
    public int CallsBeforeFailure { get; set; } = int.MaxValue;

    public float[] Embed(string text)
    {
        var vector = new float[dimensions];
        _inner.Embed(text, vector);
        return [.. vector[name.Length..], .. vector[..name.Length]];
    }

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        CallsBeforeFailure-- > 0
            ? Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(Embed(text)))))
            : throw new HttpRequestException("The service is down.");

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("test", null, name, dimensions) : null;

    public void Dispose() => _inner.Dispose();
}
