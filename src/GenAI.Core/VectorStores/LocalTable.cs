using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

/// <summary>The rows of one collection, column by column.</summary>
/// <remarks>
/// Many readers, one writer: readers hold <see cref="ReadLock"/> for as long as they look at rows, so that both arms of a hybrid
/// search and the records they return are of one state; a batch is applied in one writer section.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The lock makes handles only where threads wait, and those are safe handles; a table goes when the last collection lets go of it.")]
internal sealed partial class LocalTable
{
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly KeyMap _keys;
    private readonly Column[] _columns;
    private readonly VectorIndex[] _vectors;
    private readonly KeywordIndex?[] _texts;
    private ulong[] _live = [];
    private int _firstFreeWord;

    public LocalTable(string name, LocalSchema schema)
    {
        Name = name;
        Schema = schema;
        _keys = ColumnTypes.CreateKeys(schema.Key);
        _columns = [.. schema.Data.Select(ColumnTypes.Create)];
        _vectors = [.. schema.Vectors.Select(vector => VectorIndex.CreateExact(vector.Dimensions, vector.Distance.Metric))];
        _texts = new KeywordIndex?[_columns.Length];
        AddIndexes(schema, [.. Enumerable.Range(0, _columns.Length)]);
    }

    public string Name { get; }

    public LocalSchema Schema { get; }

    private int Words => _live.Length;

    /// <summary>Adds the indexes that a schema asks for and the table does not have yet.</summary>
    public void AddIndexes(LocalSchema schema, int[] columns)
    {
        // Most often there is nothing to add, and readers need not wait.
        using (ReadLock())
        {
            var missing = false;
            for (var i = 0; i < columns.Length; i++)
                missing |= (schema.Data[i].IsIndexed && !_columns[columns[i]].IsIndexed) || (schema.Data[i].IsFullTextIndexed && _texts[columns[i]] is null);
            if (!missing)
                return;
        }

        using (WriteLock())
        {
            for (var i = 0; i < schema.Data.Count; i++)
            {
                var column = columns[i];
                if (schema.Data[i].IsIndexed)
                    _columns[column].EnsureIndexed();
                if (schema.Data[i].IsFullTextIndexed && _texts[column] is null)
                    _texts[column] = IndexText_NeedsLock(_columns[column]);
            }
        }
    }

    public Held ReadLock()
    {
        _gate.EnterReadLock();
        return new Held(_gate, write: false);
    }

    private Held WriteLock()
    {
        _gate.EnterWriteLock();
        return new Held(_gate, write: true);
    }

    /// <summary>Removes and puts in one step: no reader sees one without the other.</summary>
    public void Apply(IEnumerable<object> removed, StagedBatch? batch)
    {
        using (WriteLock())
        {
            foreach (var key in removed)
            {
                if (_keys.TryFind(key, out var row))
                    Remove_NeedsLock(row);
            }

            if (batch is null)
                return;

            // Of records with the same key the last one counts.
            var last = new Dictionary<object, int>(batch.Count);
            for (var record = 0; record < batch.Count; record++)
                last[batch.Keys[record]] = record;

            var rows = new long[batch.Count];
            for (var record = 0; record < batch.Count; record++)
                rows[record] = last[batch.Keys[record]] == record ? Put_NeedsLock(batch, record) : -1;

            for (var vector = 0; vector < _vectors.Length; vector++)
                PutVectors_NeedsLock(vector, batch, rows);
        }
    }

    /// <summary>The column of a number; <see cref="ColumnNode.Key"/> is the key's.</summary>
    public Column ColumnOf(int number) => number == ColumnNode.Key ? _keys.Column : _columns[number];

    public void NarrowByColumn_NeedsLock(int number, ValueTest test, object?[] parameters, Span<ulong> rows)
    {
        if (number == ColumnNode.Key)
            _keys.Narrow(test, parameters, rows);
        else
            _columns[number].Narrow(test, parameters, rows);
    }

    public bool TryFind_NeedsLock(object key, out int row) => _keys.TryFind(key, out row);

    public object KeyOf_NeedsLock(int row) => _keys[row];

    public object? ValueOf_NeedsLock(int column, int row) => _columns[column].Get(row);

    public float[]? VectorOf_NeedsLock(int vector, int row)
    {
        var copy = new float[_vectors[vector].Dimensions];
        return _vectors[vector].TryCopyVector(row, copy) ? copy : null;
    }

    /// <summary>The rows that pass a filter, or all, as a bitmap in pooled memory.</summary>
    public RowSet Select_NeedsLock(FilterNode? filter, object?[] parameters)
    {
        var set = new RowSet(Words);
        try
        {
            _live.CopyTo(set.Bits);
            filter?.Narrow(this, parameters, set.Bits);
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    private int Put_NeedsLock(StagedBatch batch, int record)
    {
        if (_keys.TryFind(batch.Keys[record], out var row))
        {
            for (var i = 0; i < _columns.Length; i++)
                _columns[i].Remove(row);
        }
        else
        {
            row = TakeRow_NeedsLock();
            _keys.Add(batch.Keys[record], row);
        }

        var values = batch.DataOf(record);
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i].EnsureCapacity(row + 1);
            _columns[i].Put(row, values[i]);
            PutText_NeedsLock(i, row, batch.Texts[i]?[record]);
        }

        return row;
    }

    private void PutVectors_NeedsLock(int vector, StagedBatch batch, long[] rows)
    {
        var index = _vectors[vector];
        for (var record = 0; record < rows.Length;)
        {
            // Runs of records with vectors go in at once; the index writes under one lock.
            var first = record;
            while (record < rows.Length && rows[record] >= 0 && batch.HasVector[vector][record])
                record++;
            if (record > first)
                index.Upsert(rows.AsSpan(first, record - first), batch.Vectors[vector].AsSpan(first * index.Dimensions, (record - first) * index.Dimensions));
            else if (rows[record++] is >= 0 and var bare)
                index.Remove(bare);
        }
    }

    private void Remove_NeedsLock(int row)
    {
        _keys.Remove(row);
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i].Remove(row);
            _texts[i]?.Remove(row);
        }

        foreach (var vector in _vectors)
            vector.Remove(row);

        RowBits.Remove(_live, row);
        _firstFreeWord = Math.Min(_firstFreeWord, row >> 6);
    }

    // The lowest free row, so that rows stay dense and equal scores keep the order in which records came.
    private int TakeRow_NeedsLock()
    {
        while (_firstFreeWord < _live.Length && _live[_firstFreeWord] == ulong.MaxValue)
            _firstFreeWord++;
        if (_firstFreeWord == _live.Length)
            Array.Resize(ref _live, Math.Max(4, _live.Length * 2));

        var row = _firstFreeWord * 64 + BitOperations.TrailingZeroCount(~_live[_firstFreeWord]);
        RowBits.Add(_live, row);
        return row;
    }

    /// <summary>A lock that is held until this is disposed of.</summary>
    internal readonly ref struct Held(ReaderWriterLockSlim gate, bool write)
    {
        public void Dispose()
        {
            if (write)
                gate.ExitWriteLock();
            else
                gate.ExitReadLock();
        }
    }

    /// <summary>A set of rows in pooled memory.</summary>
    internal sealed class RowSet(int words) : IDisposable
    {
        private readonly ulong[] _rented = ArrayPool<ulong>.Shared.Rent(words);

        public Span<ulong> Bits => _rented.AsSpan(0, words);

        public ReadOnlyMemory<ulong> Memory => _rented.AsMemory(0, words);

        public void Dispose() => ArrayPool<ulong>.Shared.Return(_rented);
    }
}
