namespace GenAI.Core.Training;

/// <summary>What is learned: a vector and the logarithm of a weight for each token, with the moments that Adam keeps of their gradients.</summary>
internal sealed class TokenParameters(int tokens, int dimensions)
{
    public int Tokens => tokens;

    public int Dimensions => dimensions;

    /// <summary>The vectors, row by row.</summary>
    public float[] Rows { get; } = new float[tokens * dimensions];

    /// <summary>The natural logarithm of each token's weight.</summary>
    public float[] LogWeights { get; } = new float[tokens];

    public float[] RowMeans { get; } = new float[tokens * dimensions];

    public float[] RowSquares { get; } = new float[tokens * dimensions];

    public float[] WeightMeans { get; } = new float[tokens];

    public float[] WeightSquares { get; } = new float[tokens];

    /// <summary>All of it, in a fixed order: what a checkpoint holds.</summary>
    public float[][] All => [Rows, LogWeights, RowMeans, RowSquares, WeightMeans, WeightSquares];
}
