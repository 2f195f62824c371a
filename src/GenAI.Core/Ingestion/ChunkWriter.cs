using GenAI.Core.VectorStores;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Ingestion;

/// <summary>Writes the records of documents to a collection, a document at a time.</summary>
internal sealed class ChunkWriter(VectorStoreCollection<Guid, ChunkRecord> collection)
{
    // One gate for many documents: what matters is that one document always has the same.
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Whether the document is stored in just this version, whole and with nothing of another one.</summary>
    public async Task<bool> HasAsync(string documentId, string documentHash, CancellationToken cancellationToken)
    {
        var (found, expected) = (0, 0);
        await foreach (var record in collection.GetAsync(record => record.DocumentId == documentId, int.MaxValue, options: null, cancellationToken).ConfigureAwait(false))
        {
            if (record.DocumentHash != documentHash)
                return false;
            found++;
            expected = record.DocumentChunks;
        }

        return found > 0 && found == expected;
    }

    /// <summary>Replaces a document's records.</summary>
    /// <returns>How many old records were removed without a new one in their place, and whether there was no old one at all.</returns>
    public async Task<(int Removed, bool IsNew)> ReplaceAsync(string documentId, List<ChunkRecord> records, CancellationToken cancellationToken)
    {
        var gate = GateOf(documentId);
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var stale = await KeysAsync(documentId, cancellationToken).ConfigureAwait(false);
            var isNew = stale.Count == 0;
            foreach (var record in records)
                stale.Remove(record.Key);
            if (collection is LocalCollection<Guid, ChunkRecord> local)
            {
                await local.ReplaceAsync(stale, records, cancellationToken).ConfigureAwait(false);
                return (stale.Count, isNew);
            }

            // No provider has transactions. New before old: an interruption leaves too much, never too little, and HasAsync sees it.
            if (records.Count > 0)
                await collection.UpsertAsync(records, cancellationToken).ConfigureAwait(false);
            if (stale.Count > 0)
                await collection.DeleteAsync(stale, cancellationToken).ConfigureAwait(false);
            return (stale.Count, isNew);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Removes a document's records.</summary>
    /// <returns>Whether there were any.</returns>
    public async Task<bool> RemoveAsync(string documentId, CancellationToken cancellationToken)
    {
        var (removed, _) = await ReplaceAsync(documentId, [], cancellationToken).ConfigureAwait(false);
        return removed > 0;
    }

    private SemaphoreSlim GateOf(string documentId) => _gates[(uint)documentId.GetHashCode(StringComparison.Ordinal) % (uint)_gates.Length];

    private async Task<HashSet<Guid>> KeysAsync(string documentId, CancellationToken cancellationToken)
    {
        var keys = new HashSet<Guid>();
        await foreach (var record in collection.GetAsync(record => record.DocumentId == documentId, int.MaxValue, options: null, cancellationToken).ConfigureAwait(false))
            keys.Add(record.Key);
        return keys;
    }
}
