using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Embeddings;

/// <summary>
/// The offline default embedder: turns texts into vectors by the words they are made of, with no model and no network. Texts that share
/// words, word pairs and word forms, also misspelt, come to lie close together.
/// </summary>
/// <remarks>
/// <para>It is lexical: it knows that <c>colour</c> resembles <c>colours</c> and <c>coluor</c>, but not that it has to do with
/// <c>paint</c>. Where meaning counts, use a model; the seam is the same.</para>
/// <para>Vectors have unit length, so cosine similarity and dot product agree. A text without letters or digits gets the vector whose first
/// element is 1 and whose others are 0. The same text gives the same bytes on every operating system and processor and in every process,
/// however many threads run. Case and diacritics make no difference; any language is read, stop words and word endings are those of
/// English.</para>
/// <para>Immutable and safe for concurrent use; it works on the caller's thread. Disposing it does nothing.</para>
/// </remarks>
public sealed class LexicalEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>The fewest dimensions a vector may have. Below, features share dimensions until nothing can be told apart.</summary>
    public const int MinDimensions = 32;

    /// <summary>The most dimensions a vector may have.</summary>
    public const int MaxDimensions = 16_384;

    private const string ModelId = "genai-core-lexical-1";

    private readonly ConcurrentBag<LexicalFeatures> _features = [];
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly EmbedderFingerprint _fingerprint;

    /// <summary>Makes an embedder.</summary>
    /// <param name="options">The options; <see langword="null"/> for the defaults. They are copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of dimensions is out of its range.</exception>
    public LexicalEmbeddingGenerator(LexicalEmbeddingOptions? options = null)
    {
        Dimensions = Checked((options ?? new LexicalEmbeddingOptions()).Dimensions, nameof(options));
        _metadata = new EmbeddingGeneratorMetadata("genai.core", defaultModelId: ModelId, defaultModelDimensions: Dimensions);
        _fingerprint = new EmbedderFingerprint(ModelId) { Dimensions = Dimensions, IsNormalized = true };
    }

    /// <summary>The length of the vectors, unless a call asks for another.</summary>
    public int Dimensions { get; }

    /// <summary>Writes the vector of a text, without allocating.</summary>
    /// <param name="text">The text; it may be empty.</param>
    /// <param name="vector">Receives the vector; its length is the number of dimensions.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="vector"/> is not a possible number of dimensions.</exception>
    public void Embed(ReadOnlySpan<char> text, Span<float> vector)
    {
        Checked(vector.Length, nameof(vector));
        if (!_features.TryTake(out var features))
            features = new LexicalFeatures();
        if (!features.TryEmbed(text, vector))
        {
            vector.Clear();
            vector[0] = 1;
        }

        _features.Add(features);
    }

    /// <summary>Makes the vectors of texts, in their order. The work is done before the method returns.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="options"><see cref="EmbeddingGenerationOptions.Dimensions"/> is honoured; the rest has no meaning here.</param>
    /// <param name="cancellationToken">Checked before each text.</param>
    /// <exception cref="ArgumentException">A text is <see langword="null"/>, or the number of dimensions asked for is out of its range.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var dimensions = options?.Dimensions is { } asked ? Checked(asked, nameof(options)) : Dimensions;
        var embeddings = new GeneratedEmbeddings<Embedding<float>>(values.TryGetNonEnumeratedCount(out var count) ? count : 0);
        foreach (var text in values)
        {
            if (cancellationToken.IsCancellationRequested)
                return Task.FromCanceled<GeneratedEmbeddings<Embedding<float>>>(cancellationToken);
            if (text is null)
                throw new ArgumentException($"Text {embeddings.Count} is null; leave it out, or pass an empty text.", nameof(values));

            var vector = new float[dimensions];
            Embed(text, vector);
            embeddings.Add(new Embedding<float>(vector) { ModelId = ModelId });
        }

        return Task.FromResult(embeddings);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        return serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType == typeof(EmbedderFingerprint) ? _fingerprint
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Does nothing: there is nothing to release.</summary>
    public void Dispose()
    {
    }

    private static int Checked(int dimensions, string parameter) => dimensions is >= MinDimensions and <= MaxDimensions
        ? dimensions
        : throw new ArgumentOutOfRangeException(parameter, dimensions, $"A lexical embedding cannot have {dimensions} dimensions; choose from {MinDimensions} to {MaxDimensions}, such as 512.");
}
