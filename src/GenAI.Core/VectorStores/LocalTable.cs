using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using GenAI.Core.Indexing;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.VectorStores;

/// <summary>The rows of one collection, column by column.</summary>
/// <remarks>
/// Many readers, one writer: readers hold <see cref="ReadLock"/> for as long as they look at rows, so that both arms of a hybrid
/// search and the records they return are of one state; a batch is put on view in one writer section. Every write of a record takes a
/// new row, so that its vector can go into an index before that, while readers go on: they do not see rows that are not live.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The lock makes handles only where threads wait, and those are safe handles; a table goes when the last collection lets go of it.")]
internal sealed partial class LocalTable
{
    private readonly Lock _writing = new();
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly KeyMap _keys;
    private readonly Column[] _columns;
    private readonly VectorIndex[] _vectors;
    private readonly KeywordIndex?[] _texts;
    private ulong[] _live = [];
    private bool _dropped;

    public LocalTable(string name, LocalSchema schema, DynamicIndexOptions? indexing = null)
    {
        Name = name;
        Schema = schema;
        _keys = ColumnTypes.CreateKeys(schema.Key);
        _columns = [.. schema.Data.Select(ColumnTypes.Create)];
        _vectors = [.. schema.Vectors.Select(vector => vector.CreateIndex(indexing))];
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

        lock (_writing)
        {
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
    }

    public Held ReadLock()
    {
        _gate.EnterReadLock();
        return Check(new Held(_gate, write: false));
    }

    private Held WriteLock()
    {
        _gate.EnterWriteLock();
        return Check(new Held(_gate, write: true));
    }

    private Held Check(Held held)
    {
        if (!_dropped)
            return held;
        held.Dispose();
        throw Missing(Name, storeName: null);
    }

    /// <summary>Whether the collection was deleted.</summary>
    public bool IsDropped => Volatile.Read(ref _dropped);

    /// <summary>Releases the indexes of a collection that was deleted. Searches that run are finished first; whoever comes later is told that there is no collection.</summary>
    public void Drop()
    {
        using (WriteLock())
        {
            Volatile.Write(ref _dropped, true);
            foreach (var vector in _vectors)
                vector.Dispose();
            foreach (var text in _texts)
                text?.Dispose();
        }
    }

    public static VectorStoreException Missing(string name, string? storeName) =>
        new($"The collection '{name}' does not exist. Call EnsureCollectionExistsAsync first.")
        {
            VectorStoreSystemName = LocalVectorStore.SystemName,
            VectorStoreName = storeName,
            CollectionName = name,
        };

    /// <summary>The column of a number; <see cref="ColumnNode.Key"/> is the key's.</summary>
    public Column ColumnOf(int number) => number == ColumnNode.Key ? _keys.Column : _columns[number];

    public void NarrowByColumn_NeedsLock(int number, ValueTest test, object?[] parameters, Span<ulong> rows)
    {
        if (number == ColumnNode.Key)
            _keys.Narrow(test, parameters, rows);
        else
            _columns[number].Narrow(test, parameters, rows);
    }

    /// <summary>What is stored, with the vectors under the names that a record type has for them.</summary>
    public LocalCollectionStatistics Statistics_NeedsLock(IReadOnlyList<VectorField> fields, int[] columns) =>
        new(_keys.Count, [.. fields.Select((field, i) => new LocalVectorStatistics(field.Name, Schema.Vectors[columns[i]].Kind, _vectors[columns[i]]))]);

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
