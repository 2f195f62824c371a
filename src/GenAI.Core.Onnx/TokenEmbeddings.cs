using System.Numerics.Tensors;
using GenAI.Core.Onnx.Vectors;

namespace GenAI.Core.Onnx;

/// <summary>A vector for every token of a text, each read in the light of the whole: what late chunking pools chunks from.</summary>
/// <remarks>
/// Günther et al., "Late chunking: contextual chunk embeddings using long-context embedding models", 2024. Special tokens are left out. Immutable.
/// </remarks>
public sealed class TokenEmbeddings
{
    private readonly float[] _vectors;
    private readonly TextRange[] _ranges;
    private readonly Pooler _pooler;
    private readonly bool _normalize;

    internal TokenEmbeddings(float[] vectors, TextRange[] ranges, Pooler pooler, bool normalize)
    {
        (_vectors, _ranges, _pooler, _normalize) = (vectors, ranges, pooler, normalize);
        Dimensions = ranges.Length == 0 ? 0 : vectors.Length / ranges.Length;
    }

    /// <summary>The number of tokens.</summary>
    public int Count => _ranges.Length;

    /// <summary>The values of a token's vector.</summary>
    public int Dimensions { get; }

    /// <summary>The range of the text that each token stands for, in UTF-16 code units.</summary>
    public IReadOnlyList<TextRange> Ranges => _ranges;

    /// <summary>The vector of a token, as the model put it out.</summary>
    /// <param name="token">The token, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public ReadOnlySpan<float> Vector(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Count);
        return _vectors.AsSpan(token * Dimensions, Dimensions);
    }

    /// <summary>The vector of a part of the text: the mean over its tokens, taken through the model's dense layers if it has some, and of unit length if the model's vectors are.</summary>
    /// <param name="range">The part, such as a chunk's range. A token counts where most of it does: with its middle.</param>
    /// <returns>The vector; zeros if the part has no token.</returns>
    public float[] Pool(TextRange range)
    {
        var vector = new float[Dimensions];
        var tokens = 0;
        for (var i = 0; i < _ranges.Length; i++)
        {
            var middle = _ranges[i].Start + _ranges[i].Length / 2;
            if (middle < range.Start || middle >= range.Start + range.Length)
                continue;
            TensorPrimitives.Add(vector, Vector(i), vector);
            tokens++;
        }

        if (tokens == 0)
            return new float[_pooler.Finished(Dimensions)];
        TensorPrimitives.Divide(vector, tokens, vector);
        vector = _pooler.Finish(vector);
        if (_normalize && TensorPrimitives.Norm<float>(vector) is > 0 and var norm)
            TensorPrimitives.Divide(vector, norm, vector);
        return vector;
    }
}
