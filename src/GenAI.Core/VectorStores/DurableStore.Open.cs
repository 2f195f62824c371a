using System.Buffers.Binary;
using System.Security.Cryptography;
using GenAI.Core.Storage;

namespace GenAI.Core.VectorStores;

/// <content>Opening a folder.</content>
internal sealed partial class DurableStore
{
    // ENOSPC, as .NET reports it, and ERROR_DISK_FULL.
    private const int NoSpace = 28;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    // Between a reader's look at the manifest and its opening of the files a writer may have made another checkpoint.
    private const int OpenAttempts = 10;

    /// <summary>Opens a folder, or makes it where it is missing and may be written to.</summary>
    /// <exception cref="DirectoryNotFoundException">It is missing, and opened for reading only.</exception>
    /// <exception cref="IOException">It is open for writing elsewhere, is a file, has files that are not a store's, or is damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    /// <exception cref="NotSupportedException">A newer version of the library wrote it.</exception>
    public static DurableStore Open(string path, DurableStoreOptions options)
    {
        try
        {
            return Open(options.ReadOnly ? DiskFolder.Open(path) : DiskFolder.OpenOrCreate(path), options);
        }
        catch (IOException error) when (error.HResult is NoSpace or NoSpaceOnWindows)
        {
            throw Full(System.IO.Path.GetFullPath(path), error);
        }
    }

    public static DurableStore Open(StorageFolder folder, DurableStoreOptions options)
    {
        try
        {
            return options.ReadOnly ? OpenForReading(folder, options) : OpenForWriting(folder, options);
        }
        catch (IOException error) when (error.HResult is NoSpace or NoSpaceOnWindows)
        {
            throw Full(folder.Path, error);
        }
    }

    private static IOException Full(string path, IOException error) => new($"There is no space left to open the store in '{path}'. Make room and open it again; nothing was lost.", error);

    private static DurableStore OpenForWriting(StorageFolder folder, DurableStoreOptions options)
    {
        // The lock makes a file where there is no store yet.
        if (ManifestFile.Read(folder) is null)
            FolderContents.ThrowIfForeign(folder, manifest: null);
        var folderLock = FolderLock.Acquire(folder);
        try
        {
            var manifest = ManifestFile.Read(folder);
            FolderContents.ThrowIfForeign(folder, manifest);
            manifest ??= ManifestFile.Write(folder, new Manifest { StoreId = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))) });
            var store = new DurableStore(folder, options, folderLock, manifest);
            folderLock.Sign();
            return store;
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    private static DurableStore OpenForReading(StorageFolder folder, DurableStoreOptions options)
    {
        for (var attempt = 1; ; attempt++)
        {
            var manifest = ManifestFile.Read(folder);
            try
            {
                FolderContents.ThrowIfForeign(folder, manifest);
                if (manifest is null)
                    throw new IOException($"The folder '{folder.Path}' has no store in it. Check the path, or open it for writing once, which makes one.");
                return new DurableStore(folder, options, folderLock: null, manifest);
            }
            catch (IOException) when (attempt < OpenAttempts && ManifestFile.Read(folder)?.Generation != manifest?.Generation)
            {
                // The next manifest names files that are there.
            }
        }
    }
}
