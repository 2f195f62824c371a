using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.VectorStores;

/// <summary>The rows of one collection, column by column: those of its segments, if it has any, and then those that are in memory.</summary>
/// <remarks>
/// Many readers, one writer: readers hold <see cref="ReadLock"/> for as long as they look at rows, so that both arms of a hybrid
/// search and the records they return are of one state; a batch is put on view in one writer section. Every write of a record takes a
/// new row, so that its vector can go into an index before that, while readers go on: they do not see rows that are not live. A row's number is
/// good for as long as the lock is held: parts that are written anew move the rows behind them.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The lock makes handles only where threads wait, and those are safe handles; a table goes when the last collection lets go of it.")]
internal sealed partial class LocalTable
{
    private readonly Lock _writing = new();
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly DynamicIndexOptions? _indexing;
    private readonly Func<bool> _isDropped;

    // In order of their rows; the last one is the head, which is written to.
    private TablePart[] _parts;
    private TableHead _head;
    private LocalSchema _schema;
    private IReadOnlyList<EmbedderFingerprint?> _embedders;
    private bool _dropped;

    /// <param name="name">The collection's name.</param>
    /// <param name="schema">Its columns.</param>
    /// <param name="indexing">Options of its vector indexes.</param>
    /// <param name="storage">Where it is stored; null for one in memory.</param>
    public LocalTable(string name, LocalSchema schema, DynamicIndexOptions? indexing = null, TableStorage? storage = null)
    {
        Name = name;
        (_schema, _indexing, Storage) = (schema, indexing, storage);
        _isDropped = () => Volatile.Read(ref _dropped);
        _embedders = new EmbedderFingerprint?[schema.Vectors.Count];
        _head = NewHead();
        _parts = [_head];
    }

    public string Name { get; set; }

    /// <summary>The columns, with the indexes that any record type has asked for.</summary>
    public LocalSchema Schema => Volatile.Read(ref _schema);

    /// <summary>Where the table is stored; null for one in memory.</summary>
    public TableStorage? Storage { get; }

    /// <summary>For each vector column what made its vectors, where that is known.</summary>
    public IReadOnlyList<EmbedderFingerprint?> Embedders { get => Volatile.Read(ref _embedders); set => Volatile.Write(ref _embedders, value); }

    /// <summary>The number of records.</summary>
    public int Count_NeedsLock
    {
        get
        {
            var count = 0;
            foreach (var part in _parts)
                count += part.Count;
            return count;
        }
    }

    private int Words => _head.First / 64 + _head.Words;

