using System.Numerics;

namespace GenAI.Core.VectorStores;

/// <summary>The part of a table that is written to. Vectors are put first, while readers go on; then everything is put on view at once; then what it replaces is cleared away.</summary>
/// <remarks>One writer at a time, which the table sees to; what readers look at changes under the table's lock only.</remarks>
internal sealed class TableHead : TablePart
{
    // An exact index makes searches wait while it is written to: so many vectors at once take it a millisecond or two.
    private const int SliceRows = 512;

    // Rows that are no longer live, or never came to be, but whose vectors may still be in the indexes.
    private readonly Stack<int> _leaving = new();
    private readonly bool _usesRowsAgain;

    // The live rows, those of a batch that is not on view yet and those that are leaving. Only writers look.
    private ulong[] _taken = [];
    private int _firstFreeWord;
    private int _top;

    // While the indexes may have vectors of rows that are not live.
    private bool _isChanging;
    private bool _isSealed;

    /// <param name="schema">The columns.</param>
    /// <param name="indexing">Options of the vector indexes.</param>
    /// <param name="usesRowsAgain">Whether rows that are removed are given out again. Where they are not, rows have the order in which they were written.</param>
    public TableHead(LocalSchema schema, Indexing.DynamicIndexOptions? indexing, bool usesRowsAgain)
        : base(
            ColumnTypes.CreateKeys(schema.Key),
            [.. schema.Data.Select(ColumnTypes.Create)],
            [.. schema.Vectors.Select(vector => vector.CreateIndex(indexing))],
            new PartPostings?[schema.Data.Count],
            rows: 0,
            live: []) => _usesRowsAgain = usesRowsAgain;

    public override bool HasOthers => HasDead || Volatile.Read(ref _isChanging);

    /// <summary>Says that nothing more will be put here.</summary>
    public void Seal() => _isSealed = true;

    /// <summary>The number of rows given out, those that were removed included.</summary>
    public int Top => _top;

    /// <summary>A row for each record; -1 for one whose key comes again, because of records with the same key the last one counts.</summary>
    public long[] TakeRows(StagedBatch batch)
    {
        var last = new Dictionary<object, int>(batch.Count);
        for (var record = 0; record < batch.Count; record++)
            last[batch.Keys[record]] = record;

        var rows = new long[batch.Count];
        for (var record = 0; record < batch.Count; record++)
            rows[record] = last[batch.Keys[record]] == record ? TakeRow() : -1;
        return rows;
    }

    public void BeginChange() => Volatile.Write(ref _isChanging, true);

    public void PutVectors(StagedBatch? batch, long[] rows)
    {
        for (var vector = 0; vector < Vectors.Length; vector++)
        {
            var index = Vectors[vector];
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

    public void Put_NeedsLock(StagedBatch batch, long[] rows)
    {
        EnsureWords(_taken.Length);
        for (var record = 0; record < rows.Length; record++)
        {
            if (rows[record] >= 0)
                Put_NeedsLock(batch, record, (int)rows[record]);
        }
    }

    public override void Remove(int row)
    {
        if (_isSealed)
        {
            base.Remove(row);
            return;
        }

        Keys.Remove(row);
        for (var i = 0; i < Columns.Length; i++)
        {
            Columns[i].Remove(row);
            Texts[i]?.Index!.Remove(row);
        }

        SetDead(row);
        _leaving.Push(row);
    }

    /// <summary>Gives back the rows of a batch that did not come on view.</summary>
    public void GiveBack(long[] rows)
    {
        foreach (var row in rows)
        {
            if (row >= 0 && !IsLive((int)row))
                _leaving.Push((int)row);
        }
    }

    /// <summary>Takes the vectors of rows that are no more out of the indexes.</summary>
    /// <param name="isDropped">Asked before each; whether the indexes are gone.</param>
    public void ClearAway(Func<bool> isDropped)
    {
        while (!isDropped() && _leaving.TryPeek(out var row))
        {
            foreach (var vector in Vectors)
                vector.Remove(row);
            if (_usesRowsAgain)
            {
                RowBits.Remove(_taken, row);
                _firstFreeWord = Math.Min(_firstFreeWord, row >> 6);
            }

            _leaving.Pop();
        }

        Volatile.Write(ref _isChanging, false);
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
        _top = Math.Max(_top, row + 1);
        return row;
    }

    private void Put_NeedsLock(StagedBatch batch, int record, int row)
    {
        Keys.Add(batch.Keys[record], row);
        var values = batch.DataOf(record);
        for (var i = 0; i < Columns.Length; i++)
        {
            Columns[i].EnsureCapacity(row + 1);
            Columns[i].Put(row, values[i]);
            PutText_NeedsLock(i, row, batch.Texts[i]?[record]);
        }

        SetLive(row);
    }

    private void PutText_NeedsLock(int column, int row, Indexing.AnalyzedText? text)
    {
        if (Texts[column]?.Index is not { } index)
            return;
        if (text is not null)
            index.Upsert(row, text);
        else if (Columns[column].Get(row) is string late)
            index.Upsert(row, late); // Staged before the column was indexed.
        else
            index.Remove(row);
    }
}
