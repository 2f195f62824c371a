namespace GenAI.Core.VectorStores;

/// <summary>How large a store is and what was written for it, at one moment.</summary>
public sealed class LocalStoreStatistics
{
    internal LocalStoreStatistics(IReadOnlyList<StoredCollectionStatistics> collections) => Collections = collections;

    /// <summary>The collections, by name.</summary>
    public IReadOnlyList<StoredCollectionStatistics> Collections { get; }

    /// <summary>The number of records.</summary>
    public long Records => Collections.Sum(collection => collection.Records);

    /// <summary>The number of rows that were deleted or replaced and still take room in segments; compaction removes them.</summary>
    public long DeletedRows => Collections.Sum(collection => collection.DeletedRows);

    /// <summary>The full path of the folder; <see langword="null"/> for a store in memory.</summary>
    public string? Path { get; internal init; }

    /// <summary>How many manifests there have been: one for each checkpoint, compaction, and collection that was made or deleted.</summary>
    public long Generation { get; internal init; }

    /// <summary>The bytes that the files take.</summary>
    public long FileBytes { get; internal init; }

    /// <summary>The bytes of log that are not in segments yet: what opening would have to read again.</summary>
    public long LogBytes { get; internal init; }

    /// <summary>The bytes of records that were written since the store was opened.</summary>
    public long BytesReceived { get; internal init; }

    /// <summary>The bytes that were written to files since: log, segments, those that were merged, and manifests.</summary>
    public long BytesWritten { get; internal init; }

    /// <summary>How many bytes were written for each that was received; 0 where nothing was.</summary>
    public double WriteAmplification => BytesReceived == 0 ? 0 : (double)BytesWritten / BytesReceived;

    /// <summary>Why the last checkpoint or compaction in the background failed; <see langword="null"/> if it did not. Nothing is lost by it: the log keeps what could not be moved, and it is tried again.</summary>
    public Exception? MaintenanceFault { get; internal init; }

    internal static LocalStoreStatistics OfMemory(IEnumerable<LocalTable> tables) => new(Of(tables));

    internal static IReadOnlyList<StoredCollectionStatistics> Of(IEnumerable<LocalTable> tables) =>
        [.. tables.OrderBy(table => table.Name, StringComparer.Ordinal).Select(table => table.StoredStatistics())];
}

/// <summary>How large a collection of a store is, at one moment.</summary>
public sealed class StoredCollectionStatistics
{
    internal StoredCollectionStatistics(string name) => Name = name;

    /// <summary>The collection's name.</summary>
    public string Name { get; }

    /// <summary>The number of records.</summary>
    public long Records { get; internal init; }

    /// <summary>The number of records that are in memory and in the log, and in no segment yet.</summary>
    public long RecordsInMemory { get; internal init; }

    /// <summary>The number of rows of segments that were deleted or replaced.</summary>
    public long DeletedRows { get; internal init; }

    /// <summary>The number of segments.</summary>
    public int Segments { get; internal init; }

    /// <summary>The bytes that they take.</summary>
    public long SegmentBytes { get; internal init; }
}
