using System.Buffers.Binary;
using System.Security.Cryptography;
using GenAI.Core.Storage;

namespace GenAI.Core.VectorStores;

/// <content>Opening a folder.</content>
internal sealed partial class DurableStore
{
    // Between a reader's look at the manifest and its opening of the files a writer may have made another checkpoint.
    private const int OpenAttempts = 10;

    /// <summary>Opens a folder, or makes it where it is missing and may be written to.</summary>
    /// <exception cref="DirectoryNotFoundException">It is missing, and opened for reading only.</exception>
    /// <exception cref="IOException">It is open for writing elsewhere, is a file, has files that are not a store's, or is damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    /// <exception cref="NotSupportedException">A newer version of the library wrote it.</exception>
    public static DurableStore Open(string path, DurableStoreOptions options) =>
        Open(options.ReadOnly ? DiskFolder.Open(path) : DiskFolder.OpenOrCreate(path), options);

    public static DurableStore Open(StorageFolder folder, DurableStoreOptions options)
    {
        RefuseForeignFiles(folder);
        return options.ReadOnly ? OpenForReading(folder, options) : OpenForWriting(folder, options);
    }

    private static DurableStore OpenForWriting(StorageFolder folder, DurableStoreOptions options)
    {
        var folderLock = FolderLock.Acquire(folder);
        try
        {
            var manifest = ManifestFile.Read(folder);
            if (manifest is null)
            {
                RefuseOrphans(folder);
                manifest = ManifestFile.Write(folder, new Manifest { StoreId = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))) });
            }

            return new DurableStore(folder, options, folderLock, manifest);
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
            if (manifest is null)
            {
                RefuseOrphans(folder);
                throw new IOException($"The folder '{folder.Path}' has no store in it. Check the path, or open it for writing once, which makes one.");
            }

            try
            {
                return new DurableStore(folder, options, folderLock: null, manifest);
            }
            catch (IOException) when (attempt < OpenAttempts && ManifestFile.Read(folder)?.Generation != manifest.Generation)
            {
                // The next manifest names files that are there.
            }
        }
    }

    private static void RefuseForeignFiles(StorageFolder folder)
    {
        foreach (var name in folder.List())
        {
            if (StorageNames.Parse(name, out _) == StorageFileKind.Foreign)
                throw new IOException($"The folder '{folder.Path}' has a file '{name}' in it that is not a store's. Move it elsewhere, or choose a folder for the store alone. Nothing was changed.");
        }
    }

    private static void RefuseOrphans(StorageFolder folder)
    {
        foreach (var name in folder.List())
        {
            if (StorageNames.Parse(name, out _) is StorageFileKind.Segment or StorageFileKind.Log)
                throw new CorruptDataException(Combine(folder, name), 0, "The manifest that names it is missing.");
        }
    }

    private static string Combine(StorageFolder folder, string name) => System.IO.Path.Combine(folder.Path, name);
}
