using System.Threading.Channels;
using GenAI.Core.Chunking;
using GenAI.Core.Diagnostics;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Ingestion;

/// <summary>The way from documents to a searchable collection: read, chunk, embed, write.</summary>
/// <remarks>
/// <para>A document lands whole or not at all: everything that can fail is done before the write, and in a local collection the write
/// replaces the earlier version in one step. With another provider the new chunks are written before the old ones are deleted, so an interruption
/// leaves both, never neither, and ingesting again puts it right.</para>
/// <para>Workers take documents from a bounded queue, so memory does not grow with the number of documents. Safe for concurrent use:
/// two ingestions of the same document run one after the other.</para>
/// </remarks>
public sealed class IngestionPipeline
{
    private readonly IChunker _chunker;
    private readonly ChunkWriter _writer;
    private readonly ChunkEmbedder _embedder;
    private readonly string _fingerprint;
    private readonly IngestionOptions _options;

    /// <summary>Makes a pipeline.</summary>
    /// <param name="collection">Where the chunks go. It must exist: call <c>EnsureCollectionExistsAsync</c> first.</param>
    /// <param name="embeddingGenerator">Makes the embeddings.</param>
    /// <param name="chunker">Cuts the documents.</param>
    /// <param name="options">Options; the defaults if <see langword="null"/>.</param>
    public IngestionPipeline(
        VectorStoreCollection<Guid, ChunkRecord> collection,
        IEmbeddingGenerator<string, Embedding<float>> embeddingGenerator,
        IChunker chunker,
        IngestionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentNullException.ThrowIfNull(embeddingGenerator);
        ArgumentNullException.ThrowIfNull(chunker);
        _chunker = chunker;
        _options = options ?? new IngestionOptions();
        _writer = new ChunkWriter(collection);
        _embedder = new ChunkEmbedder(embeddingGenerator, _options);
        _fingerprint = $"{chunker};{_embedder.Fingerprint}";
    }

    /// <summary>Ingests documents. A document that fails is in the summary; the others land.</summary>
    /// <param name="documents">The documents. An id that comes a second time in the same run fails: the first one stands.</param>
    /// <param name="progress">Told after every document.</param>
    /// <param name="cancellationToken">Stops after the documents that are being written.</param>
    /// <exception cref="OperationCanceledException">It was cancelled. Documents that were written stay; no document is there by half.</exception>
    /// <remarks>An exception of the sequence itself is thrown on, after the documents before it have landed.</remarks>
    public Task<IngestionSummary> IngestAsync(IAsyncEnumerable<Document> documents, IProgress<IngestionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        return RunAsync(documents.Select(IngestionItem.Of), total: null, progress, cancellationToken);
    }

    /// <summary>Removes a document.</summary>
    /// <returns>Whether it was there.</returns>
    public Task<bool> RemoveAsync(string documentId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(documentId);
        return _writer.RemoveAsync(documentId, cancellationToken);
    }

    internal async Task<IngestionSummary> RunAsync(IAsyncEnumerable<IngestionItem> items, int? total, IProgress<IngestionProgress>? progress, CancellationToken cancellationToken)
    {
        using var activity = GenAIDiagnostics.Source.StartActivity("ingest");
        cancellationToken.ThrowIfCancellationRequested();
        var run = new IngestionRun(total, progress);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = Channel.CreateBounded<IngestionItem>(new BoundedChannelOptions(2 * _options.MaxDegreeOfParallelism) { SingleWriter = true });

        // Task.Run: the work of the offline parts is synchronous and must not sit on the caller's thread.
        var workers = new Task[_options.MaxDegreeOfParallelism];
        for (var i = 0; i < workers.Length; i++)
            workers[i] = Task.Run(() => WorkOrStopAllAsync(queue.Reader, run, failed, cancellationToken), CancellationToken.None);

        try
        {
            await FeedAsync(items, queue.Writer, run, failed.Token).ConfigureAwait(false);
        }
        finally
        {
            queue.Writer.Complete();
            await Task.WhenAll(workers).ConfigureAwait(false);
        }

        return run.Summary();
    }

