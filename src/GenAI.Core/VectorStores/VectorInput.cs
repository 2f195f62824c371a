using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData.ProviderServices;

namespace GenAI.Core.VectorStores;

/// <summary>The forms in which vectors come in.</summary>
internal static class VectorInput
{
    /// <summary>The components of a value that is a vector; null if it is something else, such as a text to embed.</summary>
    public static ReadOnlyMemory<float>? TryRead(object value) => value switch
    {
        ReadOnlyMemory<float> memory => memory,
        float[] array => array,
        Embedding<float> embedding => embedding.Vector,
        Memory<float> memory => memory,
        // Not a bare null, which is an array to the compiler, and as such an empty vector.
        _ => default(ReadOnlyMemory<float>?),
    };

    /// <summary>The vector to search with: the value itself, or its embedding.</summary>
    /// <exception cref="NotSupportedException">The value is no vector and there is no generator.</exception>
    /// <exception cref="InvalidOperationException">The generator cannot embed a value of this type.</exception>
    public static async ValueTask<ReadOnlyMemory<float>> ReadOrEmbedAsync(object value, VectorField field, CancellationToken cancellationToken)
    {
        if (TryRead(value) is { } vector)
            return vector;

        var model = field.Model;
        if (model.EmbeddingGenerationDispatcher is not null)
            return ((Embedding<float>)await model.GenerateEmbeddingAsync(value, cancellationToken).ConfigureAwait(false)).Vector;

        throw model.EmbeddingGenerator is null
            ? new NotSupportedException(VectorDataStrings.InvalidSearchInputAndNoEmbeddingGeneratorWasConfigured(value.GetType(), ColumnTypes.SupportedVectors))
            : new InvalidOperationException(VectorDataStrings.IncompatibleEmbeddingGeneratorWasConfiguredForInputType(value.GetType(), model.EmbeddingGenerator.GetType()));
    }
}
