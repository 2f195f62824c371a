namespace GenAI.Core.Embeddings;

/// <summary>Options of a <see cref="LexicalEmbeddingGenerator"/>.</summary>
public sealed class LexicalEmbeddingOptions
{
    /// <summary>
    /// The length of the vectors, from <see cref="LexicalEmbeddingGenerator.MinDimensions"/> to
    /// <see cref="LexicalEmbeddingGenerator.MaxDimensions"/>. More dimensions mean fewer features that share one, and better
    /// ranking, for more memory and time. The default is 512.
    /// </summary>
    public int Dimensions { get; set; } = 512;
}
