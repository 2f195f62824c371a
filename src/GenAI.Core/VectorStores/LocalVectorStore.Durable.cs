namespace GenAI.Core.VectorStores;

/// <content>What a store in a folder can do beside.</content>
public sealed partial class LocalVectorStore
{
    /// <summary>Makes every acknowledged write survive a power cut, whatever the <see cref="LocalVectorStoreOptions.Durability"/>. Does nothing for a store in memory.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">It could not be written; what was acknowledged under <see cref="StoreDurability.EveryBatch"/> is safe.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _database.Durable?.FlushAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>
    /// Writes each collection as one segment without what was deleted or replaced, and lets the log begin anew. Reading and writing go on meanwhile. It is never necessary: the store does as much
    /// in the background as keeps it in order.
    /// </summary>
    /// <remarks>It takes as much space in addition as the collections have, until it is done. Does nothing for a store in memory.</remarks>
    /// <param name="cancellationToken">Stops it between collections and batches of vectors; what is done stays done.</param>
    /// <exception cref="IOException">It could not be written; the store is as it was.</exception>
    /// <exception cref="InvalidOperationException">The store was opened read-only.</exception>
    public Task CompactAsync(CancellationToken cancellationToken = default) => _database.Durable?.CompactAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Reads every byte of the store's files and compares it with its checksum. Reading and writing go on meanwhile; checkpoints wait.</summary>
    /// <param name="cancellationToken">Stops it between blocks.</param>
    /// <returns>What was read, and what of it is damaged. Nothing for a store in memory.</returns>
    public Task<StoreVerification> VerifyAsync(CancellationToken cancellationToken = default) =>
        _database.Durable?.VerifyAsync(cancellationToken) ?? Task.FromResult(new StoreVerification(0, 0, []));

    /// <summary>Copies the store into a folder of its own, as it is at one moment of the call, with everything that was acknowledged before. Reading and writing go on meanwhile; checkpoints wait.</summary>
    /// <param name="folder">Where to: a folder that is missing or empty. It can be opened as a store when the call has ended, and is none if it was interrupted.</param>
    /// <param name="cancellationToken">Stops it between pieces of files.</param>
    /// <exception cref="IOException">The folder is not empty, or a file cannot be copied; a file of the store that is damaged is a <see cref="Storage.CorruptDataException"/>.</exception>
    /// <exception cref="NotSupportedException">The store is in memory.</exception>
    public Task BackupAsync(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return _database.Durable?.BackupAsync(folder, cancellationToken)
            ?? throw new NotSupportedException($"The store is in memory, and so has no files to copy. Give it a {nameof(LocalVectorStoreOptions.Path)}.");
    }

    /// <summary>Tells how many records and files there are and what was written.</summary>
    public LocalStoreStatistics GetStatistics() => _database.Durable?.GetStatistics() ?? LocalStoreStatistics.OfMemory(_database.MemoryTables);

    /// <summary>Closes the folder, if this is the last store that has it open; does nothing for a store in memory. Nothing is lost without it.</summary>
    /// <exception cref="IOException">What was not durable yet, under another <see cref="LocalVectorStoreOptions.Durability"/> than <see cref="StoreDurability.EveryBatch"/>, could not be made so.</exception>
    public async ValueTask DisposeAsync()
    {
        if (_lease is not null)
            await _lease.ReleaseAsync().ConfigureAwait(false);
        Dispose();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _lease?.ReleaseAsync().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }

    /// <summary>Moves what is in memory into segments now.</summary>
    internal Task CheckpointAsync() => _database.Durable!.CheckpointNowAsync();

    private static SharedFolders.Lease? Lease(LocalVectorStoreOptions? options)
    {
        if (options?.Path is not { } path)
            return null;
        ArgumentException.ThrowIfNullOrWhiteSpace(path, nameof(options));
        return options.Name is null
            ? SharedFolders.Open(path, DurableStoreOptions.Of(options))
            : throw new ArgumentException($"The options name memory ('{options.Name}') and a folder ('{path}'). Leave Name out: stores with the same Path share their data.", nameof(options));
    }
}
