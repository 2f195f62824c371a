using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace GenAI.Core.VectorStores;

/// <summary>A column of a segment with a list of values, or null, in each row.</summary>
internal sealed class MappedListColumn<T> : Column, ILists<T>
    where T : IComparable<T>, IEquatable<T>
{
    /// <summary>How many parts the column's section has.</summary>
    public const int Parts = MappedValues<T>.Parts + 3;

    private readonly MappedValues<T> _elements;
    private readonly SectionPart _owners;
    private readonly SectionPart _starts;
    private readonly MappedOrder<T>? _stored;
    private readonly int _rows;
    private MappedOrder<T>? _order;

    public MappedListColumn(DataField field, SectionPart[] parts, int rows)
        : base(field)
    {
        (_owners, _starts, _rows) = (parts[^3], parts[^1], rows);
        _starts.Expect(rows + 1L, sizeof(int));
        var count = _starts.Values<int>(rows, 1)[0];
        if (count < 0)
            throw SectionPart.Damaged(_starts.Section, $"It has {count} elements.");
        _owners.Expect(count, sizeof(int));
        _elements = new MappedValues<T>(parts, count);
        _stored = parts[^2].Length == 0 ? null : new MappedOrder<T>(_elements, parts[^2]);
        if (field.IsIndexed)
            _order = _stored;
    }

    public override bool IsIndexed => _order is not null;

    public bool TryGet(int row, [MaybeNullWhen(false)] out T[] list)
    {
        var starts = _starts.Values<int>(row, 2);
        if (starts[0] < 0)
        {
            list = null;
            return false;
        }

        var (first, end) = (starts[0], starts[1] < 0 ? ~starts[1] : starts[1]);
        if (end < first || end > _elements.Count)
            throw SectionPart.Damaged(_starts.Section, $"The list of row {row} goes from {first} to {end}, but there are {_elements.Count} elements.");
        list = new T[end - first];
        for (var i = 0; i < list.Length; i++)
            list[i] = _elements.TryGet(first + i, out var value) ? value : default!;
        return true;
    }

    public override object? Get(int row) => TryGet(row, out var list) ? list : null;

    public override int Compare(int left, Column other, int right) => throw new NotSupportedException($"The lists of '{Field.Name}' have no order.");

    // Whether an element is the first of its value in its list makes no difference to which rows are found.
    public override void EnsureIndexed() => _order ??= _stored ?? MappedOrder<T>.Of(_elements);

    public override void WriteSection(SectionWriter section, IReadOnlyList<(Column Column, ulong[] Rows)> sources, bool isIndexed) =>
        ListColumn<T>.Write(section, sources, isIndexed);

    public override void Narrow(ValueTest test, object?[] parameters, Span<ulong> rows)
    {
        var bound = BoundListTest<T>.Bind(test, parameters, Field);
        if (_order is { } order && bound.AnyOf is { } values)
        {
            using var found = RowBits.Empty(rows.Length);
            foreach (var value in values)
            {
                var (start, end) = order.Find(value);
                for (var i = start; i < end; i++)
                    RowBits.Add(found.Bits, OwnerOf(order.RowAt(i)));
            }

            RowBits.Intersect(rows, found.Bits);
        }

        for (var word = 0; word < rows.Length; word++)
        {
            for (var left = rows[word]; left != 0; left &= left - 1)
            {
                var row = word * 64 + BitOperations.TrailingZeroCount(left);
                if (!bound.Passes(TryGet(row, out var list) ? list : null))
                    RowBits.Remove(rows, row);
            }
        }
    }

    public override void Narrow(Comparison comparison, Column other, Span<ulong> rows) =>
        throw new NotSupportedException($"Filters cannot compare the lists '{Field.Name}' and '{other.Field.Name}'.");

    private int OwnerOf(int element)
    {
        var row = _owners.Values<int>(element, 1)[0];
        return (uint)row < (uint)_rows ? row : throw SectionPart.Damaged(_owners.Section, $"Element {element} is of row {row}, but there are {_rows}.");
    }
}
