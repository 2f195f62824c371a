using System.Diagnostics;
using GenAI.Core.Diagnostics;

namespace GenAI.Core.Ingestion;

/// <summary>The counts of one ingestion, shared by its workers.</summary>
internal sealed class IngestionRun(int? total, IProgress<IngestionProgress>? progress)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly List<IngestionFailure> _failures = [];
    private int _added;
    private int _updated;
    private int _unchanged;
    private int _empty;
    private int _skipped;
    private int _chunksWritten;
    private int _chunksRemoved;

    public void Written(string documentId, int written, int removed, bool isNew)
    {
        GenAIDiagnostics.ChunksWritten(written);
        lock (_lock)
        {
            _chunksWritten += written;
            _chunksRemoved += removed;
            if (written == 0)
                _empty++;
            else if (isNew)
                _added++;
            else
                _updated++;
            Done(documentId, written == 0 ? "empty" : isNew ? "added" : "updated");
        }
    }

    public void Unchanged(string documentId)
    {
        lock (_lock)
        {
            _unchanged++;
            Done(documentId, "unchanged");
        }
    }

    public void Skipped(string documentId)
    {
        lock (_lock)
        {
            _skipped++;
            Done(documentId, "skipped");
        }
    }

    public void Failed(string documentId, IngestionStage stage, Exception exception)
    {
        lock (_lock)
        {
            _failures.Add(new IngestionFailure { DocumentId = documentId, Stage = stage, Exception = exception });
            Done(documentId, "failed");
        }
    }

    public IngestionSummary Summary()
    {
        lock (_lock)
        {
            return new IngestionSummary
            {
                Added = _added,
                Updated = _updated,
                Unchanged = _unchanged,
                Empty = _empty,
                Skipped = _skipped,
                ChunksWritten = _chunksWritten,
                ChunksRemoved = _chunksRemoved,
                Failures = [.. _failures],
                Elapsed = Stopwatch.GetElapsedTime(_started),
            };
        }
    }

    // Reported under the lock, so that the numbers a progress bar sees never go back.
    private void Done(string documentId, string outcome)
    {
        GenAIDiagnostics.DocumentDone(outcome);
        progress?.Report(new IngestionProgress(_added + _updated + _unchanged + _empty + _skipped + _failures.Count, total, _chunksWritten, documentId));
    }
}
