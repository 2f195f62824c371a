using System.Threading.Channels;
using GenAI.Core.Chunking;
using GenAI.Core.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Ingestion;

/// <summary>The way from documents to a searchable collection: read, chunk, embed, write.</summary>
/// <remarks>
/// <para>Only what changed is done: a document that is stored already is passed over, and of one that changed only the texts that nobody has embedded before are embedded; the
/// chunks that stayed the same are not written again. So a run that was interrupted is resumed by running it again.</para>
/// <para>A document lands whole or not at all: everything that can fail is done before the write, and in a local collection the write
/// replaces the earlier version in one step. With another provider the new chunks are written before the old ones are deleted, so an interruption
/// leaves both, never neither, and ingesting again puts it right.</para>
/// <para>The stages run side by side, and only so much is between reading and writing as <see cref="IngestionOptions.MaxPendingBytes"/> says. Documents are
/// written in the order in which they come. Safe for concurrent use: two ingestions of the same document run one after the other.</para>
/// </remarks>
public sealed class IngestionPipeline
{
    private readonly StoredChunks _stored;
    private readonly ChunkAddresses _addresses;
    private readonly DocumentPreparer _preparer;
    private readonly ChunkEmbedder _embedder;
    private readonly DocumentWriter _writer;
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
        _options = options ?? new IngestionOptions();
        _stored = new StoredChunks(collection);
        _embedder = new ChunkEmbedder(embeddingGenerator, _options);
        _addresses = new ChunkAddresses(DocumentPreparer.ChunkerFingerprint(chunker), _embedder.Fingerprint);
        _preparer = new DocumentPreparer(chunker, _addresses, _stored, _options);
        _writer = new DocumentWriter(collection, _stored, _options);
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
        return RunAsync(documents.Select(IngestionItem.Of), documents: null, bytes: null, progress, cancellationToken);
    }

    /// <summary>Removes a document.</summary>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> RemoveAsync(string documentId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(documentId);
        return await _writer.RemoveAsync(documentId, cancellationToken).ConfigureAwait(false) > 0;
    }

    /// <summary>The text of a record that is embedded.</summary>
    internal static string EmbeddedTextOf(ChunkRecord record) => EmbeddedText.Normalize(record.Content);

    /// <inheritdoc cref="DocumentWriter.ReaddressAsync"/>
    internal Task ReaddressAsync(CancellationToken cancellationToken) => _writer.ReaddressAsync(_addresses, cancellationToken);

    /// <summary>Ingests the files of a folder, and removes the documents that are not in it any more if the options say so.</summary>
    internal async Task<IngestionSummary> RunFolderAsync(string folder, IDocumentReader reader, IProgress<IngestionProgress>? progress, CancellationToken cancellationToken)
    {
        var items = DocumentFolder.Items(folder, reader);
        return await RunAsync(items.ToAsyncEnumerable(), items.Count, items.Sum(item => item.Bytes), DocumentFolder.PathOf(folder), progress, cancellationToken).ConfigureAwait(false);
    }

    internal Task<IngestionSummary> RunAsync(IAsyncEnumerable<IngestionItem> items, int? documents, long? bytes, IProgress<IngestionProgress>? progress, CancellationToken cancellationToken) =>
        RunAsync(items, documents, bytes, folder: null, progress, cancellationToken);

    // A time-out of an embedding service is an OperationCanceledException too; only the caller's own cancellation ends the run.
    internal static bool IsCancellation(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested;

    private async Task<IngestionSummary> RunAsync(
        IAsyncEnumerable<IngestionItem> items, int? documents, long? bytes, string? folder, IProgress<IngestionProgress>? progress, CancellationToken cancellationToken)
    {
        using var activity = GenAIDiagnostics.Source.StartActivity("ingest");
        cancellationToken.ThrowIfCancellationRequested();
        var budget = new PendingBudget(_options.MaxPendingBytes);
        var run = new IngestionRun(documents, bytes, budget, progress);
        var nearDuplicates = _options.NearDuplicates is { } near ? await NearDuplicateFinder.OpenAsync(_stored, near, cancellationToken).ConfigureAwait(false) : null;
        using var embedding = new EmbeddingStage(_embedder, _stored, nearDuplicates, _options, run);

        // The budget bounds what is in these queues.
        var prepared = Channel.CreateUnbounded<Task<PreparedDocument?>>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var embedded = Channel.CreateUnbounded<PreparedDocument>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

        // Task.Run: the work of the offline parts is synchronous and must not sit on the caller's thread.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var all = Task.WhenAll(
            Task.Run(() => FeedAsync(items, prepared.Writer, budget, run, stop.Token), CancellationToken.None),
            Task.Run(() => OrStopAsync(embedding.RunAsync(prepared.Reader, embedded.Writer, stop.Token), stop), CancellationToken.None),
            Task.Run(() => OrStopAsync(_writer.RunAsync(embedded.Reader, embedding, run, stop.Token), stop), CancellationToken.None));
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (prepared.Reader.TryRead(out var left))
            await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!all.IsCompletedSuccessfully)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await all.ConfigureAwait(false);
        }

        if (folder is not null && _options.RemoveMissing)
            await RemoveMissingAsync(folder, run, cancellationToken).ConfigureAwait(false);
        return run.Summary();
    }

    // A fault here, which is one of the sequence, lets the documents before it land.
    private async Task FeedAsync(IAsyncEnumerable<IngestionItem> items, ChannelWriter<Task<PreparedDocument?>> prepared, PendingBudget budget, IngestionRun run, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var places = new SemaphoreSlim(_options.MaxDegreeOfParallelism);
        try
        {
            await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                await budget.TakeAsync(item.Bytes, cancellationToken).ConfigureAwait(false);
                if (!seen.Add(item.DocumentId))
                {
                    run.Failed(item.DocumentId, item.Bytes, IngestionStage.Read, new ArgumentException($"The document id '{item.DocumentId}' came a second time in one ingestion. Give every document its own id; the first one was kept."));
                    continue;
                }

                await places.WaitAsync(cancellationToken).ConfigureAwait(false);
                prepared.TryWrite(Task.Run(() => PrepareAsync(item, places, run, cancellationToken), CancellationToken.None));
            }
        }
        finally
        {
            prepared.Complete();
        }
    }

    private async Task<PreparedDocument?> PrepareAsync(IngestionItem item, SemaphoreSlim places, IngestionRun run, CancellationToken cancellationToken)
    {
        try
        {
            return await _preparer.PrepareAsync(item, run, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            places.Release();
        }
    }

    // A stage ends early only through cancellation or a fault outside any document, such as a throwing progress callback. Then
    // nobody may wait for it: the others are stopped, and the exception reaches the caller.
    private static async Task OrStopAsync(Task stage, CancellationTokenSource stop)
    {
        try
        {
            await stage.ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task RemoveMissingAsync(string folder, IngestionRun run, CancellationToken cancellationToken)
    {
        foreach (var head in await _stored.HeadsOfFolderAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            if (run.IsPresent(head.DocumentId))
                continue;
            try
            {
                run.Removed(await _writer.RemoveAsync(head.DocumentId, cancellationToken).ConfigureAwait(false));
            }
            catch (Exception exception) when (!IsCancellation(exception, cancellationToken))
            {
                run.NotRemoved(head.DocumentId, exception);
            }
        }
    }
}
