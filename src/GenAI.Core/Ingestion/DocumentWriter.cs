using System.Threading.Channels;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Ingestion;

/// <summary>The last stage: puts documents in the place of their earlier versions.</summary>
internal sealed class DocumentWriter(VectorStoreCollection<Guid, ChunkRecord> collection, StoredChunks stored, IngestionOptions options)
{
    // How many records a local collection takes in one step, where so many are waiting: a durable one is synchronised with the disk once for all of them.
    private const int StepRecords = 1_000;

    private readonly LocalCollection<Guid, ChunkRecord>? _local = collection as LocalCollection<Guid, ChunkRecord>;

    // One gate for many documents: what matters is that one document always has the same. A local collection has one writer anyway.
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, collection is LocalCollection<Guid, ChunkRecord> ? 1 : 64).Select(_ => new SemaphoreSlim(1, 1))];

    public async Task RunAsync(ChannelReader<PreparedDocument> embedded, EmbeddingStage embedding, IngestionRun run, CancellationToken cancellationToken)
    {
        var step = new List<PreparedDocument>();
        while (await embedded.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // What is ready; never keep it waiting for what is not.
            var records = 0;
            while (records < StepRecords && embedded.TryPeek(out var next) && (step.Count == 0 || next.IsReady))
            {
                embedded.TryRead(out _);
                if (await next.TakeVectorsAsync(cancellationToken).ConfigureAwait(false) is { } failure)
                {
                    run.Failed(next.Id, next.Bytes, IngestionStage.Embed, failure);
                    embedding.Release(next);
                    continue;
                }

                step.Add(next);
                records += next.Missing.Count;
            }

            if (_local is not null)
                await WriteTogetherAsync(step, embedding, run, cancellationToken).ConfigureAwait(false);
            else
                await Parallel.ForEachAsync(step, Parallelism(cancellationToken), async (document, stop) => await WriteAloneAsync(document, embedding, run, stop).ConfigureAwait(false)).ConfigureAwait(false);
            step.ForEach(embedding.Release);
            step.Clear();
        }
    }

    /// <summary>Removes a document's records.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> RemoveAsync(string documentId, CancellationToken cancellationToken)
    {
        var gate = GateOf(documentId);
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var change = new DocumentChange(documentId, [], await stored.OfDocumentAsync(documentId, cancellationToken).ConfigureAwait(false));
            await ApplyAsync([change], cancellationToken).ConfigureAwait(false);
            return change.Stale.Count;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Gives the records of a local collection, whose vectors were made anew in place, the identity that this embedder gives them.</summary>
    /// <remarks>Document by document, each in one step; one that is done is passed over, so that an interrupted call can be repeated.</remarks>
    public async Task ReaddressAsync(ChunkAddresses addresses, CancellationToken cancellationToken)
    {
        foreach (var head in await stored.HeadsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (addresses.HasEmbeddingOf(head))
                continue;
            await _gates[0].WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var records = await stored.OfDocumentAsync(head.DocumentId, cancellationToken, includeVectors: true).ConfigureAwait(false);
                records.Sort((a, b) => a.Ordinal.CompareTo(b.Ordinal));
                var keys = records.ConvertAll(record => record.Key);
                addresses.Set(records);
                await _local!.ReplaceAsync(keys, records, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _gates[0].Release();
            }
        }
    }

    private ParallelOptions Parallelism(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = cancellationToken };

    private async Task WriteTogetherAsync(List<PreparedDocument> documents, EmbeddingStage embedding, IngestionRun run, CancellationToken cancellationToken)
    {
        await _gates[0].WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var changes = new List<(PreparedDocument Document, DocumentChange Change)>();
            foreach (var document in documents)
            {
                if (await ChangeAsync(document, embedding, run, cancellationToken).ConfigureAwait(false) is { } change)
                    changes.Add((document, change));
            }

            if (changes.Count > 1 && await TryApplyAsync(changes, cancellationToken).ConfigureAwait(false) is null)
            {
                foreach (var (document, change) in changes)
                    run.Written(document, change);
                return;
            }

            // Together they failed: whose fault it was is found out one by one.
            foreach (var single in changes)
                await ApplyAloneAsync(single.Document, single.Change, run, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gates[0].Release();
        }
    }

    private async Task WriteAloneAsync(PreparedDocument document, EmbeddingStage embedding, IngestionRun run, CancellationToken cancellationToken)
    {
        var gate = GateOf(document.Id);
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await ChangeAsync(document, embedding, run, cancellationToken).ConfigureAwait(false) is { } change)
                await ApplyAloneAsync(document, change, run, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    // Compared with the store once more, now that nobody else writes the document.
    private async Task<DocumentChange?> ChangeAsync(PreparedDocument document, EmbeddingStage embedding, IngestionRun run, CancellationToken cancellationToken)
    {
        var stage = IngestionStage.Write;
        try
        {
            var change = new DocumentChange(document.Id, document.Records, await stored.OfDocumentAsync(document.Id, cancellationToken).ConfigureAwait(false));
            if (change.Upserts.FindAll(record => record.Embedding.IsEmpty) is { Count: > 0 } missing)
            {
                stage = IngestionStage.Embed;
                await embedding.CompleteAsync(missing, cancellationToken).ConfigureAwait(false);
            }

            return change;
        }
        catch (Exception exception) when (!IngestionPipeline.IsCancellation(exception, cancellationToken))
        {
            run.Failed(document.Id, document.Bytes, stage, exception);
            return null;
        }
    }

    private async Task ApplyAloneAsync(PreparedDocument document, DocumentChange change, IngestionRun run, CancellationToken cancellationToken)
    {
        if (await TryApplyAsync([(document, change)], cancellationToken).ConfigureAwait(false) is { } failure)
            run.Failed(document.Id, document.Bytes, IngestionStage.Write, failure);
        else
            run.Written(document, change);
    }

    private async Task<Exception?> TryApplyAsync(List<(PreparedDocument Document, DocumentChange Change)> changes, CancellationToken cancellationToken)
    {
        try
        {
            await ApplyAsync(changes.ConvertAll(pair => pair.Change), cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (!IngestionPipeline.IsCancellation(exception, cancellationToken))
        {
            return exception;
        }
    }

    private async Task ApplyAsync(List<DocumentChange> changes, CancellationToken cancellationToken)
    {
        if (_local is null)
        {
            foreach (var change in changes)
                await change.ApplyInStepsAsync(collection, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (changes.Exists(change => change.Stale.Count + change.Upserts.Count > 0))
            await _local.ReplaceAsync([.. changes.SelectMany(change => change.Stale)], [.. changes.SelectMany(change => change.Upserts)], cancellationToken).ConfigureAwait(false);
    }

    private SemaphoreSlim GateOf(string documentId) => _gates[(uint)documentId.GetHashCode(StringComparison.Ordinal) % (uint)_gates.Length];
}
