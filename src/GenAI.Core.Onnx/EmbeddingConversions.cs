using System.Collections;
using System.Numerics.Tensors;
using GenAI.Core.Onnx.Vectors;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Onnx;

/// <summary>Embeddings in fewer bytes, from any generator of single precision.</summary>
public static class EmbeddingConversions
{
    /// <summary>Embeddings of half precision: half the bytes, three digits.</summary>
    /// <param name="generator">Makes the embeddings. It is not disposed of with the result.</param>
    public static IEmbeddingGenerator<string, Embedding<Half>> AsHalf(this IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new ConvertingGenerator<Embedding<Half>>(generator, embedding =>
        {
            var values = new Half[embedding.Vector.Length];
            TensorPrimitives.ConvertToHalf(embedding.Vector.Span, values);
            return new Embedding<Half>(values) { ModelId = embedding.ModelId };
        });
    }

    /// <summary>
    /// Embeddings of signed bytes: a quarter of the bytes, each vector stretched so that its greatest value is 127 or -127. Cosine similarity does not see the stretching;
    /// dot product and distances do.
    /// </summary>
    /// <inheritdoc cref="AsHalf"/>
    public static IEmbeddingGenerator<string, Embedding<sbyte>> AsInt8(this IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new ConvertingGenerator<Embedding<sbyte>>(generator, embedding =>
        {
            var vector = embedding.Vector.Span;
            var greatest = vector.IsEmpty ? 0 : TensorPrimitives.MaxMagnitude(vector);
            var scale = greatest == 0 ? 0 : 127 / MathF.Abs(greatest);
            var values = new sbyte[vector.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = (sbyte)MathF.Round(vector[i] * scale);
            return new Embedding<sbyte>(values) { ModelId = embedding.ModelId };
        });
    }

    /// <summary>Embeddings of one bit for each dimension, set where the value is above 0: a 32nd of the bytes, to be compared by Hamming distance.</summary>
    /// <inheritdoc cref="AsHalf"/>
    public static IEmbeddingGenerator<string, BinaryEmbedding> AsBinary(this IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new ConvertingGenerator<BinaryEmbedding>(generator, embedding =>
        {
            var vector = embedding.Vector.Span;
            var bits = new BitArray(vector.Length);
            for (var i = 0; i < vector.Length; i++)
                bits[i] = vector[i] > 0;
            return new BinaryEmbedding(bits) { ModelId = embedding.ModelId };
        });
    }
}
