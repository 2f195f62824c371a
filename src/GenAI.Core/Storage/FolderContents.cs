namespace GenAI.Core.Storage;

/// <summary>Compares what is in a folder with what the manifest says should be.</summary>
internal static class FolderContents
{
    /// <summary>Refuses a folder that has files of others, or a store's files without its manifest. Changes nothing.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="manifest">What it says, or null where there is none.</param>
    /// <exception cref="IOException">A file is not of a store.</exception>
    /// <exception cref="CorruptDataException">The manifest is missing, or a segment that it names.</exception>
    public static void ThrowIfForeign(StorageFolder folder, Manifest? manifest)
    {
        var names = folder.List();
        foreach (var name in names)
        {
            var kind = StorageNames.Parse(name, out _);
            if (kind == StorageFileKind.Foreign)
                throw new IOException($"The folder '{folder.Path}' has a file that is not of a store: '{name}'. Move it elsewhere, or give the store a folder of its own. Nothing was changed.");
            // The manifest is the first file of a new store.
            if (manifest is null && kind is (StorageFileKind.Segment or StorageFileKind.Log))
                throw new CorruptDataException(Path.Combine(folder.Path, name), 0, "The store's manifest is missing, and only it tells what this file is part of.");
        }

        foreach (var segment in Segments(manifest))
        {
            if (Path.GetFileName(segment.FileName) != segment.FileName)
                throw new CorruptDataException(folder.Path, 0, $"The manifest names the segment '{segment.FileName}', which is no file of the folder.");
            if (!folder.Exists(segment.FileName))
                throw new CorruptDataException(Path.Combine(folder.Path, segment.FileName), 0, "The segment is missing.");
        }
    }

    /// <summary>Deletes what a crash left over: files that were being written, and segments that the manifest does not name. The caller holds the folder's lock and has no segment open.</summary>
    public static void DeleteLeftovers(StorageFolder folder, Manifest manifest)
    {
        var named = Segments(manifest).Select(segment => segment.FileName).ToHashSet(StringComparer.Ordinal);
        var leftovers = folder.List().Where(name => StorageNames.Parse(name, out var number) switch
        {
            StorageFileKind.Temporary => true,
            StorageFileKind.Segment => !named.Contains(name),
            StorageFileKind.Manifest => number < manifest.Generation,
            _ => false,
        }).ToList();
        if (leftovers.Count == 0)
            return;
        // The manifest may have been renamed by a process that was killed before it synced the folder: without it what is deleted here would be needed.
        folder.SyncEntries();
        foreach (var name in leftovers)
            folder.Delete(name);
    }

    private static IEnumerable<ManifestSegment> Segments(Manifest? manifest) => manifest?.Collections.SelectMany(collection => collection.Segments) ?? [];
}
