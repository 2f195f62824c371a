namespace GenAI.Core.Storage;

/// <summary>A log's files, from the first that is needed to the last, read through.</summary>
internal sealed class LogFiles
{
    private LogFiles(List<LogFileHeader> headers, LogFileContent last, long firstNeeded)
    {
        Headers = headers;
        Last = last;
        FirstNeeded = firstNeeded;
    }

    /// <summary>Those that are needed, in order; empty where there is no log yet.</summary>
    public List<LogFileHeader> Headers { get; }

    /// <summary>What the last file holds.</summary>
    public LogFileContent Last { get; }

    /// <summary>Files with a lower number are left over.</summary>
    public long FirstNeeded { get; }

    public long LastSequence => Last.LastSequence;

    /// <summary>Hands on every record after <paramref name="after"/> and changes nothing.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="storeId">The store that they belong to.</param>
    /// <param name="after">The number of the last record that is not wanted.</param>
    /// <param name="durable">The number of a record that was durable, by another witness: a log that ends before it is cut off.</param>
    /// <param name="handler">Gets the records.</param>
    /// <exception cref="CorruptDataException">A record that was durable is damaged or missing.</exception>
    public static LogFiles Read(StorageFolder folder, ulong storeId, long after, long durable, LogRecordHandler handler)
    {
        var headers = ReadHeaders(folder, storeId, after);
        var wanted = Math.Max(after, durable);
        if (headers.Count == 0)
        {
            if (wanted > 0)
                throw new CorruptDataException(folder.Path, 0, $"The log is missing: records up to {wanted} were durable.");
            return new LogFiles(headers, default, 0);
        }

        var content = default(LogFileContent);
        for (var i = 0; i < headers.Count; i++)
        {
            var header = headers[i];
            var path = System.IO.Path.Combine(folder.Path, header.Name);
            if (i == 0 ? header.FirstSequence > after + 1 : header.FirstSequence != content.LastSequence + 1)
                throw new CorruptDataException(path, 40, $"Records before number {header.FirstSequence} are missing: a log file before it was deleted.");
            using var file = folder.Open(header.Name);
            content = new LogFileReader(file, path, header).Read(i == headers.Count - 1, after, handler);
        }

        if (content.LastSequence < wanted)
            throw new CorruptDataException(System.IO.Path.Combine(folder.Path, headers[^1].Name), content.End, $"The log is cut off: it ends with record {content.LastSequence}, and record {wanted} was durable.");
        return new LogFiles(headers, content, headers[0].Number);
    }

    // From the newest back to the one that has the first wanted record: files before it are left over from a deletion that a crash interrupted, and may have gaps.
    private static List<LogFileHeader> ReadHeaders(StorageFolder folder, ulong storeId, long after)
    {
        var headers = new List<LogFileHeader>();
        foreach (var name in folder.List().Reverse())
        {
            if (StorageNames.Parse(name, out var number) != StorageFileKind.Log)
                continue;
            using var file = folder.Open(name);
            headers.Add(LogFileHeader.Read(file, System.IO.Path.Combine(folder.Path, name), number, storeId));
            if (headers[^1].FirstSequence <= after + 1)
                break;
        }

        headers.Reverse();
        return headers;
    }
}
