using GenAI.Core.Storage;

namespace GenAI.Core.VectorStores;

/// <content>Moving what is in memory and in the log into segments.</content>
internal sealed partial class DurableStore
{
    // Writers wait when memory holds this many times what a checkpoint is due at.
    private const int MostCheckpointsBehind = 3;

    // LogBytes when the last checkpoint froze the tables.
    private long _frozenAt;
    private long _nextCheckpointAt;
    private Task _background = Task.CompletedTask;
    private int _isBackgroundRunning;

    /// <summary>Why the last checkpoint or compaction in the background failed; null if it did not. It is tried again when as much again was written.</summary>
    public Exception? MaintenanceFault { get; private set; }

    /// <summary>Bytes of log that are not in segments yet.</summary>
    private long TailBytes => _folder.Counters.LogBytes - Interlocked.Read(ref _frozenAt);

    /// <summary>Waits where checkpoints do not keep up with what is written.</summary>
    public async ValueTask MakeRoomAsync()
    {
        if (TailBytes < MostCheckpointsBehind * _options.CheckpointBytes || Volatile.Read(ref _isBackgroundRunning) == 0)
            return;
        await Volatile.Read(ref _background).ConfigureAwait(false);
    }

    /// <summary>Makes a checkpoint now.</summary>
    public async Task CheckpointNowAsync()
    {
        await _maintenance.WaitAsync().ConfigureAwait(false);
        try
        {
            await CheckpointAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _maintenance.Release();
        }
    }

    private void CheckpointIfDue()
    {
        if (_folder.Counters.LogBytes < Math.Max(Interlocked.Read(ref _nextCheckpointAt), Interlocked.Read(ref _frozenAt) + _options.CheckpointBytes)
            || Interlocked.CompareExchange(ref _isBackgroundRunning, 1, 0) != 0)
            return;
        Volatile.Write(ref _background, Task.Run(MaintainAsync));
    }

    private async Task MaintainAsync()
    {
        try
        {
            await _maintenance.WaitAsync(_closing.Token).ConfigureAwait(false);
            try
            {
                if (await TryCheckpointAsync().ConfigureAwait(false))
                    await TryCompactAsync().ConfigureAwait(false);
            }
            finally
            {
                _maintenance.Release();
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The store is being closed.
        }
        finally
        {
            Volatile.Write(ref _isBackgroundRunning, 0);
        }
    }

    private async Task<bool> TryCheckpointAsync()
    {
        try
        {
            await CheckpointAsync(CancellationToken.None).ConfigureAwait(false);
            MaintenanceFault = null;
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Nothing is lost: the log has everything. Memory keeps what could not be written, and the next checkpoint takes it along.
            MaintenanceFault = error;
            Interlocked.Exchange(ref _nextCheckpointAt, _folder.Counters.LogBytes + _options.CheckpointBytes);
            return false;
        }
    }

    /// <summary>Writes what is in memory as segments and lets the log begin behind it. The caller holds <see cref="_maintenance"/>.</summary>
    private async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        ThrowIfNotWritable();
        _log!.Rotate();
        Interlocked.Exchange(ref _frozenAt, _folder.Counters.LogBytes);
        var work = _tables.Values.Select(table => (Table: table, Snapshot: table.Snapshot(freeze: true))).ToArray();
        var written = new List<(LocalTable Table, IReadOnlyList<PartRows> Old, SegmentPart? New)>();
        try
        {
            foreach (var (table, snapshot) in work)
            {
                PartRows[] loose = [.. snapshot.Parts.Where(rows => rows.Part is not SegmentPart)];
                if (loose.Length > 0)
                    written.Add((table, loose, WriteSegment(table, loose, cancellationToken)));
            }

            await _log.SyncAsync(cancellationToken).ConfigureAwait(false);
            await _manifestGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Abandon(written);
            throw;
        }

        try
        {
            foreach (var (table, snapshot) in work)
                table.Storage!.Pending = new SavedTable(snapshot.Sequence, SegmentsOf(snapshot, written.Find(entry => entry.Table == table).New));
            SaveManifest_NeedsGate(work.Select(entry => entry.Table), written.Select(entry => entry.New));
        }
        finally
        {
            _manifestGate.Release();
        }

        foreach (var (table, old, segment) in written)
            table.Replace(old, segment);
        _log.DeleteThrough(_manifest.CheckpointSequence);
    }

    /// <summary>Writes a manifest with what is pending of some tables.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="added">Segments that it names and none before did.</param>
    private void SaveManifest_NeedsGate(IEnumerable<LocalTable> tables, IEnumerable<SegmentPart?> added)
    {
        try
        {
            WriteManifest_NeedsGate(_tables.Values);
            foreach (var table in tables)
                table.Storage!.Accept();
        }
        catch
        {
            // It may be on the disk all the same: the files that it names stay. The next open deletes those that none names.
            foreach (var table in tables)
                table.Storage!.Pending = null;
            foreach (var segment in added)
                segment?.Dispose();
            throw;
        }
    }

    /// <summary>Writes rows as a segment; null if there are none.</summary>
    private SegmentPart? WriteSegment(LocalTable table, IReadOnlyList<PartRows> rows, CancellationToken cancellationToken)
    {
        if (rows.All(part => part.Count == 0))
            return null;
        var name = StorageNames.Segment(Interlocked.Increment(ref _nextFile) - 1);
        return SegmentPart.Write(_folder, name, table.Schema, _options.Indexing, rows, cancellationToken);
    }

    private static List<PartRows> SegmentsOf(TableSnapshot snapshot, SegmentPart? added)
    {
        var segments = snapshot.Parts.Where(rows => rows.Part is SegmentPart).ToList();
        if (added is not null)
            segments.Add(new PartRows(added));
        return segments;
    }

    // Files that no manifest names.
    private static void Abandon(IEnumerable<(LocalTable Table, IReadOnlyList<PartRows> Old, SegmentPart? New)> written)
    {
        foreach (var (_, _, segment) in written)
        {
            if (segment is null)
                continue;
            segment.IsReplaced = true;
            segment.Dispose();
        }
    }
}
