namespace GenAI.Core.VectorStores;

/// <summary>Finds rows by key, and keys by row.</summary>
/// <remarks>Not synchronised: the table's lock is held around every call.</remarks>
internal abstract class KeyMap
{
    /// <summary>The keys as a column, for filters and ordering.</summary>
    public abstract Column Column { get; }

    /// <summary>The row of a key of the map's type.</summary>
    /// <exception cref="InvalidCastException">The key has another type.</exception>
    public abstract bool TryFind(object key, out int row);

    public abstract object this[int row] { get; }

    public abstract void Narrow(ValueTest test, object?[] parameters, Span<ulong> rows);

    /// <summary>Adds a key; not to those of a segment.</summary>
    public virtual void Add(object key, int row) => throw new NotSupportedException();

    /// <summary>Removes the key of a row; not one of those of a segment.</summary>
    public virtual void Remove(int row) => throw new NotSupportedException();

    protected static T Typed<T>(object key) =>
        key is T typed ? typed : throw new InvalidCastException($"The key is of type {key.GetType().Name}, but the collection's keys are of type {typeof(T).Name}.");
}

/// <summary>Keys in memory.</summary>
internal sealed class KeyMap<T>(string name) : KeyMap
    where T : IComparable<T>, IEquatable<T>
{
    private readonly Dictionary<T, int> _rows = [];
    private readonly ValueColumn<T> _keys = new(new DataField(name, name, typeof(T), IsIndexed: false, IsFullTextIndexed: false));

    public override Column Column => _keys;

    public override bool TryFind(object key, out int row) => _rows.TryGetValue(Typed<T>(key), out row);

    public override void Add(object key, int row)
    {
        _rows.Add((T)key, row);
        _keys.EnsureCapacity(row + 1);
        _keys.Put(row, key);
    }

    public override void Remove(int row)
    {
        _rows.Remove(_keys[row]);
        _keys.Remove(row);
    }

    public override object this[int row] => _keys[row];

    public override void Narrow(ValueTest test, object?[] parameters, Span<ulong> rows)
    {
        if (BoundTest<T>.Bind(test, parameters, _keys.Field).AnyOf is not { } keys)
        {
            _keys.Narrow(test, parameters, rows);
            return;
        }

        using var found = RowBits.Empty(rows.Length);
        foreach (var key in keys)
        {
            if (_rows.TryGetValue(key, out var row))
                RowBits.Add(found.Bits, row);
        }

        RowBits.Intersect(rows, found.Bits);
    }
}