    private static async Task FeedAsync(IAsyncEnumerable<IngestionItem> items, ChannelWriter<IngestionItem> queue, IngestionRun run, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (seen.Add(item.DocumentId))
                await queue.WriteAsync(item, cancellationToken).ConfigureAwait(false);
            else
                run.Failed(item.DocumentId, IngestionStage.Read, new ArgumentException($"The document id '{item.DocumentId}' came a second time in one ingestion. Give every document its own id; the first one was kept."));
        }
    }

    // A worker ends early only through cancellation or a fault outside any document, such as a throwing progress callback. Then
    // nobody may wait for it: the feeder is stopped, and the exception reaches the caller.
    private async Task WorkOrStopAllAsync(ChannelReader<IngestionItem> queue, IngestionRun run, CancellationTokenSource failed, CancellationToken cancellationToken)
    {
        try
        {
            await WorkAsync(queue, run, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await failed.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task WorkAsync(ChannelReader<IngestionItem> queue, IngestionRun run, CancellationToken cancellationToken)
    {
        var batch = new List<PreparedDocument>();
        while (await queue.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // Whatever is waiting, up to one embedding batch: never wait for a batch to fill while there is work to do.
            var chunks = 0;
            while (chunks < _options.EmbeddingBatchSize && queue.TryRead(out var item))
            {
                if (await PrepareAsync(item, run, cancellationToken).ConfigureAwait(false) is { } prepared)
                {
                    batch.Add(prepared);
                    chunks += prepared.Records.Count;
                }
            }

            await _embedder.EmbedAsync(batch, run, cancellationToken).ConfigureAwait(false);
            foreach (var prepared in batch)
            {
                if (prepared.IsEmbedded)
                    await WriteAsync(prepared, run, cancellationToken).ConfigureAwait(false);
            }

            batch.Clear();
        }
    }

    private async Task<PreparedDocument?> PrepareAsync(IngestionItem item, IngestionRun run, CancellationToken cancellationToken)
    {
        var stage = IngestionStage.Read;
        try
        {
            var document = await item.LoadAsync(cancellationToken).ConfigureAwait(false);
            if (document is null)
            {
                run.Skipped(item.DocumentId);
                return null;
            }

            var hash = ChunkRecords.HashOf(document, _fingerprint);
            if (await _writer.HasAsync(document.Id, hash, cancellationToken).ConfigureAwait(false))
            {
                run.Unchanged(document.Id);
                return null;
            }

            stage = IngestionStage.Chunk;
            var records = new List<ChunkRecord>();
            await foreach (var chunk in _chunker.ChunkAsync(document, cancellationToken).ConfigureAwait(false))
                records.Add(ChunkRecords.ToRecord(chunk, hash));
            foreach (var record in records)
                record.DocumentChunks = records.Count;
            return new PreparedDocument(document.Id, records);
        }
        catch (Exception exception) when (!IsCancellation(exception, cancellationToken))
        {
            run.Failed(item.DocumentId, stage, exception);
            return null;
        }
    }

    private async Task WriteAsync(PreparedDocument document, IngestionRun run, CancellationToken cancellationToken)
    {
        try
        {
            var (removed, isNew) = await _writer.ReplaceAsync(document.Id, document.Records, cancellationToken).ConfigureAwait(false);
            run.Written(document.Id, document.Records.Count, removed, isNew);
        }
        catch (Exception exception) when (!IsCancellation(exception, cancellationToken))
        {
            run.Failed(document.Id, IngestionStage.Write, exception);
        }
    }

    // A time-out of an embedding service is an OperationCanceledException too; only the caller's own cancellation ends the run.
    internal static bool IsCancellation(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
}
