using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GenAI.Core.Storage;

/// <summary>What .NET has no call for: making a folder's entries durable, and a lock that ends with its process whatever the settings of the runtime.</summary>
internal static partial class FileSystemCalls
{
    private const int ReadOnly = 0;
    private const int LockExclusiveNow = 2 | 4;
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;
    private const int MaxOwnerBytes = 4096;

    // Kept from programs that the process starts; the number differs between the two systems but not between their processors.
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>Makes the entries of a folder survive a power cut. Windows has no such call and needs none: NTFS writes names to its journal.</summary>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var handle = OpenUnlocked(path);
        if (FSync(handle) != 0)
            throw Failure("The entries of the folder", path);
    }

    /// <summary>Opens and locks a file; null if another open of it holds the lock, in this process or another.</summary>
    public static SafeFileHandle? TryOpenExclusive(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                // Others may read who holds it.
                return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            }
            catch (IOException error) when ((error.HResult & 0xFFFF) is 32 or 33)
            {
                return null;
            }
        }

        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error is not (FileNotFoundException or DirectoryNotFoundException) && File.Exists(path) && IsHeld(path))
        {
            return null;
        }

        // FileShare.None is this very lock, but a setting of the runtime (System.IO.DisableFileLocking) can turn that off.
        if (FLock(handle, LockExclusiveNow) == 0)
            return handle;
        var code = Marshal.GetLastPInvokeError();
        handle.Dispose();
        if (code is WouldBlockLinux or WouldBlockMac)
            return null;
        throw new IOException($"The file '{path}' cannot be locked: {new Win32Exception(code).Message}. Use a file system that has locks.");
    }

    /// <summary>Reads a small file that another may have locked; empty where it cannot be read.</summary>
    public static byte[] ReadUnlocked(string path)
    {
        try
        {
            using var handle = OperatingSystem.IsWindows() ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite) : OpenUnlocked(path);
            var bytes = new byte[Math.Min(RandomAccess.GetLength(handle), MaxOwnerBytes)];
            return bytes[..RandomAccess.Read(handle, bytes, 0)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static bool IsHeld(string path)
    {
        using var handle = OpenUnlocked(path);
        return FLock(handle, LockExclusiveNow) != 0;
    }

    private static SafeFileHandle OpenUnlocked(string path)
    {
        var descriptor = Open(path, ReadOnly | CloseOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure("The path", path);
    }

    private static IOException Failure(string what, string path)
    {
        var code = Marshal.GetLastPInvokeError();
        return new IOException($"{what} '{path}' cannot be opened or written: {new Win32Exception(code).Message}.", code);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);
}
