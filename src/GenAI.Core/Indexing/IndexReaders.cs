namespace GenAI.Core.Indexing;

/// <summary>What a search sees of an index, taken at one moment.</summary>
internal interface IVersionedState
{
    /// <summary>Counts the writes, from 1.</summary>
    long Version { get; }
}

/// <summary>What one thread of a search needs, kept for later searches.</summary>
internal abstract class ReaderScratch : IDisposable
{
    /// <summary>The version of the index that is being read with it; 0 if nobody does.</summary>
    public long Version;

    public abstract long Bytes { get; }

    public abstract void Dispose();
}

/// <summary>
/// Lends scratch memory to searches and thereby knows which versions of the index are being read, so that memory is used again only
/// when nobody can still see what was there. Neither lending nor giving back waits for anything.
/// </summary>
internal sealed class IndexReaders<TState, TScratch>(Func<TScratch> create) : IDisposable
    where TState : class, IVersionedState
    where TScratch : ReaderScratch
{
    private readonly Lock _adding = new();
    private TScratch[] _all = [];

    public long Bytes
    {
        get
        {
            var bytes = 0L;
            foreach (var scratch in Volatile.Read(ref _all))
                bytes += scratch.Bytes;
            return bytes;
        }
    }

    /// <summary>Begins to read the newest state.</summary>
    public TScratch Enter(ref TState newest, out TState state)
    {
        state = Volatile.Read(ref newest);
        var scratch = Take(state.Version);
        while (true)
        {
            // Once the version is on view and still the newest, no row that it sees will be used for another vector.
            var again = Volatile.Read(ref newest);
            if (ReferenceEquals(again, state))
                return scratch;
            state = again;
            Interlocked.Exchange(ref scratch.Version, state.Version);
        }
    }

    /// <summary>Lends scratch memory to a thread that helps with a search of the same version.</summary>
    public TScratch Take(long version)
    {
        var all = Volatile.Read(ref _all);
        var start = Environment.CurrentManagedThreadId;
        for (var i = 0; i < all.Length; i++)
        {
            var scratch = all[(start + i) % all.Length];
            if (Volatile.Read(ref scratch.Version) == 0 && Interlocked.CompareExchange(ref scratch.Version, version, 0) == 0)
                return scratch;
        }

        var added = create();
        added.Version = version;
        lock (_adding)
            Interlocked.Exchange(ref _all, [.. _all, added]);
        return added;
    }

    /// <summary>Takes back what was lent; until then whoever owns the memory is not collected.</summary>
    public void Exit(TScratch scratch)
    {
        Volatile.Write(ref scratch.Version, 0);
        GC.KeepAlive(this);
    }

    /// <summary>The oldest version that is being read, or <see cref="long.MaxValue"/>.</summary>
    public long OldestVersion()
    {
        Interlocked.MemoryBarrier();
        var oldest = long.MaxValue;
        foreach (var scratch in Volatile.Read(ref _all))
        {
            var version = Volatile.Read(ref scratch.Version);
            if (version != 0)
                oldest = Math.Min(oldest, version);
        }

        return oldest;
    }

    /// <summary>Waits until nobody reads, then frees the memory.</summary>
    public void Dispose()
    {
        for (var spin = new SpinWait(); OldestVersion() != long.MaxValue;)
            spin.SpinOnce();
        lock (_adding)
        {
            foreach (var scratch in _all)
                scratch.Dispose();
            _all = [];
        }
    }
}
