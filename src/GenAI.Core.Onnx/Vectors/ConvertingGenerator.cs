using Microsoft.Extensions.AI;

namespace GenAI.Core.Onnx.Vectors;

/// <summary>Makes embeddings of another form from those of a generator.</summary>
internal sealed class ConvertingGenerator<TEmbedding>(IEmbeddingGenerator<string, Embedding<float>> inner, Func<Embedding<float>, TEmbedding> convert) : IEmbeddingGenerator<string, TEmbedding>
    where TEmbedding : Embedding
{
    public async Task<GeneratedEmbeddings<TEmbedding>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var embeddings = await inner.GenerateAsync(values, options, cancellationToken).ConfigureAwait(false);
        return new GeneratedEmbeddings<TEmbedding>(embeddings.Select(convert)) { Usage = embeddings.Usage, AdditionalProperties = embeddings.AdditionalProperties };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : inner.GetService(serviceType, serviceKey);

    public void Dispose()
    {
    }
}
