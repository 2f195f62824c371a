using System.Numerics.Tensors;

namespace GenAI.Core.Onnx.Vectors;

/// <summary>What becomes of a pooled vector.</summary>
/// <param name="Dimensions">How many dimensions are kept.</param>
/// <param name="Normalize">Whether it gets unit length.</param>
internal readonly record struct VectorShape(int Dimensions, bool Normalize)
{
    /// <summary>Copies the first dimensions, and makes their length 1. A vector of zeros stays one.</summary>
    public void Apply(ReadOnlySpan<float> pooled, Span<float> vector)
    {
        pooled[..Dimensions].CopyTo(vector);
        if (Normalize && TensorPrimitives.Norm<float>(vector) is > 0 and var norm)
            TensorPrimitives.Divide(vector, norm, vector);
    }
}
