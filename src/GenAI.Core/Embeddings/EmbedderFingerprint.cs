using System.Text;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Embeddings;

/// <summary>
/// What makes the vectors of a text: vectors of two models, or of one with another pooling or prefix, must never be compared, even where they have the same number of dimensions. A stored
/// collection keeps the fingerprint of the embedder that filled it.
/// </summary>
/// <remarks>
/// An embedder says its own by answering <c>GetService(typeof(EmbedderFingerprint))</c>, also through decorators. What is <see langword="null"/> is not known, and differs from nothing.
/// </remarks>
public sealed record EmbedderFingerprint
{
    /// <summary>Makes a fingerprint.</summary>
    /// <param name="modelId">Names the model, and its version where it has one.</param>
    /// <exception cref="ArgumentException">The name is empty or white space.</exception>
    public EmbedderFingerprint(string modelId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelId);
        ModelId = modelId;
    }

    /// <summary>The model's name.</summary>
    public string ModelId { get; }

    /// <summary>A hash of the model's files.</summary>
    public string? ContentHash { get; init; }

    /// <summary>How the vectors of tokens become one, such as <c>mean</c> or <c>cls</c>.</summary>
    public string? Pooling { get; init; }

    /// <summary>What is put before a text that is stored, such as <c>passage: </c>.</summary>
    public string? Prefix { get; init; }

    /// <summary>The number of dimensions.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Whether vectors have unit length.</summary>
    public bool? IsNormalized { get; init; }

    /// <summary>The fingerprint of a generator: the one that it says itself, else what its metadata says, else its type.</summary>
    /// <param name="generator">The generator.</param>
    public static EmbedderFingerprint Of(IEmbeddingGenerator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        if (generator.GetService(typeof(EmbedderFingerprint)) is EmbedderFingerprint own)
            return own;

        var metadata = generator.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;
        var model = metadata?.DefaultModelId is { Length: > 0 } id ? id : generator.GetType().FullName ?? generator.GetType().Name;
        return new EmbedderFingerprint(metadata?.ProviderName is { Length: > 0 } provider ? $"{provider}/{model}" : model) { Dimensions = metadata?.DefaultModelDimensions };
    }

    /// <summary>The fingerprint of a generator that says what its model is; null for one that does not: of two such, nothing tells whether their vectors can be compared.</summary>
    internal static EmbedderFingerprint? SaidBy(IEmbeddingGenerator generator) =>
        generator.GetService(typeof(EmbedderFingerprint)) is EmbedderFingerprint
        || generator.GetService(typeof(EmbeddingGeneratorMetadata)) is EmbeddingGeneratorMetadata { DefaultModelId.Length: > 0 }
            ? Of(generator)
            : null;

    /// <summary>What is known of both and not the same, as words; <see langword="null"/> if the vectors can be compared.</summary>
    /// <param name="other">Another fingerprint.</param>
    internal string? DifferenceFrom(EmbedderFingerprint other)
    {
        string? Differs<T>(string what, T? mine, T? others) =>
            mine is null || others is null || EqualityComparer<T>.Default.Equals(mine, others) ? null : $"{what} '{mine}', not '{others}'";

        // A model is what is in its files: the same under another name, such as in a folder that was moved, is the same.
        var isSameContent = ContentHash is not null && ContentHash == other.ContentHash;
        return (isSameContent ? null : Differs("model", ModelId, other.ModelId))
            ?? Differs("content hash", ContentHash, other.ContentHash)
            ?? Differs("pooling", Pooling, other.Pooling)
            ?? Differs("prefix", Prefix, other.Prefix)
            ?? Differs<object>("dimensions", Dimensions, other.Dimensions)
            ?? Differs<object>("normalisation", IsNormalized, other.IsNormalized);
    }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(ModelId);
        foreach (var (name, value) in new (string, object?)[] { ("hash", ContentHash), ("pooling", Pooling), ("prefix", Prefix), ("dimensions", Dimensions), ("normalised", IsNormalized) })
        {
            if (value is not null)
                builder.Append(System.Globalization.CultureInfo.InvariantCulture, $", {name} {value}");
        }

        return true;
    }
}
