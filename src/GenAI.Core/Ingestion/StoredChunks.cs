using System.Linq.Expressions;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Ingestion;

/// <summary>Reads what a collection holds of documents, in pages that every provider takes.</summary>
internal sealed class StoredChunks(VectorStoreCollection<Guid, ChunkRecord> collection)
{
    // Several services refuse to return more than a few thousand records at once. A local collection reads one state of itself.
    private readonly int _page = collection is LocalCollection<Guid, ChunkRecord> ? int.MaxValue : 1_000;

    private volatile bool _cannotFindByHash;

    /// <summary>A document's records, without their vectors unless they are asked for.</summary>
    public Task<List<ChunkRecord>> OfDocumentAsync(string documentId, CancellationToken cancellationToken, bool includeVectors = false) =>
        ReadAsync(record => record.DocumentId == documentId, cancellationToken, includeVectors);

    /// <summary>The first records of the documents that came from a folder.</summary>
    public Task<List<ChunkRecord>> HeadsOfFolderAsync(string folder, CancellationToken cancellationToken) =>
        ReadAsync(record => record.Folder == folder, cancellationToken);

    /// <summary>The first records of all documents.</summary>
    public Task<List<ChunkRecord>> HeadsAsync(CancellationToken cancellationToken) =>
        ReadAsync(record => record.DocumentChunks > 0, cancellationToken);

    /// <summary>The first record of a document's version that is stored whole, with nothing of another version; else <see langword="null"/>.</summary>
    public async Task<ChunkRecord?> WholeHeadAsync(string documentId, CancellationToken cancellationToken)
    {
        if (collection is not LocalCollection<Guid, ChunkRecord> local)
        {
            var records = await OfDocumentAsync(documentId, cancellationToken).ConfigureAwait(false);
            return WholeHead(records, records.Count);
        }

        // Most documents are unchanged: the others of their records are only counted.
        var (heads, count) = local.ReadAndCount(record => record.DocumentId == documentId, record => record.DocumentChunks > 0);
        return WholeHead(heads, count);
    }

    private static ChunkRecord? WholeHead(List<ChunkRecord> records, int count)
    {
        ChunkRecord? head = null;
        foreach (var record in records)
        {
            if (record.DocumentChunks == 0)
                continue;
            if (head is not null || record.DocumentHash.Length == 0)
                return null;
            head = record;
        }

        return head?.DocumentChunks == count ? head : null;
    }

    /// <summary>The stored vectors of records that are known by their key.</summary>
    public async Task<Dictionary<string, ReadOnlyMemory<float>>> VectorsByKeyAsync(IReadOnlyCollection<Guid> keys, CancellationToken cancellationToken)
    {
        var vectors = new Dictionary<string, ReadOnlyMemory<float>>(StringComparer.Ordinal);
        if (keys.Count == 0)
            return vectors;
        await foreach (var record in collection.GetAsync(keys, new RecordRetrievalOptions { IncludeVectors = true }, cancellationToken).ConfigureAwait(false))
            Add(vectors, record);
        return vectors;
    }

    /// <summary>The stored vectors of texts, whatever document has them, by their hash. A store that cannot be asked has none.</summary>
    public async Task<Dictionary<string, ReadOnlyMemory<float>>> VectorsByHashAsync(IReadOnlyList<string> hashes, CancellationToken cancellationToken)
    {
        var vectors = new Dictionary<string, ReadOnlyMemory<float>>(StringComparer.Ordinal);
        if (hashes.Count == 0 || _cannotFindByHash)
            return vectors;

        try
        {
            // A text that many documents have would fill any page; those that it crowds out are asked for one by one.
            var top = 4 * hashes.Count;
            var found = await VectorsAsync(record => hashes.Contains(record.EmbeddingHash), top, vectors, cancellationToken).ConfigureAwait(false);
            for (var i = 0; found == top && i < hashes.Count; i++)
            {
                var hash = hashes[i];
                if (!vectors.ContainsKey(hash))
                    await VectorsAsync(record => record.EmbeddingHash == hash, 1, vectors, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is NotSupportedException or VectorStoreException && !IngestionPipeline.IsCancellation(exception, cancellationToken))
        {
            // It costs embedding again, nothing else. Should the store be down, writing to it will say so.
            _cannotFindByHash = exception is NotSupportedException;
        }

        return vectors;
    }

    private async Task<int> VectorsAsync(Expression<Func<ChunkRecord, bool>> filter, int top, Dictionary<string, ReadOnlyMemory<float>> vectors, CancellationToken cancellationToken)
    {
        var found = 0;
        await foreach (var record in collection.GetAsync(filter, top, new FilteredRecordRetrievalOptions<ChunkRecord> { IncludeVectors = true }, cancellationToken).ConfigureAwait(false))
        {
            Add(vectors, record);
            found++;
        }

        return found;
    }

    private static void Add(Dictionary<string, ReadOnlyMemory<float>> vectors, ChunkRecord record)
    {
        if (record.EmbeddingHash.Length > 0 && !record.Embedding.IsEmpty)
            vectors[record.EmbeddingHash] = record.Embedding;
    }

    private async Task<List<ChunkRecord>> ReadAsync(Expression<Func<ChunkRecord, bool>> filter, CancellationToken cancellationToken, bool includeVectors = false)
    {
        var records = new List<ChunkRecord>();
        for (var full = true; full;)
        {
            var options = new FilteredRecordRetrievalOptions<ChunkRecord> { Skip = records.Count, IncludeVectors = includeVectors };
            var before = records.Count;
            await foreach (var record in collection.GetAsync(filter, _page, options, cancellationToken).ConfigureAwait(false))
                records.Add(record);
            full = records.Count - before == _page;
        }

        return records;
    }
}
