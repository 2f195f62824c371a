namespace GenAI.Core.Indexing;

/// <summary>How two vectors are compared. Every metric is scored so that higher is better.</summary>
public enum VectorMetric
{
    /// <summary>The cosine of the angle between the vectors, -1 to 1. Zero vectors have no direction and are refused.</summary>
    Cosine,

    /// <summary>The sum of the products of the components.</summary>
    DotProduct,

    /// <summary>The length of the difference, negated: 0 for equal vectors, else below 0.</summary>
    Euclidean,

    /// <summary>The sum of the absolute differences of the components, negated.</summary>
    Manhattan,

    /// <summary>The number of components that differ, negated.</summary>
    Hamming,
}
