using System.Runtime.InteropServices;

namespace GenAI.Core.Indexing;

/// <summary>
/// The native memory of one index, in pieces that never move. A piece that is given up is freed when no search is left that may read
/// it; whatever there is is freed by <see cref="Dispose"/> or, failing that, by the finaliser.
/// </summary>
/// <param name="most">The most bytes to hold; for tests of what happens when there are no more.</param>
/// <remarks>One thread at a time.</remarks>
internal sealed unsafe class IndexMemory(long most = long.MaxValue) : IDisposable
{
    private const nuint CacheLine = 64;

    // Large pages save the address look-ups that reading far and wide is full of; Linux gives them for whole, aligned ones on request.
    private const nuint LargePage = 2 << 20;

    private readonly Dictionary<nint, nuint> _held = [];
    private readonly Queue<(nint Address, long Version)> _retired = new();

    ~IndexMemory() => FreeAll();

    /// <summary>The bytes that are held, also for searches that have not ended.</summary>
    public long Bytes { get; private set; }

    /// <summary>Memory that starts at a cache line; what is in it is arbitrary.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much.</exception>
    public void* Allocate(nuint bytes)
    {
        if ((long)bytes > most - Bytes)
            throw new InsufficientMemoryException();
        _held.EnsureCapacity(_held.Count + 1);
        var address = NativeMemory.AlignedAlloc(bytes, bytes >= 2 * LargePage ? LargePage : CacheLine);
        _held.Add((nint)address, bytes);
        Bytes += (long)bytes;
        GC.AddMemoryPressure((long)bytes);
        if (bytes >= 2 * LargePage)
            LargePages.Advise(address, bytes / LargePage * LargePage);
        return address;
    }

    /// <summary>Gives a piece up: it is freed when all searches that began before a version have ended.</summary>
    public void Retire(void* address, long version) => _retired.Enqueue(((nint)address, version));

    /// <summary>Frees what was given up and cannot be read any more.</summary>
    /// <param name="oldest">The oldest version that is being read.</param>
    public void Reclaim(long oldest)
    {
        while (_retired.TryPeek(out var next) && next.Version <= oldest)
            Free(_retired.Dequeue().Address);
    }

    public void Dispose()
    {
        FreeAll();
        GC.SuppressFinalize(this);
    }

    private void FreeAll()
    {
        _retired.Clear();
        foreach (var address in _held.Keys)
            Free(address);
    }

    private void Free(nint address)
    {
        if (!_held.Remove(address, out var bytes))
            return;
        NativeMemory.AlignedFree((void*)address);
        Bytes -= (long)bytes;
        GC.RemoveMemoryPressure((long)bytes);
    }
}
