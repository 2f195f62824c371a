using System.Numerics.Tensors;
using GenAI.Core.Onnx.Running;

namespace GenAI.Core.Onnx.Vectors;

/// <summary>Makes the vector of a text from those of its tokens, as sentence-transformers does.</summary>
/// <param name="pooling">The poolings, of which each adds a part; null for an output that is pooled already.</param>
/// <param name="layers">What comes after the pooling.</param>
internal sealed class Pooler(EmbeddingPooling? pooling, IReadOnlyList<DenseLayer> layers)
{
    private static readonly EmbeddingPooling[] All = Enum.GetValues<EmbeddingPooling>();

    private readonly EmbeddingPooling[] _parts = pooling is { } chosen ? [.. All.Where(part => chosen.HasFlag(part))] : [];

    /// <summary>The length of a vector, for rows of this width.</summary>
    public int Dimensions(int width) => Finished(PooledDimensions(width));

    /// <summary>The length of what <see cref="Finish"/> makes of a pooled vector.</summary>
    public int Finished(int pooled) => layers.Count > 0 ? layers[^1].Outputs : pooled;

    /// <summary>Whether <see cref="Finish"/> takes the vector of a single pooling.</summary>
    public bool FinishesOnePooling => layers.Count == 0 || _parts.Length == 1;

    /// <summary>What does not fit where layers follow on rows of this width; null if all does.</summary>
    public string? Misfit(int width)
    {
        var values = PooledDimensions(width);
        foreach (var layer in layers)
        {
            if (layer.Inputs != values)
                return $"a layer takes {layer.Inputs} values, and what comes before it has {values}";
            values = layer.Outputs;
        }

        return null;
    }

    /// <summary>Writes the vector.</summary>
    /// <param name="output">The rows of the tokens, or the one row that the graph has pooled.</param>
    /// <param name="skip">How many rows at the start are left out, because they are the prompt's.</param>
    /// <param name="vector">Receives the vector.</param>
    public void Pool(in RowOutput output, int skip, Span<float> vector)
    {
        if (layers.Count == 0)
        {
            PoolRows(output, skip, vector);
            return;
        }

        var pooled = new float[PooledDimensions(output.Width)];
        PoolRows(output, skip, pooled);
        Finish(pooled).CopyTo(vector);
    }

    /// <summary>Takes a pooled vector through the layers; without any it stays as it is.</summary>
    public float[] Finish(float[] pooled)
    {
        foreach (var layer in layers)
        {
            var result = new float[layer.Outputs];
            layer.Apply(pooled, result);
            pooled = result;
        }

        return pooled;
    }

    private int PooledDimensions(int width) => width * Math.Max(1, _parts.Length);

    private void PoolRows(in RowOutput output, int skip, Span<float> vector)
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
