using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Ingestion;

/// <summary>What has to be written so that a store has just these records of a document.</summary>
internal sealed class DocumentChange
{
    private readonly ChunkRecord? _head;

    public DocumentChange(string documentId, List<ChunkRecord> records, List<ChunkRecord> stored)
    {
        DocumentId = documentId;
        _head = records.FirstOrDefault();
        IsNew = stored.Count == 0;
        Upserts = DocumentPreparer.Missing(records, stored);
        Kept = records.Count - Upserts.Count;

        // The first record last: as long as it is there, the document is known to be.
        var kept = records.Select(record => record.Key).ToHashSet();
        Stale = [.. stored.Where(record => !kept.Contains(record.Key)).OrderBy(record => record.DocumentChunks > 0).Select(record => record.Key)];
    }

    public string DocumentId { get; }

    /// <summary>Whether nothing is stored of the document.</summary>
    public bool IsNew { get; }

    /// <summary>The keys of stored records that are no longer part of it.</summary>
    public List<Guid> Stale { get; }

    /// <summary>The records that are new or differ from what is stored under their key.</summary>
    public List<ChunkRecord> Upserts { get; }

    /// <summary>How many stored records stay untouched.</summary>
    public int Kept { get; }

    /// <summary>Writes to a store without transactions.</summary>
    /// <remarks>
    /// New before old: an interruption leaves too much, never too little. The first record says that the document is whole; it is written first without
    /// saying so, and once more at the end, so that an interruption at any step is noticed by the next ingestion. A cancellation is not such an
    /// interruption: it takes effect before the first step, and waits for the last one otherwise.
    /// </remarks>
    public async Task ApplyInStepsAsync(VectorStoreCollection<Guid, ChunkRecord> collection, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var others = Upserts.FindAll(record => record != _head);
        var hash = others.Count + Stale.Count > 0 && others.Count < Upserts.Count ? _head!.DocumentHash : "";
        if (hash.Length > 0)
        {
            _head!.DocumentHash = "";
            await collection.UpsertAsync(_head, CancellationToken.None).ConfigureAwait(false);
            _head.DocumentHash = hash;
        }

        if (others.Count > 0)
            await collection.UpsertAsync(others, CancellationToken.None).ConfigureAwait(false);
        if (Stale.Count > 0)
            await collection.DeleteAsync(Stale, CancellationToken.None).ConfigureAwait(false);
        if (others.Count < Upserts.Count)
            await collection.UpsertAsync(_head!, CancellationToken.None).ConfigureAwait(false);
    }
}
