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
        if (CurrentName(folder) is not { } name)
            return null;
        StorageNames.Parse(name, out var generation);
        var path = Path.Combine(folder.Path, name);
        using var file = folder.Open(name);
        var length = file.Length;
        if (length > MaxBytes)
            throw new CorruptDataException(path, MaxBytes, "The file is longer than a manifest can be.");
        var bytes = new byte[length];
        return ManifestFormat.Read(bytes.AsSpan(0, file.Read(bytes, 0)), path, generation);
    }

    /// <summary>
    /// Opens what a manifest names for a reader that has no lock: a writer may delete files of a generation that has been replaced, so where something is missing or looks
    /// damaged and there is a newer generation, it begins again with that.
    /// </summary>
    /// <param name="folder">Where.</param>
    /// <param name="open">Opens it, and lets go of everything when it throws; gets null where there is no manifest.</param>
    public static T OpenCurrent<T>(StorageFolder folder, Func<Manifest?, T> open)
    {
        while (true)
        {
            var before = CurrentName(folder);
            try
            {
                return open(Read(folder));
            }
            catch (IOException error) when (error is CorruptDataException or FileNotFoundException && CurrentName(folder) != before)
            {
                // The writer went on meanwhile.
            }
        }
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
        folder.Counters.AddManifest(bytes.Length);
        foreach (var old in folder.List())
        {
            if (StorageNames.Parse(old, out var number) == StorageFileKind.Manifest && number < generation)
                folder.Delete(old);
        }

        return ManifestFormat.Read(bytes, Path.Combine(folder.Path, name), generation);
    }

    // The order of names is the order of generations.
    private static string? CurrentName(StorageFolder folder) => folder.List().LastOrDefault(name => StorageNames.Parse(name, out _) == StorageFileKind.Manifest);
}
