using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GenAI.Core.Indexing;

/// <summary>Memory for the packed data of posting blocks, handed out in units of 8 bytes.</summary>
/// <remarks>
/// Pages of 64 KB hold thousands of blocks each, so the garbage collector has little to look at. What is freed is used again for
/// blocks of the same size.
/// </remarks>
internal sealed class PostingArena
{
    /// <summary>The size that sizes are multiples of, in bytes.</summary>
    public const int Unit = 8;

    private const int UnitsPerPageBits = 13, UnitsPerPage = 1 << UnitsPerPageBits;

    // Readers fetch 8 bytes at a time, also at the last byte of a page.
    private const int Slack = 8;

    private readonly List<byte[]> _pages = [];
    private readonly List<int>?[] _free = new List<int>[256];
    private int _next = UnitsPerPage;

    /// <summary>Hands out memory of a number of units, of any content.</summary>
    public int Allocate(int units)
    {
        if (_free[units] is { Count: > 0 } free)
        {
            var handle = free[^1];
            free.RemoveAt(free.Count - 1);
            return handle;
        }

        if (_next + units > UnitsPerPage)
        {
            _pages.Add(GC.AllocateUninitializedArray<byte>(UnitsPerPage * Unit + Slack));
            _next = 0;
        }

        _next += units;
        return (_pages.Count - 1 << UnitsPerPageBits) + _next - units;
    }

    /// <summary>Takes memory back.</summary>
    public void Free(int handle, int units) => (_free[units] ??= []).Add(handle);

    /// <summary>The first byte of the memory that a handle stands for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref byte At(int handle) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_pages[handle >> UnitsPerPageBits]), (handle & (UnitsPerPage - 1)) * Unit);
}
