using System.Runtime.InteropServices;

namespace GenAI.Core.Indexing;

/// <summary>Asks the operating system to back a range of memory by large pages, where it can be asked.</summary>
internal static unsafe partial class LargePages
{
    private const int MadviseHugePage = 14;

    /// <summary>Advice only: nothing depends on whether it is followed.</summary>
    public static void Advise(void* address, nuint bytes)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Madvise(address, bytes, MadviseHugePage);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library by another name: ordinary pages do.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(void* address, nuint length, int advice);
}
