using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

namespace GenAI.Core.VectorStores;

/// <summary>A column with a list of values, or null, in each row.</summary>
internal sealed class ListColumn<T> : Column, ILists<T>
    where T : IComparable<T>, IEquatable<T>
{
    private readonly Func<int, T, bool> _holds;
    private T[]?[] _lists = [];
    private Postings<T>? _index;

    public ListColumn(DataField field)
        : base(field) => _holds = Holds;

    public override bool IsIndexed => _index is not null;

    public override object? Own(object? value) => value switch
    {
        null => null,
        T[] array => array.Clone(),
        List<T> list => list.ToArray(),
        _ => throw WrongType(value),
    };

    public override void EnsureCapacity(int rows)
    {
        if (rows > _lists.Length)
            Array.Resize(ref _lists, Math.Max(rows, Math.Max(16, _lists.Length * 2)));
    }

    public override void Put(int row, object? owned)
    {
        _lists[row] = (T[]?)owned;
        AddToIndex(row);
    }

    public override void Remove(int row)
    {
        var list = _lists[row];
        _lists[row] = null;
        if (_index is null || list is null)
            return;

        for (var i = 0; i < list.Length; i++)
        {
            if (IsFirst(list, i))
                _index.Forget(list[i], _holds);
        }
    }

    public override object? Get(int row) => _lists[row]?.Clone();

    public bool TryGet(int row, [MaybeNullWhen(false)] out T[] list)
    {
        list = _lists[row];
        return list is not null;
    }

    public override int Compare(int left, Column other, int right) => throw new NotSupportedException($"The lists of '{Field.Name}' have no order.");

    public override void EnsureIndexed()
    {
        if (_index is not null)
            return;

        _index = new Postings<T>();
        for (var row = 0; row < _lists.Length; row++)
            AddToIndex(row);
    }

    public override void Narrow(ValueTest test, object?[] parameters, Span<ulong> rows)
    {
        var bound = BoundListTest<T>.Bind(test, parameters, Field);
        if (_index is not null && bound.AnyOf is { } values)
        {
            using var found = RowBits.Empty(rows.Length);
            foreach (var value in values)
                _index.Find(value, found.Bits);
            RowBits.Intersect(rows, found.Bits);
        }

        for (var word = 0; word < rows.Length; word++)
        {
            for (var left = rows[word]; left != 0; left &= left - 1)
            {
                var row = word * 64 + BitOperations.TrailingZeroCount(left);
                if (!bound.Passes(_lists[row]))
                    RowBits.Remove(rows, row);
            }
        }
    }

    public override void Narrow(Comparison comparison, Column other, Span<ulong> rows) =>
        throw new NotSupportedException($"Filters cannot compare the lists '{Field.Name}' and '{other.Field.Name}'.");

    public override void WriteSection(SectionWriter section, IReadOnlyList<(Column Column, ulong[] Rows)> sources, bool isIndexed) => Write(section, sources, isIndexed);

    public override void WriteValue(LogWriter log, object? owned)
    {
        var list = (T[]?)owned;
        log.Int(list?.Length ?? -1);
        foreach (var value in list ?? [])
            log.Value(value);
    }

    public override object? ReadValue(ref LogReader log)
    {
        var count = log.Int();
        if (count < 0)
            return null;
        log.ThrowIfFewer(count, ValueFormat<T>.IsText ? sizeof(int) : ValueFormat<T>.Bytes);
        var list = new T[count];
        for (var i = 0; i < count; i++)
            list[i] = log.Value<T>()!;
        return list;
    }

    /// <summary>Writes a section: the elements in three parts, the row of each, the order of those that are not null and stand in their list for the first time, and where each row's list begins, all bits inverted for a null.</summary>
    public static void Write(SectionWriter section, IReadOnlyList<(Column Column, ulong[] Rows)> sources, bool isIndexed)
    {
        using var elements = new ValueWriter<T>(section);
        var (keys, places, owners, starts) = (new List<T>(), new List<int>(), new List<int>(), new List<int>());
        foreach (var (column, wanted) in sources)
        {
            var source = (ILists<T>)column;
            for (var word = 0; word < wanted.Length; word++)
            {
                for (var left = wanted[word]; left != 0; left &= left - 1)
                {
                    if (!source.TryGet(word * 64 + BitOperations.TrailingZeroCount(left), out var list))
                    {
                        starts.Add(~elements.Count);
                        continue;
                    }

                    starts.Add(elements.Count);
                    for (var i = 0; i < list.Length; i++)
                    {
                        owners.Add(starts.Count - 1);
                        if (list[i] is null)
                        {
                            elements.AddNull();
                            continue;
                        }

                        if (isIndexed && IsFirst(list, i))
                        {
                            keys.Add(list[i]);
                            places.Add(elements.Count);
                        }

                        elements.Add(list[i]);
                    }
                }
            }
        }

        starts.Add(elements.Count);
        elements.Complete();
        section.Part<int>(CollectionsMarshal.AsSpan(owners));
        MappedOrder<T>.Write(section, isIndexed ? MappedOrder<T>.Order(keys, places) : null);
        section.Part<int>(CollectionsMarshal.AsSpan(starts));
    }

    private void AddToIndex(int row)
    {
        if (_index is null || _lists[row] is not { } list)
            return;
        for (var i = 0; i < list.Length; i++)
        {
            if (IsFirst(list, i))
                _index.Add(row, list[i]);
        }
    }

    // A value that a list repeats is indexed once.
    private static bool IsFirst(T[] list, int place) => list[place] is not null && Array.IndexOf(list, list[place]) == place;

    private bool Holds(int row, T value) => _lists[row] is { } list && Array.IndexOf(list, value) >= 0;
}
