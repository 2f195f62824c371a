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
        while (CurrentName(folder) is { } name)
        {
            try
            {
                return Read(folder, name);
            }
            catch (FileNotFoundException) when (CurrentName(folder) != name)
            {
                // Read without the lock: the writer has put another in its place meanwhile.
            }
        }

        return null;
    }

    /// <summary>Makes a manifest the one that counts, durably, and deletes those before it.</summary>
    /// <param name="folder">Where; the caller holds its lock.</param>
    /// <param name="manifest">What it says; its generation is that of the one before, or 0.</param>
    /// <returns>The same with the generation that it got.</returns>
    /// <exception cref="IOException">
    /// It could not be made durable. After a power cut either may count, so nothing that either names may be deleted, and no name of a segment be used again, until a later one has been written.
    /// </exception>
    public static Manifest Write(StorageFolder folder, Manifest manifest)
    {
        // A write that failed after its rename may have left a generation that nobody knows of: it is not replaced, either.
        var generation = manifest.Generation + 1;
        if (CurrentName(folder) is { } current)
        {
            StorageNames.Parse(current, out var left);
            generation = Math.Max(generation, left + 1);
        }

        var name = StorageNames.Manifest(generation);
        var bytes = ManifestFormat.Write(manifest, generation);
        AtomicFile.Write(folder, name, bytes);
        folder.Counters.AddManifest(bytes.Length);
        foreach (var old in folder.List())
        {
            if (StorageNames.Parse(old, out var number) == StorageFileKind.Manifest && number < generation)
                TryDelete(folder, old);
        }

        return ManifestFormat.Read(bytes, Path.Combine(folder.Path, name), generation);
    }

    private static Manifest Read(StorageFolder folder, string name)
    {
        StorageNames.Parse(name, out var generation);
        var path = Path.Combine(folder.Path, name);
        using var file = folder.Open(name);
        var length = file.Length;
        if (length > MaxBytes)
            throw new CorruptDataException(path, MaxBytes, "The file is longer than a manifest can be.");
        var bytes = new byte[length];
        return ManifestFormat.Read(bytes.AsSpan(0, file.Read(bytes, 0)), path, generation);
    }

    private static void TryDelete(StorageFolder folder, string name)
    {
        try
        {
            folder.Delete(name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The new one counts all the same; the next open for writing deletes what is left.
        }
    }

    // The order of names is the order of generations.
    private static string? CurrentName(StorageFolder folder) => folder.List().LastOrDefault(name => StorageNames.Parse(name, out _) == StorageFileKind.Manifest);
}
