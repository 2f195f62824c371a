using System.Numerics.Tensors;
using GenAI.Core.Onnx.Running;

namespace GenAI.Core.Onnx.Vectors;

/// <summary>Makes the vector of a text from those of its tokens, as sentence-transformers does.</summary>
/// <param name="pooling">The poolings, of which each adds a part; null for an output that is pooled already.</param>
internal sealed class Pooler(EmbeddingPooling? pooling)
{
    private static readonly EmbeddingPooling[] All = Enum.GetValues<EmbeddingPooling>();

    private readonly EmbeddingPooling[] _parts = pooling is { } chosen ? [.. All.Where(part => chosen.HasFlag(part))] : [];

    /// <summary>The length of a vector, for rows of this width.</summary>
    public int Dimensions(int width) => width * Math.Max(1, _parts.Length);

    /// <summary>Writes the vector.</summary>
    /// <param name="output">The rows of the tokens, or the one row that the graph has pooled.</param>
    /// <param name="skip">How many rows at the start are left out, because they are the prompt's.</param>
    /// <param name="vector">Receives the vector.</param>
    public void Pool(in RowOutput output, int skip, Span<float> vector)
    {
        if (_parts.Length == 0)
        {
            output.Row(0).CopyTo(vector);
            return;
        }

        for (var i = 0; i < _parts.Length; i++)
            Pool(_parts[i], output, skip, vector.Slice(i * output.Width, output.Width));
    }

    private static void Pool(EmbeddingPooling part, in RowOutput output, int skip, Span<float> vector)
    {
        switch (part)
        {
            case EmbeddingPooling.Cls:
                output.Row(0).CopyTo(vector);
                return;
            case EmbeddingPooling.LastToken:
                output.Row(output.Rows - 1).CopyTo(vector);
                return;
            case EmbeddingPooling.Max:
                output.Row(skip).CopyTo(vector);
                for (var row = skip + 1; row < output.Rows; row++)
                    TensorPrimitives.Max(vector, output.Row(row), vector);
                return;
        }

        vector.Clear();
        var weights = 0f;
        for (var row = skip; row < output.Rows; row++)
        {
            var weight = part == EmbeddingPooling.WeightedMean ? row + 1 : 1;
            weights += weight;
            if (weight == 1)
                TensorPrimitives.Add(vector, output.Row(row), vector);
            else
                TensorPrimitives.MultiplyAdd(output.Row(row), (float)weight, vector, vector);
        }

        TensorPrimitives.Divide(vector, part == EmbeddingPooling.MeanSqrtLength ? MathF.Sqrt(weights) : weights, vector);
    }
}
