using Microsoft.Extensions.AI;

namespace GenAI.Core.Embeddings;

/// <summary>Says what embeddings are for, in <see cref="EmbeddingGenerationOptions.AdditionalProperties"/>, where a generator that does not know of it passes it by.</summary>
public static class EmbeddingPurposeExtensions
{
    // A word and not the enumeration, so that caches which write options as JSON can write it.
    private const string Key = "genai_core_purpose";

    /// <summary>Options that say what the embeddings are for.</summary>
    /// <param name="options">Options to copy; <see langword="null"/> for none. They are left as they are.</param>
    /// <param name="purpose">The purpose.</param>
    public static EmbeddingGenerationOptions WithPurpose(this EmbeddingGenerationOptions? options, EmbeddingPurpose purpose)
    {
        var copy = options?.Clone() ?? new EmbeddingGenerationOptions();
        copy.AdditionalProperties = copy.AdditionalProperties is { } others ? new AdditionalPropertiesDictionary(others) : [];
        copy.AdditionalProperties[Key] = purpose == EmbeddingPurpose.Query ? "query" : "document";
        return copy;
    }

    /// <summary>What the embeddings are for; <see langword="null"/> if the options do not say.</summary>
    /// <param name="options">The options; <see langword="null"/> for none.</param>
    public static EmbeddingPurpose? GetPurpose(this EmbeddingGenerationOptions? options) =>
        options?.AdditionalProperties is { } properties && properties.TryGetValue(Key, out var value)
            ? value switch { "query" => EmbeddingPurpose.Query, "document" => EmbeddingPurpose.Document, _ => null }
            : null;
}
