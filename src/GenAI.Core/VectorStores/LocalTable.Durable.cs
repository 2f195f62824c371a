namespace GenAI.Core.VectorStores;

/// <content>Tables that are stored: writing through the log, replay, and parts that others take the place of.</content>
internal sealed partial class LocalTable
{
    /// <summary>The bytes of vectors and values that were written to the table since it was opened.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Puts the segments of a table that is opened before its head.</summary>
    public void Attach(IReadOnlyList<SegmentPart> segments)
    {
        using (WriteLock())
        {
            foreach (var segment in segments)
                AddIndexes_NeedsLock(segment);
            SetParts_NeedsLock([.. segments, _head]);
        }
    }

    /// <summary>Applies a record of the log.</summary>
    /// <exception cref="InvalidDataException">It is not a record of this table.</exception>
    public void Replay(ReadOnlySpan<byte> record)
    {
        var (removed, batch) = BatchRecord.Read(record, _head);
        lock (_writing)
            Apply_NeedsWriting(FindReplaced(removed, batch), batch);
    }

    /// <summary>What the table's parts are now.</summary>
    /// <param name="freeze">Whether to begin a new head first, so that everything is in the snapshot.</param>
    public TableSnapshot Snapshot(bool freeze)
    {
        lock (_writing)
        {
            var sequence = Storage!.LastSequence;
            if (freeze && _head.Top > 0)
            {
                using (WriteLock())
                {
                    _head.Seal();
                    var head = NewHead();
                    SetParts_NeedsLock([.. _parts, head]);
                    Volatile.Write(ref _head, head);
                }
            }

            return new TableSnapshot(sequence, [.. _parts[..^1].Select(part => new PartRows(part))]);
        }
    }

    /// <summary>Puts a part with the same rows in the place of parts that stand one after the other. What was removed from them since is removed from it. They are released.</summary>
    /// <param name="old">The parts, with the rows that were taken over.</param>
    /// <param name="replacement">The part that has these rows; null if there were none.</param>
    public void Replace(IReadOnlyList<PartRows> old, SegmentPart? replacement)
    {
        lock (_writing)
        {
            using (WriteLock())
            {
                if (replacement is not null)
                {
                    AddIndexes_NeedsLock(replacement);
                    RemoveAlso_NeedsLock(old, replacement);
                }

                var first = Array.IndexOf(_parts, old[0].Part);
                SetParts_NeedsLock([.. _parts[..first], .. replacement is null ? Array.Empty<TablePart>() : [replacement], .. _parts[(first + old.Count)..]]);
            }
        }

        foreach (var rows in old)
            rows.Part.Dispose();
    }

    /// <summary>How large the table is.</summary>
    public StoredCollectionStatistics StoredStatistics()
    {
        using (ReadLock())
        {
            var segments = _parts.OfType<SegmentPart>().ToArray();
            return new StoredCollectionStatistics(Name)
            {
                Records = Count_NeedsLock,
                RecordsInMemory = Count_NeedsLock - segments.Sum(segment => (long)segment.Count),
                DeletedRows = segments.Sum(segment => (long)(segment.Rows - segment.Count)),
                Segments = segments.Length,
                SegmentBytes = segments.Sum(segment => segment.File.Length),
            };
        }
    }

    private static void RemoveAlso_NeedsLock(IReadOnlyList<PartRows> old, SegmentPart replacement)
    {
        var next = 0;
        foreach (var rows in old)
        {
            var (part, live) = (rows.Part, rows.Live);
            for (var row = 0; row < live.Length * 64; row++)
            {
                if (!RowBits.Has(live, row))
                    continue;
                if (!part.IsLive(row))
                    replacement.Remove(next);
                next++;
            }
        }
    }

    private void SetParts_NeedsLock(TablePart[] parts)
    {
        var first = 0;
        foreach (var part in parts)
        {
            part.First = first;
            first += part.Words * 64;
        }

        _parts = parts;
    }

    private async ValueTask ApplyDurablyAsync(TableStorage storage, object[] removed, StagedBatch? batch)
    {
        await storage.MakeRoomAsync().ConfigureAwait(false);
        using var record = BatchRecord.Write(Name, removed, batch, Volatile.Read(ref _head));
        Task durable;
        lock (_writing)
        {
            if (IsDropped)
                throw Gone();
            ThrowIfClosedForWriting();
            var replaced = FindReplaced(removed, batch);
            if (replaced.Count == 0 && batch is null)
                return;

            // From here on the record is in the log; its way to the disk and what is done in memory overlap.
            durable = storage.Append(record.Written.Span);
            BytesReceived += record.Written.Length;
            try
            {
                Apply_NeedsWriting(replaced, batch);
            }
            catch (Exception error)
            {
                // The log has what memory has not: only opening the store again makes them agree.
                storage.Fail(error);
                throw;
            }
        }

        await durable.ConfigureAwait(false);
    }
}
