namespace GenAI.Core.Training;

/// <summary>A text that someone may search with, and one that should be found: what an embedder is trained on. Immutable.</summary>
public sealed class TrainingPair
{
    /// <summary>The question, heading or sentence.</summary>
    public required string Query { get; init; }

    /// <summary>The answer, section or passage that belongs to it.</summary>
    public required string Passage { get; init; }

    /// <summary>Passages that resemble the right one and are wrong. The default is empty.</summary>
    public IReadOnlyList<string> HardNegatives { get; init; } = [];

    /// <summary>
    /// Where the pair is from, such as the name of a collection. Part of the batches are of one source, so that the model learns to tell passages of one field apart, and a word of
    /// many sources goes before a word of one. The default is empty: all pairs are of one source.
    /// </summary>
    public string Source { get; init; } = "";

    /// <summary>How often the pair is drawn, compared with others; more than 0. The default is 1.</summary>
    public double Weight { get; init; } = 1;
}
