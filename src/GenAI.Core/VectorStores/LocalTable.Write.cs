using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

/// <content>Writing: vectors first, while readers go on; then everything is put on view at once; then what it replaces is cleared away.</content>
internal sealed partial class LocalTable
{
    private bool _isClosedForWriting;

    /// <summary>Removes and puts in one step: no reader sees one without the other.</summary>
    /// <returns>A task that ends when the change is as durable as the store was asked to make it; at once for a table in memory.</returns>
    /// <exception cref="InvalidCastException">A key has another type than the collection's; nothing was changed.</exception>
    public ValueTask ApplyAsync(object[] removed, StagedBatch? batch)
    {
        if (Storage is { } storage)
            return ApplyDurablyAsync(storage, removed, batch);

        lock (_writing)
        {
            ThrowIfClosedForWriting();
            Apply_NeedsWriting(FindReplaced(removed, batch), batch);
        }

        return default;
    }

    /// <summary>Counts the writes that are on view.</summary>
    public long Version { get; private set; }

    /// <summary>Refuses every write from now on.</summary>
    public void CloseForWriting()
    {
        lock (_writing)
            _isClosedForWriting = true;
    }

    /// <summary>Refuses every write from now on: another collection takes this one's place.</summary>
    /// <param name="version">The version that it has.</param>
    /// <returns>Whether it had it.</returns>
    public bool TryCloseForWriting(long version)
    {
        lock (_writing)
            return _isClosedForWriting = Version == version;
    }

    /// <summary>Takes writes again.</summary>
    public void OpenForWriting()
    {
        lock (_writing)
            _isClosedForWriting = false;
    }

    private void ThrowIfClosedForWriting()
    {
        if (_isClosedForWriting)
            throw new InvalidOperationException($"The collection '{Name}' is being replaced by one with other embeddings. Write again when {nameof(LocalCollection<,>)}.{nameof(LocalCollection<object, object>.ReembedAsync)} has ended.");
    }

    private void Apply_NeedsWriting(HashSet<int> replaced, StagedBatch? batch)
    {
        try
        {
            var head = _head;
            var rows = batch is null ? [] : head.TakeRows(batch);
            head.BeginChange();
            try
            {
                head.PutVectors(batch, rows);
                PutOnView(replaced, batch, rows);
            }
            catch
            {
                head.GiveBack(rows);
                throw;
            }
            finally
            {
                head.ClearAway(_isDropped);
            }
        }
        catch (ObjectDisposedException) when (IsDropped)
        {
            throw Gone();
        }
    }

    private HashSet<int> FindReplaced(object[] removed, StagedBatch? batch)
    {
        var rows = new HashSet<int>();
        foreach (var key in removed)
        {
            if (TryFind_NeedsLock(key, out var row))
                rows.Add(row);
        }

        for (var record = 0; record < batch?.Count; record++)
        {
            if (TryFind_NeedsLock(batch.Keys[record], out var row))
                rows.Add(row);
        }

        return rows;
    }

    private void PutOnView(HashSet<int> replaced, StagedBatch? batch, long[] rows)
    {
        using (WriteLock())
        {
            Version++;
            foreach (var row in replaced)
            {
                var part = PartOf(row);
                part.Remove(row - part.First);
            }

            if (batch is not null)
                _head.Put_NeedsLock(batch, rows);
        }
    }
}
