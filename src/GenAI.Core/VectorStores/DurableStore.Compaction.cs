namespace GenAI.Core.VectorStores;

/// <content>Merging segments.</content>
internal sealed partial class DurableStore
{
    /// <summary>Merges the segments of every table into one without rows that are no more.</summary>
    public async Task CompactAsync(CancellationToken cancellationToken)
    {
        ThrowIfNotWritable();
        await _maintenance.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await CheckpointAsync(cancellationToken).ConfigureAwait(false);
            foreach (var table in _tables.Values)
            {
                var parts = Segments(table.Snapshot(freeze: false));
                if (parts.Count > 1 || (parts.Count == 1 && parts[0].Count < ((SegmentPart)parts[0].Part).Rows))
                    await MergeAsync(table, parts, cancellationToken).ConfigureAwait(false);
            }

            MaintenanceFault = null;
        }
        finally
        {
            _maintenance.Release();
        }
    }

    private async Task TryCompactAsync()
    {
        try
        {
            foreach (var table in _tables.Values)
            {
                while (CompactionPlan.Choose(Segments(table.Snapshot(freeze: false))) is { Count: > 0 } chosen)
                    await MergeAsync(table, chosen, _closing.Token).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            MaintenanceFault = error;
        }
    }

    /// <summary>Writes segments that stand one after the other as one. The caller holds <see cref="_maintenance"/>.</summary>
    private async Task MergeAsync(LocalTable table, IReadOnlyList<PartRows> old, CancellationToken cancellationToken)
    {
        var merged = WriteSegment(table, old, cancellationToken);
        (LocalTable, IReadOnlyList<PartRows>, SegmentPart?)[] written = [(table, old, merged)];
        try
        {
            // Rows that were left out because of a write have to be left out for good: the write is made durable first.
            await _log!.SyncAsync(cancellationToken).ConfigureAwait(false);
            await _manifestGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Abandon(written);
            throw;
        }

        try
        {
            var saved = table.Storage!.Saved;
            var segments = saved.Segments.ToList();
            var first = segments.FindIndex(rows => rows.Part == old[0].Part);
            segments.RemoveRange(first, old.Count);
            if (merged is not null)
                segments.Insert(first, new PartRows(merged));
            table.Storage.Pending = saved with { Segments = segments };
            SaveManifest_NeedsGate([table], [merged]);
        }
        finally
        {
            _manifestGate.Release();
        }

        foreach (var rows in old)
            ((SegmentPart)rows.Part).IsReplaced = true;
        table.Replace(old, merged);
    }

    private static List<PartRows> Segments(TableSnapshot snapshot) => [.. snapshot.Parts.Where(rows => rows.Part is SegmentPart)];
}
