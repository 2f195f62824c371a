using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace GenAI.Core.Storage;

/// <summary>A folder of the file system.</summary>
internal sealed class DiskFolder : StorageFolder
{
    private DiskFolder(string path) => Path = path;

    public override string Path { get; }

    /// <summary>Opens a folder that exists. Changes nothing.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">The path is a file.</exception>
    public static DiskFolder Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        ThrowIfFile(path);
        return Directory.Exists(path)
            ? new DiskFolder(path)
            : throw new DirectoryNotFoundException($"There is no folder '{path}'. Check the path, or open it for writing once, which creates it.");
    }

    /// <summary>Opens a folder, creating it where it is missing.</summary>
    /// <exception cref="IOException">The path is a file.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is missing and may not be created.</exception>
    public static DiskFolder OpenOrCreate(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        ThrowIfFile(path);
        CreateDurably(path);
        return new DiskFolder(path);
    }

    public override IReadOnlyList<string> List()
    {
        var names = Directory.GetFileSystemEntries(Path);
        for (var i = 0; i < names.Length; i++)
            names[i] = System.IO.Path.GetFileName(names[i]);
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    public override bool Exists(string name) => File.Exists(Full(name));

    public override long GetLength(string name) => new FileInfo(Full(name)).Length;

    public override StorageFile Create(string name) =>
        new DiskFile(File.OpenHandle(Full(name), FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete));

    public override StorageFile Open(string name, bool writable = false) => new DiskFile(writable
        ? File.OpenHandle(Full(name), FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete)
        : OpenRead(name));

    public override FileMapping Map(string name)
    {
        using var handle = OpenRead(name);
        var length = RandomAccess.GetLength(handle);
        if (length == 0)
            throw new CorruptDataException(Full(name), 0, "The file is empty.");
        return MappedView.Map(handle, length);
    }

    public override void Rename(string from, string to) => File.Move(Full(from), Full(to), overwrite: true);

    public override void Delete(string name) => File.Delete(Full(name));

    public override void SyncEntries() => FileSystemCalls.SyncFolder(Path);

    public override StorageFile? TryOpenExclusive(string name)
    {
        var handle = FileSystemCalls.TryOpenExclusive(Full(name));
        return handle is null ? null : new DiskFile(handle);
    }

    public override byte[] ReadExclusive(string name) => FileSystemCalls.ReadUnlocked(Full(name));

    private static void ThrowIfFile(string path)
    {
        if (File.Exists(path))
            throw new IOException($"'{path}' is a file, not a folder. Give the path of a folder of its own.");
    }

    // Each missing folder on the way becomes an entry of the one above it, which must be durable too.
    private static void CreateDurably(string path)
    {
        if (Directory.Exists(path))
            return;
        var parent = System.IO.Path.GetDirectoryName(path);
        if (parent is not null)
            CreateDurably(parent);
        Directory.CreateDirectory(path);
        if (parent is not null)
            FileSystemCalls.SyncFolder(parent);
    }

    private string Full(string name) => System.IO.Path.Combine(Path, name);

    private SafeFileHandle OpenRead(string name) => File.OpenHandle(Full(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Holds the view whose address was taken.</summary>
    private sealed class MappedView(MemoryMappedFile file, MemoryMappedViewAccessor view) : IDisposable
    {
        public static unsafe FileMapping Map(SafeFileHandle handle, long length)
        {
            var file = MemoryMappedFile.CreateFromFile(handle, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            var view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            byte* start = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            return new FileMapping(start + view.PointerOffset, length, new MappedView(file, view));
        }

        public void Dispose()
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            file.Dispose();
        }
    }
}
