using System.Collections.Concurrent;
using System.Threading.Channels;

namespace GenAI.Core.Ingestion;

/// <summary>The second stage of one run: finds the vectors that are there already, and has each other text embedded once.</summary>
/// <remarks>Documents leave in the order in which they came, while the calls of the generator run side by side.</remarks>
internal sealed class EmbeddingStage(ChunkEmbedder embedder, StoredChunks stored, NearDuplicateFinder? nearDuplicates, IngestionOptions options, IngestionRun run) : IDisposable
{
    // The texts of documents that are not written yet; what is written is found in the store.
    private readonly ConcurrentDictionary<string, SharedText> _inFlight = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _calls = new(options.MaxDegreeOfParallelism);

    public async Task RunAsync(ChannelReader<Task<PreparedDocument?>> prepared, ChannelWriter<PreparedDocument> embedded, CancellationToken cancellationToken)
    {
        var documents = new List<PreparedDocument>();
        var chunks = 0;
        try
        {
            await foreach (var preparing in prepared.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (await preparing.ConfigureAwait(false) is { } document)
                {
                    if (nearDuplicates?.FindFor(document) is { } found)
                        run.NearDuplicate(found);
                    documents.Add(document);
                    chunks += document.Missing.Count;
                }

                // Whatever is at hand, up to one call: never wait for a call to fill while there is work to do.
                if (documents.Count == 0 || (chunks < options.EmbeddingBatchSize && prepared.TryPeek(out var next) && next.IsCompleted))
                    continue;
                await EmbedAsync(documents, cancellationToken).ConfigureAwait(false);
                foreach (var done in documents)
                    embedded.TryWrite(done);
                documents.Clear();
                chunks = 0;
            }
        }
        finally
        {
            embedded.Complete();

            // Calls that are under way end before the run does.
            for (var call = 0; call < options.MaxDegreeOfParallelism; call++)
                await _calls.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Gives records that have no vector the stored one of the same text, or has them embedded.</summary>
    public async Task CompleteAsync(List<ChunkRecord> records, CancellationToken cancellationToken)
    {
        var vectors = await stored.VectorsByHashAsync([.. records.Select(record => record.EmbeddingHash).Distinct()], cancellationToken).ConfigureAwait(false);
        foreach (var batch in embedder.Batches(records.Where(record => !vectors.ContainsKey(record.EmbeddingHash)).DistinctBy(record => record.EmbeddingHash), record => record.TokenCount))
        {
            var embeddings = await embedder.EmbedAsync(batch.ConvertAll(record => record.Content), cancellationToken).ConfigureAwait(false);
            run.Embedded(batch.Count);
            for (var i = 0; i < batch.Count; i++)
                vectors[batch[i].EmbeddingHash] = embeddings[i].Vector;
        }

        foreach (var record in records)
            record.Embedding = vectors[record.EmbeddingHash];
    }

    /// <summary>Forgets the texts of a document that is done: if it was written, the store has them.</summary>
    public void Release(PreparedDocument document)
    {
        foreach (var (hash, text) in document.OwnTexts)
            _inFlight.TryRemove(KeyValuePair.Create(hash, text));
    }

    public void Dispose() => _calls.Dispose();

    private async Task EmbedAsync(List<PreparedDocument> documents, CancellationToken cancellationToken)
    {
        var fresh = new Dictionary<string, SharedText>(StringComparer.Ordinal);
        var moved = new List<Guid>();
        foreach (var document in documents)
        {
            foreach (var record in document.Missing)
            {
                if (!_inFlight.TryGetValue(record.EmbeddingHash, out var text))
                {
                    text = new SharedText(record.Content, record.TokenCount, document.Id);
                    _inFlight[record.EmbeddingHash] = fresh[record.EmbeddingHash] = text;
                    if (document.StoredKeys.Contains(record.Key))
                        moved.Add(record.Key);
                }

                document.Await(record, text);
            }
        }

        Take(fresh, await stored.VectorsByKeyAsync(moved, cancellationToken).ConfigureAwait(false));
        Take(fresh, await stored.VectorsByHashAsync([.. fresh.Keys], cancellationToken).ConfigureAwait(false));
        foreach (var batch in embedder.Batches(fresh.Values, text => text.Tokens))
        {
            await _calls.WaitAsync(cancellationToken).ConfigureAwait(false);
            _ = Task.Run(() => EmbedAsync(batch, cancellationToken), CancellationToken.None);
        }
    }

    private static void Take(Dictionary<string, SharedText> fresh, Dictionary<string, ReadOnlyMemory<float>> vectors)
    {
        foreach (var (hash, vector) in vectors)
        {
            if (fresh.Remove(hash, out var text))
                text.Set(vector);
        }
    }

    /// <summary>Embeds a batch. If that fails its documents are tried one by one, so that only those which fail are lost.</summary>
    private async Task EmbedAsync(List<SharedText> batch, CancellationToken cancellationToken)
    {
        try
        {
            if (await TryEmbedAsync(batch, cancellationToken).ConfigureAwait(false) is not { } failure)
                return;

            var byDocument = batch.GroupBy(text => text.Owner).Select(group => group.ToList()).ToList();
            foreach (var texts in byDocument)
            {
                if (byDocument.Count > 1)
                    failure = await TryEmbedAsync(texts, cancellationToken).ConfigureAwait(false);
                foreach (var text in texts.Where(text => !text.Done.IsCompleted))
                    text.Fail(failure!);
            }
        }
        finally
        {
            // Only a cancelled batch still has some.
            foreach (var text in batch.Where(text => !text.Done.IsCompleted))
                text.Fail(new OperationCanceledException(cancellationToken));
            _calls.Release();
        }
    }

    private async Task<Exception?> TryEmbedAsync(List<SharedText> texts, CancellationToken cancellationToken)
    {
        try
        {
            var embeddings = await embedder.EmbedAsync(texts.ConvertAll(text => text.Text), cancellationToken).ConfigureAwait(false);
            run.Embedded(texts.Count);
            for (var i = 0; i < texts.Count; i++)
                texts[i].Set(embeddings[i].Vector);
            return null;
        }
        catch (Exception exception) when (!IngestionPipeline.IsCancellation(exception, cancellationToken))
        {
            return exception;
        }
    }
}
