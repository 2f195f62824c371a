using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace GenAI.Core.VectorStores;

/// <summary>A column with one value, or null, in each row.</summary>
internal sealed class ValueColumn<T> : Column, IValues<T>
    where T : IComparable<T>, IEquatable<T>
{
    private readonly Func<int, T, bool> _holds;
    private T?[] _values = [];
    private ulong[] _present = [];
    private ValueIndex<T>? _index;

    public ValueColumn(DataField field)
        : base(field) => _holds = Holds;

    public override bool IsIndexed => _index is not null;

    public override object? Own(object? value) => value switch
    {
        null or T => value,
        _ => throw WrongType(value),
    };

    public override void EnsureCapacity(int rows)
    {
        if (rows <= _values.Length)
            return;
        Array.Resize(ref _values, Math.Max(rows, Math.Max(16, _values.Length * 2)));
        Array.Resize(ref _present, RowBits.Words(_values.Length));
    }

    public override void Put(int row, object? owned)
    {
        if (owned is null)
            return;
        var value = (T)owned;
        _values[row] = value;
        RowBits.Add(_present, row);
        _index?.Add(row, value);
    }

    public override void Remove(int row)
    {
        if (!RowBits.Has(_present, row))
            return;
        var value = _values[row]!;
        _values[row] = default;
        RowBits.Remove(_present, row);
        _index?.Forget(value, _holds);
    }

    public override object? Get(int row) => RowBits.Has(_present, row) ? _values[row] : null;

    public T this[int row] => _values[row]!;

    public bool TryGet(int row, [MaybeNullWhen(false)] out T value)
    {
        var has = RowBits.Has(_present, row);
        value = has ? _values[row] : default;
        return has;
    }

    public override int Compare(int left, Column other, int right) => Ordering<T>.Compare(this, left, (IValues<T>)other, right);

    public override void EnsureIndexed()
    {
        if (_index is not null)
            return;

        _index = new ValueIndex<T>();
        for (var row = 0; row < _values.Length; row++)
        {
            if (RowBits.Has(_present, row))
                _index.Add(row, _values[row]!);
        }
    }

    public override void Narrow(ValueTest test, object?[] parameters, Span<ulong> rows)
    {
        var bound = BoundTest<T>.Bind(test, parameters, Field);
        if (_index is not null && RowBits.Count(rows) > FewRows && NarrowByIndex(bound, rows))
            return;

        // The common case without a call for each row.
        if (bound.Comparison is { } comparison)
        {
            var value = bound.Value!;
            for (var word = 0; word < rows.Length; word++)
            {
                for (var left = rows[word]; left != 0; left &= left - 1)
                {
                    var row = word * 64 + BitOperations.TrailingZeroCount(left);
                    if (!(RowBits.Has(_present, row) ? comparison.Accepts(_values[row]!, value) : bound.OnNull))
                        RowBits.Remove(rows, row);
                }
            }

            return;
        }

        for (var word = 0; word < rows.Length; word++)
        {
            for (var left = rows[word]; left != 0; left &= left - 1)
            {
                var row = word * 64 + BitOperations.TrailingZeroCount(left);
                if (!Passes(bound, row))
                    RowBits.Remove(rows, row);
            }
        }
    }

    public override void Narrow(Comparison comparison, Column other, Span<ulong> rows)
    {
        var column = (ValueColumn<T>)other;
        for (var word = 0; word < rows.Length; word++)
        {
            for (var left = rows[word]; left != 0; left &= left - 1)
            {
                var row = word * 64 + BitOperations.TrailingZeroCount(left);
                var (mine, theirs) = (RowBits.Has(_present, row), RowBits.Has(column._present, row));
                if (!(mine && theirs ? comparison.Accepts(_values[row]!, column._values[row]!) : comparison.AcceptsNull(bothNull: !mine && !theirs)))
                    RowBits.Remove(rows, row);
            }
        }
    }

    public override void WriteSection(SectionWriter section, IReadOnlyList<(Column Column, ulong[] Rows)> sources, bool isIndexed) => Write(section, sources, isIndexed);

    public override void WriteValue(LogWriter log, object? owned)
    {
        log.Byte(owned is null ? (byte)0 : (byte)1);
        if (owned is not null)
            log.Value((T)owned);
    }

    public override object? ReadValue(ref LogReader log) => log.Byte() == 0 ? null : log.Value<T>();

    /// <summary>Writes a section: values in three parts, and the order of the rows in the fourth.</summary>
    public static void Write(SectionWriter section, IReadOnlyList<(Column Column, ulong[] Rows)> sources, bool isIndexed)
    {
        using var values = new ValueWriter<T>(section);
        var (keys, rows) = (new List<T>(), new List<int>());
        foreach (var (column, wanted) in sources)
        {
            var source = (IValues<T>)column;
            for (var word = 0; word < wanted.Length; word++)
            {
                for (var left = wanted[word]; left != 0; left &= left - 1)
                {
                    if (!source.TryGet(word * 64 + BitOperations.TrailingZeroCount(left), out var value))
                    {
                        values.AddNull();
                        continue;
                    }

                    if (isIndexed)
                    {
                        keys.Add(value);
                        rows.Add(values.Count);
                    }

                    values.Add(value);
                }
            }
        }

        values.Complete();
        MappedOrder<T>.Write(section, isIndexed ? MappedOrder<T>.Order(keys, rows) : null);
    }

    private bool Holds(int row, T value) => RowBits.Has(_present, row) && _values[row]!.Equals(value);

    private bool Passes(BoundTest<T> bound, int row) => RowBits.Has(_present, row) ? bound.OnValue(_values[row]!) : bound.OnNull;

    private bool NarrowByIndex(BoundTest<T> bound, Span<ulong> rows)
    {
        using var found = RowBits.Empty(rows.Length);
        if (!_index!.TryFind(bound, _values!, _present, found.Bits))
            return false;

        // The index may name rows whose value has changed since; each is looked at again.
        var bits = found.Bits;
        for (var word = 0; word < rows.Length; word++)
        {
            rows[word] &= bits[word];
            for (var left = rows[word]; left != 0; left &= left - 1)
            {
                var row = word * 64 + BitOperations.TrailingZeroCount(left);
                if (!Passes(bound, row))
                    RowBits.Remove(rows, row);
            }
        }

        return true;
    }
}