    /// <summary>Adds the indexes that a schema asks for and the table does not have yet.</summary>
    public void AddIndexes(LocalSchema schema, int[] columns)
    {
        // Most often there is nothing to add, and readers need not wait.
        using (ReadLock())
        {
            var missing = false;
            foreach (var part in _parts)
            {
                for (var i = 0; i < columns.Length; i++)
                    missing |= (schema.Data[i].IsIndexed && !part.Columns[columns[i]].IsIndexed) || (schema.Data[i].IsFullTextIndexed && part.Texts[columns[i]] is null);
            }

            if (!missing)
                return;
        }

        lock (_writing)
        {
            using (WriteLock())
            {
                _schema = _schema.WithIndexes(schema, columns);
                foreach (var part in _parts)
                    AddIndexes_NeedsLock(part);
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
        throw Gone();
    }

    /// <summary>Whether the collection was deleted, or its store closed.</summary>
    public bool IsDropped => Volatile.Read(ref _dropped);

    /// <summary>Releases the indexes of a collection that was deleted, or whose store is closed. Searches that run are finished first; whoever comes later is told so.</summary>
    /// <param name="deleteFiles">Whether the files of its segments are deleted.</param>
    public void Drop(bool deleteFiles)
    {
        lock (_writing)
        {
            using (WriteLock())
            {
                Volatile.Write(ref _dropped, true);
                foreach (var part in _parts)
                {
                    if (part is SegmentPart segment)
                        segment.IsReplaced = deleteFiles;
                    part.Dispose();
                }
            }
        }
    }

    public static VectorStoreException Missing(string name, string? storeName) =>
        new($"The collection '{name}' does not exist. Call EnsureCollectionExistsAsync first.")
        {
            VectorStoreSystemName = LocalVectorStore.SystemName,
            VectorStoreName = storeName,
            CollectionName = name,
        };

    /// <summary>What is stored, with the vectors under the names that a record type has for them.</summary>
    public LocalCollectionStatistics Statistics_NeedsLock(IReadOnlyList<VectorField> fields, int[] columns) =>
        new(Count_NeedsLock, [.. fields.Select((field, i) => new LocalVectorStatistics(field.Name, Schema.Vectors[columns[i]].Kind, [.. _parts.Select(part => part.Vectors[columns[i]])]))]);

    public bool TryFind_NeedsLock(object key, out int row)
    {
        for (var i = _parts.Length - 1; i >= 0; i--)
        {
            if (!_parts[i].TryFind(key, out row))
                continue;
            row += _parts[i].First;
            return true;
        }

        row = -1;
        return false;
    }

    public object KeyOf_NeedsLock(int row)
    {
        var part = PartOf(row);
        return part.Keys[row - part.First];
    }

    public object? ValueOf_NeedsLock(int column, int row)
    {
        var part = PartOf(row);
        return part.Columns[column].Get(row - part.First);
    }

    public float[]? VectorOf_NeedsLock(int vector, int row)
    {
        var part = PartOf(row);
        return part.VectorOf(vector, row - part.First);
    }

    /// <summary>Orders two rows by a column, <see cref="ColumnNode.Key"/> being the key's: nulls first, strings by their UTF-16 code units.</summary>
    public int Compare_NeedsLock(int column, int left, int right)
    {
        var (leftPart, rightPart) = (PartOf(left), PartOf(right));
        return leftPart.ColumnOf(column).Compare(left - leftPart.First, rightPart.ColumnOf(column), right - rightPart.First);
    }

    /// <summary>Checks a property's value and makes it the table's own.</summary>
    /// <exception cref="InvalidCastException">The value has another type than the property.</exception>
    public object? Own(int column, object? value) => Volatile.Read(ref _head).Columns[column].Own(value);

    /// <summary>The rows that pass a filter, or all, as a bitmap in pooled memory.</summary>
    public RowSet Select_NeedsLock(FilterNode? filter, object?[] parameters)
    {
        var set = new RowSet(Words);
        try
        {
            foreach (var part in _parts)
                part.Live.Span.CopyTo(set.Bits.Slice(part.First / 64, part.Words));
            Narrow_NeedsLock(set, filter, parameters);
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the rows of a set that pass a filter, all where there is none.</summary>
    public void Narrow_NeedsLock(RowSet set, FilterNode? filter, object?[] parameters)
    {
        foreach (var part in _parts)
        {
            if (part.Count > 0)
                filter?.Narrow(part, parameters, set.Bits.Slice(part.First / 64, part.Words));
        }
    }

    private TableHead NewHead()
    {
        var head = new TableHead(_schema, _indexing, usesRowsAgain: Storage is null);
        AddIndexes_NeedsLock(head);
        return head;
    }

    private void AddIndexes_NeedsLock(TablePart part)
    {
        for (var column = 0; column < _schema.Data.Count; column++)
        {
            if (_schema.Data[column].IsIndexed)
                part.Columns[column].EnsureIndexed();
            if (_schema.Data[column].IsFullTextIndexed)
                part.IndexText(column);
        }
    }

    private TablePart PartOf(int row)
    {
        var i = _parts.Length - 1;
        while (_parts[i].First > row)
            i--;
        return _parts[i];
    }

    private Exception Gone() => Storage is { IsClosed: true } ? new ObjectDisposedException(nameof(LocalVectorStore), $"The store of the collection '{Name}' was closed.") : Missing(Name, storeName: null);

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
