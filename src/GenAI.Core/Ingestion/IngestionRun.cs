using System.Collections.Concurrent;
using System.Diagnostics;
using GenAI.Core.Diagnostics;

namespace GenAI.Core.Ingestion;

/// <summary>The counts of one ingestion, shared by its stages.</summary>
/// <param name="documents">How many documents there are, if that is known.</param>
/// <param name="bytes">How long they are together, if that is known.</param>
/// <param name="budget">Gets back what a document took when it is done.</param>
/// <param name="progress">Told after every document.</param>
internal sealed class IngestionRun(int? documents, long? bytes, PendingBudget budget, IProgress<IngestionProgress>? progress)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly List<IngestionFailure> _failures = [];
    private readonly List<NearDuplicate> _nearDuplicates = [];
    private readonly ConcurrentDictionary<string, bool> _present = new(StringComparer.Ordinal);
    private int _done;
    private int _added;
    private int _updated;
    private int _unchanged;
    private int _empty;
    private int _leftOut;
    private int _skipped;
    private int _removed;
    private int _chunksWritten;
    private int _chunksEmbedded;
    private int _chunksKept;
    private int _chunksRemoved;
    private long _bytesDone;

    /// <summary>Whether the run has met this document, whatever became of it.</summary>
    public bool IsPresent(string documentId) => _present.ContainsKey(documentId);

    public void Written(PreparedDocument document, DocumentChange change)
    {
        GenAIDiagnostics.ChunksWritten(change.Upserts.Count);
        lock (_lock)
        {
            _chunksWritten += change.Upserts.Count;
            _chunksKept += change.Kept;
            _chunksRemoved += change.Stale.Count;
            var outcome = document.IsLeftOut ? "near-duplicate" : document.Records.Count == 0 ? "empty" : change.IsNew ? "added" : "updated";
            ref var count = ref document.IsLeftOut ? ref _leftOut : ref document.Records.Count == 0 ? ref _empty : ref change.IsNew ? ref _added : ref _updated;
            count++;
            Done_NeedsLock(document.Id, document.Bytes, outcome);
        }
    }

    public void Unchanged(string documentId, long bytes)
    {
        lock (_lock)
        {
            _unchanged++;
            Done_NeedsLock(documentId, bytes, "unchanged");
        }
    }

    public void Skipped(string documentId, long bytes)
    {
        lock (_lock)
        {
            _skipped++;
            Done_NeedsLock(documentId, bytes, "skipped");
        }
    }

    public void Failed(string documentId, long bytes, IngestionStage stage, Exception exception)
    {
        lock (_lock)
        {
            _failures.Add(new IngestionFailure { DocumentId = documentId, Stage = stage, Exception = exception });
            Done_NeedsLock(documentId, bytes, "failed");
        }
    }

    /// <summary>A document that was not in the folder any more could not be removed.</summary>
    public void NotRemoved(string documentId, Exception exception)
    {
        lock (_lock)
            _failures.Add(new IngestionFailure { DocumentId = documentId, Stage = IngestionStage.Remove, Exception = exception });
    }

    public void Removed(int chunks)
    {
        GenAIDiagnostics.DocumentDone("removed");
        lock (_lock)
        {
            _removed++;
            _chunksRemoved += chunks;
        }
    }

    public void NearDuplicate(NearDuplicate pair)
    {
        lock (_lock)
            _nearDuplicates.Add(pair);
    }

    public void Embedded(int texts) => Interlocked.Add(ref _chunksEmbedded, texts);

    public IngestionSummary Summary()
    {
        lock (_lock)
        {
            return new IngestionSummary
            {
                Added = _added,
                Updated = _updated,
                Unchanged = _unchanged,
                Removed = _removed,
                Empty = _empty,
                LeftOut = _leftOut,
                Skipped = _skipped,
                ChunksWritten = _chunksWritten,
                ChunksEmbedded = _chunksEmbedded,
                ChunksKept = _chunksKept,
                ChunksRemoved = _chunksRemoved,
                NearDuplicates = [.. _nearDuplicates],
                Failures = [.. _failures],
                Elapsed = Stopwatch.GetElapsedTime(_started),
            };
        }
    }

    // Reported under the lock, so that the numbers a progress bar sees never go back.
    private void Done_NeedsLock(string documentId, long length, string outcome)
    {
        GenAIDiagnostics.DocumentDone(outcome);
        if (outcome != "skipped")
            _present[documentId] = true;
        _done++;
        _bytesDone += length;
        progress?.Report(new IngestionProgress(_done, documents, _chunksWritten, documentId)
        {
            BytesDone = _bytesDone,
            BytesTotal = bytes,
            Elapsed = Stopwatch.GetElapsedTime(_started),
        });
        budget.Release(length);
    }
}
