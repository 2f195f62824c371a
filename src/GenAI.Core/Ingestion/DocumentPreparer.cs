using GenAI.Core.Chunking;
using GenAI.Core.VectorStores;

namespace GenAI.Core.Ingestion;

/// <summary>The first stage: loads a document, looks whether anything of it is new, and cuts it.</summary>
internal sealed class DocumentPreparer(IChunker chunker, ChunkAddresses addresses, StoredChunks stored, IngestionOptions options)
{
    private readonly string _fingerprint = ChunkerFingerprint(chunker);

    /// <summary>Prepares a document.</summary>
    /// <returns>The document, or <see langword="null"/> if there is nothing to be done for it or it failed; the run knows.</returns>
    public async Task<PreparedDocument?> PrepareAsync(IngestionItem item, IngestionRun run, CancellationToken cancellationToken)
    {
        var stage = IngestionStage.Read;
        try
        {
            var stamp = options.TrustFileTimes ? FileStamp.Of(item, _fingerprint) : null;
            if (stamp is { Length: > 0 } && await stored.WholeHeadAsync(item.DocumentId, cancellationToken).ConfigureAwait(false) is { } known
                && known.FileStamp == stamp && IsUpToDate(known))
            {
                run.Unchanged(item.DocumentId, item.Bytes);
                return null;
            }

            var document = await item.LoadAsync(cancellationToken).ConfigureAwait(false);
            if (document is null)
            {
                run.Skipped(item.DocumentId, item.Bytes);
                return null;
            }

            var hash = ChunkRecords.HashOf(document, item.Folder, _fingerprint);
            if (await stored.WholeHeadAsync(document.Id, cancellationToken).ConfigureAwait(false) is { } head && head.DocumentHash == hash && (stamp is null || head.FileStamp == stamp) && IsUpToDate(head))
            {
                run.Unchanged(document.Id, item.Bytes);
                return null;
            }

            var records = await stored.OfDocumentAsync(document.Id, cancellationToken).ConfigureAwait(false);
            stage = IngestionStage.Chunk;
            var sketch = options.NearDuplicates is null ? null : MinHash.Sketch(document.Text);
            var cut = await CutAsync(document, cancellationToken).ConfigureAwait(false);
            if (cut.Count > 0)
            {
                (cut[0].DocumentHash, cut[0].DocumentChunks, cut[0].Folder, cut[0].FileStamp) = (hash, cut.Count, item.Folder, stamp);
                cut[0].Sketch = sketch is null ? null : Convert.ToBase64String(sketch);
            }

            return new PreparedDocument(document.Id, cut, Missing(cut, records), [.. records.Select(record => record.Key)]) { Bytes = item.Bytes, Sketch = sketch };
        }
        catch (Exception exception) when (!IngestionPipeline.IsCancellation(exception, cancellationToken))
        {
            run.Failed(item.DocumentId, item.Bytes, stage, exception);
            return null;
        }
    }

    /// <summary>Those of <paramref name="records"/> that are not stored just so.</summary>
    public static List<ChunkRecord> Missing(List<ChunkRecord> records, List<ChunkRecord> stored)
    {
        if (stored.Count == 0)
            return records;
        var byKey = stored.ToDictionary(record => record.Key);
        return records.FindAll(record => !byKey.TryGetValue(record.Key, out var old) || !ChunkRecords.AreEqual(record, old));
    }

    /// <summary>Names a chunker and its settings, which IChunker asks its text to name.</summary>
    public static string ChunkerFingerprint(IChunker chunker) => $"{chunker.GetType().FullName}: {chunker}";

    private bool IsUpToDate(ChunkRecord head) => addresses.HasEmbeddingOf(head) && (options.NearDuplicates is null || head.Sketch is not null);

    private async Task<List<ChunkRecord>> CutAsync(Document document, CancellationToken cancellationToken)
    {
        var records = new List<ChunkRecord>();
        await foreach (var chunk in chunker.ChunkAsync(document, cancellationToken).ConfigureAwait(false))
            records.Add(ChunkRecords.ToRecord(chunk));
        addresses.Set(records);
        return records;
    }
}
