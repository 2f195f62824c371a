using Microsoft.Extensions.AI;

namespace GenAI.Core.Embeddings;

/// <summary>
/// Makes embeddings with a static model: the vector of a text is the weighted sum of the vectors of its tokens. It knows what words mean, though not what their order does; it needs no
/// native code, and microseconds for a text.
/// </summary>
/// <remarks>
/// <para>A model is a file of this library's own format, such as the one in the package GenAI.Core.Models.Small, or a folder as the models of the model2vec family are published
/// (<c>model.safetensors</c>, <c>tokenizer.json</c>, <c>config.json</c>). Either is mapped into memory, not read.</para>
/// <para>A text without a token that the model knows, such as an empty one, has a defined vector of unit length. With a model file it is -1 in the first component and 0 in the others, and its
/// cosine with any text that has tokens is below that of any two such texts: it is ranked last, whatever is asked. With a published model, whose vectors are as its library makes them,
/// it is the direction opposite to the mean of all rows, which ranks low.</para>
/// <para>The same text gives the same bytes on every processor, however many threads run. Safe for concurrent use; it works on the caller's thread. Disposing of it lets the file go when
/// the calls that are running have ended.</para>
/// </remarks>
public sealed class StaticEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly StaticEncoder _encoder;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly EmbedderFingerprint _fingerprint;

    /// <summary>Loads a model.</summary>
    /// <param name="path">A model file, or the folder of a published model.</param>
    /// <param name="options">The options; <see langword="null"/> for the defaults. They are copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">The options ask for more dimensions than the model has, or for none, or for no tokens.</exception>
    /// <exception cref="FileNotFoundException">There is no such file or folder, or the folder lacks a file.</exception>
    /// <exception cref="InvalidDataException">A file is not a model, or cut off or damaged; the message names it and the remedy.</exception>
    /// <exception cref="NotSupportedException">The model is of a format version that is newer than this library.</exception>
    public StaticEmbeddingGenerator(string path, StaticEmbeddingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new StaticEmbeddingOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxTokens, nameof(options));
        _encoder = Directory.Exists(path) ? new StaticFolderEncoder(path, options.MaxTokens) : new StaticFileEncoder(path);
        try
        {
            Dimensions = Checked(options.Dimensions ?? _encoder.MaxDimensions, nameof(options));
        }
        catch
        {
            _encoder.Dispose();
            throw;
        }

        _fingerprint = _encoder.Fingerprint with { Dimensions = Dimensions };
        _metadata = new EmbeddingGeneratorMetadata("genai.core", new Uri(Path.GetFullPath(path)), _fingerprint.ModelId, Dimensions);
    }

    /// <summary>The length of the vectors, unless a call asks for another.</summary>
    public int Dimensions { get; }

    /// <summary>What the model file says of the model, such as its name, version, licence and card; empty for a published folder, whose card is its README.</summary>
    public IReadOnlyDictionary<string, string> Properties => _encoder.Properties;

    /// <inheritdoc cref="StaticEncoder.MaxDimensions"/>
    internal int MaxDimensions => _encoder.MaxDimensions;

    /// <inheritdoc cref="StaticEncoder.UnrelatedCosine"/>
    internal double? UnrelatedCosine => _encoder.UnrelatedCosine;

    /// <summary>Writes the vector of a text, without allocating.</summary>
    /// <param name="text">The text; it may be empty.</param>
    /// <param name="vector">Receives the vector; its length is the number of dimensions, at most those of the model.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length of <paramref name="vector"/> is not a possible number of dimensions.</exception>
    /// <exception cref="ObjectDisposedException">The generator is disposed of.</exception>
    public void Embed(ReadOnlySpan<char> text, Span<float> vector)
    {
        Checked(vector.Length, nameof(vector));
        _encoder.Embed(text, vector);
    }

    /// <summary>Makes the vectors of texts, in their order. The work is done before the method returns.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="options"><see cref="EmbeddingGenerationOptions.Dimensions"/> is honoured; the rest has no meaning here.</param>
    /// <param name="cancellationToken">Checked before each text.</param>
    /// <exception cref="ArgumentException">A text is <see langword="null"/>, or the number of dimensions asked for is out of its range.</exception>
    /// <exception cref="ObjectDisposedException">The generator is disposed of.</exception>
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
            _encoder.Embed(text, vector);
            embeddings.Add(new Embedding<float>(vector) { ModelId = _fingerprint.ModelId });
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

    /// <summary>Lets the model's file go when the calls that are running have ended. Calls that come later fail.</summary>
    public void Dispose() => _encoder.Dispose();

    private int Checked(int dimensions, string parameter) => dimensions >= _encoder.MinDimensions && dimensions <= _encoder.MaxDimensions
        ? dimensions
        : throw new ArgumentOutOfRangeException(parameter, dimensions, $"The model '{_encoder.Fingerprint.ModelId}' cannot make vectors of {dimensions} dimensions; choose from {_encoder.MinDimensions} to {_encoder.MaxDimensions}.");
}
