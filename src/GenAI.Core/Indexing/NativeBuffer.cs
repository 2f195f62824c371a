using System.Runtime.InteropServices;

namespace GenAI.Core.Indexing;

/// <summary>Memory outside the garbage collector's heap that starts at a cache line; freed by <see cref="Dispose"/> or, failing that, by the finaliser.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint CacheLine = 64;

    // Large pages save the address look-ups that random reads are full of; Linux gives them for whole, aligned ones on request.
    private const nuint LargePage = 2 << 20;

    private readonly NativeLimit? _limit;
    private void* _address;

    /// <exception cref="OutOfMemoryException">There is not that much.</exception>
    public NativeBuffer(nuint bytes, NativeLimit? limit = null)
    {
        limit?.Take(bytes);
        (Length, _limit) = (bytes, limit);
        _address = NativeMemory.AlignedAlloc(Math.Max(bytes, CacheLine), bytes >= LargePage ? LargePage : CacheLine);
        GC.AddMemoryPressure((long)Math.Max(bytes, CacheLine));
        if (bytes >= LargePage)
            LargePages.Advise(_address, bytes / LargePage * LargePage);
    }

    ~NativeBuffer() => Free();

    public nuint Length { get; }

    public byte* Address => (byte*)_address;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_address is null)
            return;
        NativeMemory.AlignedFree(_address);
        _address = null;
        _limit?.Give(Length);
        GC.RemoveMemoryPressure((long)Math.Max(Length, CacheLine));
    }
}
