namespace GenAI.Core.Chunking;

/// <summary>A chunker's limits, checked, and what it has learned about its counter. Safe for concurrent use.</summary>
internal sealed class ChunkLimits
{
    private readonly WordTable? _words;

    public ChunkLimits(ChunkerOptions? options)
    {
        options ??= new ChunkerOptions();
        (MaxTokens, OverlapTokens, Counter) = (options.MaxTokens, options.OverlapTokens, options.Counter);
        if (OverlapTokens >= MaxTokens)
            throw new ArgumentException($"OverlapTokens is {OverlapTokens} and MaxTokens is {MaxTokens}, which leaves no room for new text. Make OverlapTokens smaller (0 for none) or MaxTokens larger.", nameof(options));

        // A table is 512 KB: only for counters that need one.
        _words = ReferenceEquals(Counter, TokenCounter.Estimate) ? null : new WordTable(Counter);
    }

    public int MaxTokens { get; }

    public int OverlapTokens { get; }

    public TokenCounter Counter { get; }

    public TokenRuler CreateRuler() => TokenRuler.For(Counter, _words);
}
