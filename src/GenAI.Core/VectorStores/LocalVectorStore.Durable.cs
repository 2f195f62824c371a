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
