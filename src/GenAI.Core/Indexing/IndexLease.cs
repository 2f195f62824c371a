namespace GenAI.Core.Indexing;

/// <summary>An index that is disposed of when its owner has let go of it and the last search has left it. Entering waits for nothing.</summary>
internal sealed class IndexLease(VectorIndex index)
{
    // The owner and those who are inside.
    private int _holders = 1;

    public VectorIndex Index { get; } = index;

    /// <summary>Keeps the index from being disposed of until <see cref="Exit"/>.</summary>
    /// <returns>Whether it is still there.</returns>
    public bool TryEnter()
    {
        var holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
                return true;
            holders = seen;
        }

        return false;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            Index.Dispose();
    }
}
