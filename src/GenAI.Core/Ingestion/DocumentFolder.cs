namespace GenAI.Core.Ingestion;

/// <summary>Finds the documents of a folder.</summary>
internal static class DocumentFolder
{
    /// <summary>The files below <paramref name="folder"/> that <paramref name="reader"/> reads, each to be loaded when its turn comes.</summary>
    /// <inheritdoc cref="Files"/>
    public static List<IngestionItem> Items(string folder, IDocumentReader reader) =>
        Files(folder).ConvertAll(entry => new IngestionItem(entry.Id, cancellationToken => reader.ReadAsync(entry.File, entry.Id, cancellationToken)));

    /// <summary>
    /// The files below <paramref name="folder"/>, in ordinal order of their path so that every run sees the same order. A document's
    /// id is its path relative to the folder, with '/' on every system. Hidden and system files and folders are left out, and so are links to folders, which could lead in circles.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static List<(string Id, FileInfo File)> Files(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var root = new DirectoryInfo(folder);
        if (!root.Exists)
        {
            throw new DirectoryNotFoundException(File.Exists(folder)
                ? $"'{root.FullName}' is a file. Name the folder that holds the documents."
                : $"There is no folder '{root.FullName}'. Check the path; a relative one starts at '{Environment.CurrentDirectory}'.");
        }

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
