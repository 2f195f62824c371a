namespace GenAI.Core.VectorStores;

/// <summary>A table's part in a <see cref="DurableStore"/>: what the manifest says of it, and the way to the log.</summary>
internal sealed class TableStorage(DurableStore store)
{
    /// <summary>What the manifest says; changed by the store, under its manifest lock.</summary>
    public SavedTable Saved { get; set; } = new(0, []);

    /// <summary>What the manifest that is being written says; null to say <see cref="Saved"/> again.</summary>
    public SavedTable? Pending { get; set; }

    public bool IsClosed => store.IsClosed;

    public long LastSequence => store.LastSequence;

    /// <summary>The manifest is written.</summary>
    public void Accept() => (Saved, Pending) = (Pending ?? Saved, null);

    /// <summary>Waits where memory holds much that is not in segments yet.</summary>
    public ValueTask MakeRoomAsync() => store.MakeRoomAsync();

    /// <summary>Writes a record, and begins to make it durable if that is the policy.</summary>
    /// <returns>A task that ends when the record may be acknowledged.</returns>
    /// <exception cref="IOException">It could not be written; it is not in the log.</exception>
    public Task Append(ReadOnlySpan<byte> record) => store.Append(record);

    /// <summary>Says that memory and log no longer agree: nothing more is written.</summary>
    public void Fail(Exception error) => store.Fail(error);
}

/// <summary>What the manifest says of a table.</summary>
/// <param name="Sequence">Records of the log up to this number are in the segments.</param>
/// <param name="Segments">The segments, with the rows that live there.</param>
internal sealed record SavedTable(long Sequence, IReadOnlyList<PartRows> Segments);
