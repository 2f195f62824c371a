namespace GenAI.Core.Embeddings;

/// <summary>Options of a <see cref="StaticEmbeddingGenerator"/>.</summary>
public sealed class StaticEmbeddingOptions
{
    /// <summary>
    /// The length of the vectors: shorter ones take less memory and time to search, and tell less. The first components are kept, and unit length made again.
    /// </summary>
    /// <value>From 2 to the model's own length, of which the default, <see langword="null"/>, keeps all. The model in the box is trained for 256, 128 and 64.</value>
    public int? Dimensions { get; set; }

    /// <summary>The most tokens of a text that a published model reads; the rest is left out. A model file of this library's own format reads texts whole.</summary>
    /// <value>1 or more. The default is 512, that of the library which publishes them; <see cref="int.MaxValue"/> reads texts whole.</value>
    public int MaxTokens { get; set; } = 512;
}
