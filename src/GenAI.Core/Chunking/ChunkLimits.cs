namespace GenAI.Core.Chunking;

/// <summary>A chunker's limits, checked, with the weights that fit its counter. Immutable, so safe for concurrent use.</summary>
internal sealed class ChunkLimits
{
    public ChunkLimits(ChunkerOptions? options)
    {
        options ??= new ChunkerOptions();
        (MaxTokens, OverlapTokens, Counter) = (options.MaxTokens, options.OverlapTokens, options.Counter);
        if (OverlapTokens >= MaxTokens)
            throw new ArgumentException($"OverlapTokens is {OverlapTokens} and MaxTokens is {MaxTokens}, which leaves no room for new text. Make OverlapTokens smaller (0 for none) or MaxTokens larger.", nameof(options));

        Weights = IsEstimate ? TokenWeights.Default : TokenWeights.FittedTo(Counter);
    }

    public int MaxTokens { get; }

    public int OverlapTokens { get; }

    public TokenCounter Counter { get; }

    // Part of what an ingestion compares to see whether a document would be cut in the same way again. Tokenizers of one type with different
    // vocabularies have the same name; what they count in a few samples tells them apart.
    public override string ToString() => IsEstimate
        ? $"{MaxTokens}, {OverlapTokens}"
        : $"{MaxTokens}, {OverlapTokens}, {Counter} {Counter.Count(TokenSamples.Ascii)}/{Counter.Count(TokenSamples.Alphabets)}/{Counter.Count(TokenSamples.Others)}";

    /// <summary>Whether the counter counts what the weights say.</summary>
    public bool IsEstimate => ReferenceEquals(Counter, TokenCounter.Estimate);

    public TokenWeights Weights { get; }
}
