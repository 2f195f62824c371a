using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests;

/// <summary>An embedding generator that does what the test says.</summary>
internal sealed class FakeEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private int _calls;
    private int _texts;

    /// <summary>The embedding of one text. The default is a fixed vector of four dimensions.</summary>
    public Func<string, float[]> Embed { get; init; } = _ => [1, 0, 0, 0];

    /// <summary>Called before each batch.</summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task>? BeforeBatch { get; init; }

    /// <summary>What the generator says of itself; null for one that says nothing.</summary>
    public EmbeddingGeneratorMetadata? Metadata { get; init; } = new("fake", defaultModelId: "fake-4", defaultModelDimensions: 4);

    /// <summary>How many embeddings to leave out of every batch, against the contract.</summary>
    public int Withhold { get; init; }

    public int Calls => _calls;

    public int Texts => _texts;

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        Interlocked.Increment(ref _calls);
        Interlocked.Add(ref _texts, texts.Count);
        if (BeforeBatch is not null)
            await BeforeBatch(texts, cancellationToken);
        return new(texts.Take(texts.Count - Withhold).Select(text => new Embedding<float>(Embed(text))));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(EmbeddingGeneratorMetadata) ? Metadata
        : serviceKey is null && serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }
}
