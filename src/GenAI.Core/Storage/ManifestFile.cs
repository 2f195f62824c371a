namespace GenAI.Core.Storage;

/// <summary>
/// The manifests of a folder. A new generation is written under a name of its own and the one before is deleted when that is durable, so a rename that a crash tore leaves the one
/// before: nothing is ever replaced. The highest generation counts, and if it is damaged that is an error: an older one would name what has been deleted since.
/// </summary>
internal static class ManifestFile
{
    /// <summary>A manifest above this is damage: it would name a million segments.</summary>
    private const long MaxBytes = 256L << 20;

    /// <returns>The highest generation, or null where there is no manifest. Changes nothing.</returns>
    /// <exception cref="CorruptDataException">It is damaged.</exception>
    /// <exception cref="NotSupportedException">It is of a newer format version.</exception>
    public static Manifest? Read(StorageFolder folder)
    {
        var (name, generation) = ("", 0L);
        foreach (var candidate in folder.List())
        {
            if (StorageNames.Parse(candidate, out var number) == StorageFileKind.Manifest && number >= generation)
                (name, generation) = (candidate, number);
        }

        if (name.Length == 0)
            return null;
        var path = Path.Combine(folder.Path, name);
        using var file = folder.Open(name);
        var length = file.Length;
        if (length > MaxBytes)
            throw new CorruptDataException(path, MaxBytes, "The file is longer than a manifest can be.");
        var bytes = new byte[length];
        return ManifestFormat.Read(bytes.AsSpan(0, file.Read(bytes, 0)), path, generation);
    }

    /// <summary>Makes a manifest the one that counts, durably, and deletes those before it.</summary>
    /// <param name="folder">Where; the caller holds its lock.</param>
    /// <param name="manifest">What it says; its generation is that of the one before, or 0.</param>
    /// <returns>The same with the generation that it got.</returns>
    public static Manifest Write(StorageFolder folder, Manifest manifest)
    {
        var generation = manifest.Generation + 1;
        var name = StorageNames.Manifest(generation);
        var bytes = ManifestFormat.Write(manifest, generation);
        AtomicFile.Write(folder, name, bytes);
        foreach (var old in folder.List())
        {
            if (StorageNames.Parse(old, out var number) == StorageFileKind.Manifest && number < generation)
                folder.Delete(old);
        }

        return ManifestFormat.Read(bytes, Path.Combine(folder.Path, name), generation);
    }
}
