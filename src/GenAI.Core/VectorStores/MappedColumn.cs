using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace GenAI.Core.VectorStores;

/// <summary>A column of a segment with one value, or null, in each row.</summary>
internal sealed class MappedColumn<T> : Column, IValues<T>
    where T : IComparable<T>, IEquatable<T>
{
    private readonly MappedValues<T> _values;
    private readonly MappedOrder<T>? _stored;
    private MappedOrder<T>? _order;

    /// <param name="field">The property.</param>
    /// <param name="values">The values.</param>
    /// <param name="order">The rows with a value, ordered by it; empty if the column was not indexed when it was written.</param>
    public MappedColumn(DataField field, MappedValues<T> values, SectionPart order)
        : base(field)
    {
        _values = values;
        _stored = order.Length == 0 ? null : new MappedOrder<T>(values, order);
        if (field.IsIndexed)
            _order = _stored;
    }

    public override bool IsIndexed => _order is not null;

    public bool TryGet(int row, [MaybeNullWhen(false)] out T value) => _values.TryGet(row, out value);

    public override object? Get(int row) => _values.TryGet(row, out var value) ? value : null;

    public override int Compare(int left, Column other, int right) => Ordering<T>.Compare(this, left, (IValues<T>)other, right);

    public override void EnsureIndexed() => _order ??= _stored ?? MappedOrder<T>.Of(_values);

    public override void WriteSection(SectionWriter section, IReadOnlyList<(Column Column, ulong[] Rows)> sources, bool isIndexed) =>
        ValueColumn<T>.Write(section, sources, isIndexed);

    public override void Narrow(ValueTest test, object?[] parameters, Span<ulong> rows)
    {
        var bound = BoundTest<T>.Bind(test, parameters, Field);
        // What an order of floating-point numbers found is asked again: they may be NaN.
        if (_order is { } order && RowBits.Count(rows) is > FewRows and var count && order.TryNarrow(bound, rows, count) && !(default(T) is double or float))
            return;

        // Texts are compared where they lie; only a test that has to see them makes them.
        var single = ValueFormat<T>.IsText && bound.Comparison is not null ? bound.Comparison : null;
        for (var word = 0; word < rows.Length; word++)
        {
            for (var left = rows[word]; left != 0; left &= left - 1)
            {
                var row = word * 64 + BitOperations.TrailingZeroCount(left);
                var passes = !_values.Has(row) ? bound.OnNull
                    : single is { } comparison ? comparison.AcceptsSign(_values.Compare(row, bound.Value!))
                    : bound.OnValue(_values[row]);
                if (!passes)
                    RowBits.Remove(rows, row);
            }
        }
    }

    public override void Narrow(Comparison comparison, Column other, Span<ulong> rows)
    {
        var column = (MappedColumn<T>)other;
        for (var word = 0; word < rows.Length; word++)
        {
            for (var left = rows[word]; left != 0; left &= left - 1)
            {
                var row = word * 64 + BitOperations.TrailingZeroCount(left);
                var (mine, theirs) = (_values.Has(row), column._values.Has(row));
                if (!(mine && theirs ? comparison.Accepts(_values[row], column._values[row]) : comparison.AcceptsNull(bothNull: !mine && !theirs)))
                    RowBits.Remove(rows, row);
            }
        }
    }
}
