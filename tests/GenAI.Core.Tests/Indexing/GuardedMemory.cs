using System.Runtime.InteropServices;

namespace GenAI.Core.Tests.Indexing;

/// <summary>Memory with a page before and a page behind it that must not be touched: reading there ends the process. Ordinary memory where there is no mmap.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int Page = 4096;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private readonly byte* _start;
    private readonly nuint _length;

    public GuardedMemory(int bytes)
    {
        Bytes = bytes;
        var room = (bytes + Page - 1) / Page * Page;
        _length = (nuint)(room + 2 * Page);
        if (!OperatingSystem.IsLinux())
        {
            _start = (byte*)NativeMemory.AlignedAlloc(_length, Page);
        }
        else
        {
            _start = Map(null, _length, ReadWrite, PrivateAnonymous, -1, 0);
            if ((nint)_start == -1 || Protect(_start, Page, 0) != 0 || Protect(_start + Page + room, Page, 0) != 0)
                throw new InvalidOperationException("There is no guarded memory.");
        }

        First = _start + Page;
        Last = First + room - bytes;
    }

    public int Bytes { get; }

    /// <summary>So many bytes that begin behind the first guard.</summary>
    public byte* First { get; }

    /// <summary>So many bytes that end in front of the second guard.</summary>
    public byte* Last { get; }

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
            _ = Unmap(_start, _length);
        else
            NativeMemory.AlignedFree(_start);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
