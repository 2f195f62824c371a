namespace GenAI.Core.Ingestion;

/// <summary>Finds the documents of a folder.</summary>
internal static class DocumentFolder
{
    /// <summary>The files below <paramref name="folder"/> that <paramref name="reader"/> reads, each to be loaded when its turn comes.</summary>
    /// <inheritdoc cref="Files"/>
    public static List<IngestionItem> Items(string folder, IDocumentReader reader)
    {
        var files = Files(folder);
        var root = PathOf(folder);
        return files.ConvertAll(entry => new IngestionItem(entry.Id, cancellationToken => reader.ReadAsync(entry.File, entry.Id, cancellationToken))
        {
            // Taken before the file is read: should it change meanwhile, it will look changed the next time. One that is gone by now says so when it is read.
            Bytes = entry.File.Exists ? entry.File.Length : 0,
            LastWriteTime = entry.File.LastWriteTimeUtc,
            Folder = root,
        });
    }

    /// <summary>Says that there is no such folder, before anything is opened for it.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static void ThrowIfMissing(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (Directory.Exists(folder))
            return;
        var path = Path.GetFullPath(folder);
        throw new DirectoryNotFoundException(File.Exists(folder)
            ? $"'{path}' is a file. Name the folder that holds the documents."
            : $"There is no folder '{path}'. Check the path; a relative one starts at '{Environment.CurrentDirectory}'.");
    }

    /// <summary>The one form of a folder's path by which its documents are known.</summary>
    public static string PathOf(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>
    /// The files below <paramref name="folder"/>, in ordinal order of their path so that every run sees the same order. A document's
    /// id is its path relative to the folder, with '/' on every system. Hidden and system files and folders are left out, and so are links to folders, which could lead in circles.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static List<(string Id, FileInfo File)> Files(string folder)
    {
        ThrowIfMissing(folder);
        var root = new DirectoryInfo(folder);
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = false,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
        };
        var files = new List<(string Id, FileInfo File)>();
        foreach (var file in root.EnumerateFiles("*", options))
            files.Add((Path.GetRelativePath(root.FullName, file.FullName).Replace('\\', '/'), file));
        files.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        return files;
    }
}
