namespace GenAI.Core.Indexing;

internal sealed unsafe partial class GraphIndex
{
    // The centre of distances is taken from so many vectors of the first batch.
    private const int CentreRows = 10_000;

    private void Put_NeedsLock(GraphBatch batch)
    {
        var (before, version) = (_state, _state.Version + 1);
        var used = before.Rows;
        for (var i = 0; i < batch.Count; i++)
            batch.Rows[i] = _free.TryPop(out var row) ? row : used++;
        if (before.Rows == 0)
            _codes.CentreOn(batch, Math.Min(batch.Count, CentreRows));

        int[] entries;
        try
        {
            InParallel_NeedsLock(batch.Count, Threads, (i, scratch) => Store(batch, i, version, scratch));
            _linking = true;
            entries = Link_NeedsLock(batch, before);
        }
        catch (Exception exception)
        {
            Abandon_NeedsLock(batch, before, version, used);
            if (exception.GetBaseException() is OutOfMemoryException)
                throw NoMemory(used, exception);
            throw;
        }

        var replaced = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var (id, row) = (batch.Id(i), batch.Rows[i]);
            if (_ids.TryGet(id, out var old))
            {
                Volatile.Write(ref _rows.InfoOf(row).Previous, old);
                if (_rows.InfoOf(old).Died == GraphRowInfo.Alive)
                {
                    Volatile.Write(ref _rows.InfoOf(old).Died, version);
                    _removed.Add(old);
                    replaced++;
                }
            }

            _ids.Set(id, row);
        }

        Publish_NeedsLock(before with { Version = version, Count = before.Count + batch.Count - replaced, Rows = used, Removed = before.Removed + replaced, Entries = entries });
        _linking = false;
        RepairIfDue_NeedsLock();
        if (_state.Count <= GraphAudit.MostRows && _state.Count >= 2 * Math.Max(_audited, GraphAudit.FewestRows / 2))
        {
            var scratch = _readers.Take(_state.Version);
            Publish_NeedsLock(_state with { Breadth = GraphAudit.Breadth(_rows, _codes, _state, scratch, (ulong)_options.Seed) });
            TakeBack(scratch);
            _audited = _state.Count;
        }
    }

    /// <summary>
    /// Makes the rows of a batch that could not be linked ones that were removed, because others may lead to them already. The index is
    /// as it was, but for a few links.
    /// </summary>
    private void Abandon_NeedsLock(in GraphBatch batch, GraphState before, long version, int used)
    {
        var mayBeLinked = before.Entries.Length > 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var row = batch.Rows[i];
            _originals.TryRemove(row, out _);
            _rows.LinksOf(row)[0] = GraphRows.NoLink;
            _rows.InfoOf(row) = new GraphRowInfo { Id = batch.Id(i), Born = version, Died = version, Children = GraphRowInfo.Outside, Previous = -1 };
            if (mayBeLinked)
                _removed.Add(row);
            else
                _waiting.Enqueue((row, version));
        }

        Publish_NeedsLock(before with { Version = version, Rows = used, Removed = before.Removed + (mayBeLinked ? batch.Count : 0) });
        _linking = false;
    }

    private void Store(in GraphBatch batch, int place, long version, GraphScratch scratch)
    {
        var row = batch.Rows[place];
        var vector = batch.Vector(place, Dimensions);
        var stored = new Span<float>(_rows.VectorOf(row), Dimensions);
        var factor = 1f;
        vector.CopyTo(stored);
        if (Metric == VectorMetric.Cosine)
        {
            var length = VectorNorm.Check(vector, Metric, out _);
            if (length is > VectorNorm.Shortest and < VectorNorm.Longest)
            {
                factor = (float)(1 / length);
            }
            else
            {
                _originals[row] = vector.ToArray();
                Scale(vector, length, stored);
            }
        }

        _codes.Encode(vector, scratch.Rotated, _rows.Upper[row], _rows.Lower[row], _rows.Signs is null ? null : _rows.Signs[row]);
        _rows.LinksOf(row)[0] = GraphRows.NoLink;
        _rows.InfoOf(row) = new GraphRowInfo
        {
            Id = batch.Id(place),
            Born = version,
            Died = GraphRowInfo.Alive,
            Factor = factor,
            Children = GraphRowInfo.Outside,
            Previous = -1,
        };
    }

    /// <summary>Links the rows of a batch, in rounds that at most double the graph, so that each finds enough of the ones before it.</summary>
    private int[] Link_NeedsLock(GraphBatch batch, GraphState before)
    {
        var entries = before.Entries;
        var done = 0;
        if (entries.Length == 0)
        {
            _builder.Root(batch.Rows[0]);
            entries = [batch.Rows[0]];
            done = 1;
        }

        var linked = before.Count + before.Removed + done;
        while (done < batch.Count)
        {
            var (first, round, from) = (done, Math.Min(batch.Count - done, Math.Max(1, linked)), entries);
            InParallel_NeedsLock(round, Threads, (i, scratch) => _builder.Insert(batch.Rows[first + i], scratch, from));
            done += round;
            linked += round;
            entries = _entries.Grow(entries, batch, done, linked);
        }

        return entries;
    }

    private static void Scale(ReadOnlySpan<float> vector, double length, Span<float> unit)
    {
        for (var i = 0; i < vector.Length; i++)
            unit[i] = (float)(vector[i] / length);
    }
}
