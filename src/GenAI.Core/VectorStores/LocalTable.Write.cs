using System.Numerics;

namespace GenAI.Core.VectorStores;

/// <content>Writing: vectors first, while readers go on; then everything is put on view at once; then what it replaces is cleared away.</content>
internal sealed partial class LocalTable
{
    // An exact index makes searches wait while it is written to: so many vectors at once take it a millisecond or two.
    private const int SliceRows = 512;

    // Rows that are no longer live, or never came to be, but whose vectors may still be in the indexes.
    private readonly Stack<int> _leaving = new();

    // The live rows, those of a batch that is not on view yet and those that are leaving. Only writers look.
    private ulong[] _taken = [];
    private int _firstFreeWord;

    // While the indexes may have vectors of rows that are not live.
    private bool _isChanging;

    /// <summary>Removes and puts in one step: no reader sees one without the other.</summary>
    /// <exception cref="InvalidCastException">A key has another type than the collection's; nothing was changed.</exception>
    public void Apply(IEnumerable<object> removed, StagedBatch? batch)
    {
        lock (_writing)
        {
            try
            {
                var replaced = FindReplaced(removed, batch);
                var rows = batch is null ? [] : TakeRows(batch);
                Volatile.Write(ref _isChanging, true);
                try
                {
                    PutVectors(batch, rows);
                    PutOnView(replaced, batch, rows);
                }
                catch
                {
                    foreach (var row in rows)
                    {
                        if (row >= 0 && !IsLive((int)row))
                            _leaving.Push((int)row);
                    }

                    throw;
                }
                finally
                {
                    ClearAway();
                }
            }
            catch (ObjectDisposedException) when (Volatile.Read(ref _dropped))
            {
                throw Missing(Name, storeName: null);
            }
        }
    }

    private bool IsLive(int row) => row >> 6 < _live.Length && RowBits.Has(_live, row);

    private HashSet<int> FindReplaced(IEnumerable<object> removed, StagedBatch? batch)
    {
        var rows = new HashSet<int>();
        foreach (var key in removed)
        {
            if (_keys.TryFind(key, out var row))
                rows.Add(row);
        }

        for (var record = 0; record < batch?.Count; record++)
        {
            if (_keys.TryFind(batch.Keys[record], out var row))
                rows.Add(row);
        }

        return rows;
    }

    /// <summary>A row for each record; -1 for one whose key comes again, because of records with the same key the last one counts.</summary>
    private long[] TakeRows(StagedBatch batch)
    {
        var last = new Dictionary<object, int>(batch.Count);
        for (var record = 0; record < batch.Count; record++)
            last[batch.Keys[record]] = record;

        var rows = new long[batch.Count];
        for (var record = 0; record < batch.Count; record++)
            rows[record] = last[batch.Keys[record]] == record ? TakeRow() : -1;
        return rows;
    }

    // The lowest free row, so that rows stay dense and equal scores have the order in which records came.
    private int TakeRow()
    {
        while (_firstFreeWord < _taken.Length && _taken[_firstFreeWord] == ulong.MaxValue)
            _firstFreeWord++;
        if (_firstFreeWord == _taken.Length)
            Array.Resize(ref _taken, Math.Max(4, _taken.Length * 2));

        var row = _firstFreeWord * 64 + BitOperations.TrailingZeroCount(~_taken[_firstFreeWord]);
        RowBits.Add(_taken, row);
        return row;
    }

    private void PutVectors(StagedBatch? batch, long[] rows)
    {
        for (var vector = 0; vector < _vectors.Length; vector++)
        {
            var index = _vectors[vector];
            for (var record = 0; record < rows.Length;)
            {
                // Runs of records with vectors go in at once.
                var first = record;
                while (record < rows.Length && record - first < SliceRows && rows[record] >= 0 && batch!.HasVector[vector][record])
                    record++;
                if (record > first)
                    index.Upsert(rows.AsSpan(first, record - first), batch!.Vectors[vector].AsSpan(first * index.Dimensions, (record - first) * index.Dimensions));
                else
                    record++;
            }
        }
    }

    private void PutOnView(HashSet<int> replaced, StagedBatch? batch, long[] rows)
    {
        using (WriteLock())
        {
            foreach (var row in replaced)
            {
                _keys.Remove(row);
                for (var i = 0; i < _columns.Length; i++)
                {
                    _columns[i].Remove(row);
                    _texts[i]?.Remove(row);
                }

                RowBits.Remove(_live, row);
                _leaving.Push(row);
            }

            if (_live.Length < _taken.Length)
                Array.Resize(ref _live, _taken.Length);
            for (var record = 0; record < rows.Length; record++)
            {
                if (rows[record] >= 0)
                    Put_NeedsLock(batch!, record, (int)rows[record]);
            }
        }
    }

    private void Put_NeedsLock(StagedBatch batch, int record, int row)
    {
        _keys.Add(batch.Keys[record], row);
        var values = batch.DataOf(record);
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i].EnsureCapacity(row + 1);
            _columns[i].Put(row, values[i]);
            PutText_NeedsLock(i, row, batch.Texts[i]?[record]);
        }

        RowBits.Add(_live, row);
    }

    private void ClearAway()
    {
        while (!Volatile.Read(ref _dropped) && _leaving.TryPeek(out var row))
        {
            foreach (var vector in _vectors)
                vector.Remove(row);
            RowBits.Remove(_taken, row);
            _firstFreeWord = Math.Min(_firstFreeWord, row >> 6);
            _leaving.Pop();
        }

        Volatile.Write(ref _isChanging, false);
    }
}
