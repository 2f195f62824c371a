using System.Collections.Concurrent;
using GenAI.Core.Tokenization;

namespace GenAI.Core.Embeddings;

/// <summary>Makes the vectors of texts from rows that lie in a mapped file. Safe for concurrent use; the file is let go when the last call that was running has ended.</summary>
internal abstract class StaticEncoder : IDisposable
{
    private readonly ConcurrentBag<StaticScratch> _scratch = [];

    // The owner and the calls that are running.
    private int _holders = 1;
    private int _isDisposed;

    /// <summary>What makes the vectors, with those of the model's own length.</summary>
    public abstract EmbedderFingerprint Fingerprint { get; }

    /// <summary>The fewest components that a vector can be cut to.</summary>
    public abstract int MinDimensions { get; }

    /// <summary>The components of a whole vector.</summary>
    public abstract int MaxDimensions { get; }

    /// <summary>The cosine of texts that have nothing to do with each other, on an average; null where that is not known.</summary>
    public abstract double? UnrelatedCosine { get; }

    /// <summary>What is known of the model: its licence, its card.</summary>
    public abstract IReadOnlyDictionary<string, string> Properties { get; }

    /// <summary>Writes the vector of a text, cut to the length of <paramref name="vector"/>.</summary>
    public void Embed(ReadOnlySpan<char> text, Span<float> vector)
    {
        Enter();
        try
        {
            if (!_scratch.TryTake(out var scratch))
                scratch = NewScratch();
            Embed(text, vector, scratch);
            _scratch.Add(scratch);
        }
        finally
        {
            Exit();
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            Exit();
    }

    protected abstract StaticScratch NewScratch();

    protected abstract void Embed(ReadOnlySpan<char> text, Span<float> vector, StaticScratch scratch);

    /// <summary>Lets the file go.</summary>
    protected abstract void Release();

    /// <summary>The length of a vector, added up in order: the last bits of a sum depend on it.</summary>
    protected static double Length(ReadOnlySpan<float> vector)
    {
        var squares = 0.0;
        foreach (var value in vector)
            squares += (double)value * value;
        return Math.Sqrt(squares);
    }

    private void Enter()
    {
        var holders = Volatile.Read(ref _holders);
        while (holders > 0 && Volatile.Read(ref _isDisposed) == 0)
        {
            var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
                return;
            holders = seen;
        }

        throw new ObjectDisposedException(nameof(StaticEmbeddingGenerator));
    }

    private void Exit()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            Release();
    }
}

/// <summary>What one call works in. For one thread at a time.</summary>
/// <param name="sums">The number of components that are added up.</param>
internal sealed class StaticScratch(int sums)
{
    public float[] Sums { get; } = new float[sums];

    /// <summary>The tokens, where they are those of our own vocabulary.</summary>
    public StaticTokens? Tokens { get; init; }

    /// <summary>The tokens, where they are those of a published tokenizer, and room for a row.</summary>
    public TokenEncoding? Encoding { get; init; }

    public float[] Row { get; init; } = [];
}
