namespace GenAI.Core.VectorStores;

/// <summary>A <see cref="ValueTest"/> of lists with its parameters, ready to be asked.</summary>
internal sealed class BoundListTest<T>
    where T : IComparable<T>, IEquatable<T>
{
    private readonly Func<T[], bool> _onList;
    private readonly bool _onNull;

    private BoundListTest(Func<T[], bool> onList, bool onNull = false) => (_onList, _onNull) = (onList, onNull);

    /// <summary>Set if only lists with one of these values can pass.</summary>
    public IReadOnlyCollection<T>? AnyOf { get; private init; }

    public bool Passes(T[]? list) => list is null ? _onNull : _onList(list);

    public static BoundListTest<T> Bind(ValueTest test, object?[] parameters, DataField field)
    {
        switch (test)
        {
            case NullTest:
                return new(static _ => false, onNull: true);
            case CompareTest compare when parameters[compare.Parameter] is null && compare.Comparison == Comparison.Equal:
                return new(static _ => false, onNull: true);
            case CompareTest compare when parameters[compare.Parameter] is null && compare.Comparison == Comparison.NotEqual:
                return new(static _ => true);
            case CompareTest { Comparison.Accepted: var accepted } compare when (accepted == Comparison.Equal.Accepted || accepted == Comparison.NotEqual.Accepted)
                    && parameters[compare.Parameter] is IEnumerable<T> expected:
                // A database has no identity of lists to compare: equal means equal elements in the same order.
                var elements = expected.ToArray();
                var equal = accepted == Comparison.Equal.Accepted;
                return new(list => list.AsSpan().SequenceEqual(elements) == equal, onNull: !equal);
            case LengthTest length:
                var count = Convert.ToInt64(parameters[length.Parameter], null);
                return new(list => length.Comparison.Accepts(list.Length, count));
            case ElementTest { Element: null }:
                return new(static list => list.Length > 0);
            case ElementTest { All: true } all:
                var every = BoundTest<T>.Bind(all.Element!, parameters, field);
                return new(list => Array.TrueForAll(list, value => value is null ? every.OnNull : every.OnValue(value)));
            case ElementTest any:
                var some = BoundTest<T>.Bind(any.Element!, parameters, field);
                return new(list => Array.Exists(list, value => value is null ? some.OnNull : some.OnValue(value))) { AnyOf = some.OnNull ? null : some.AnyOf };
            default:
                throw new NotSupportedException($"The filter asks something of '{field.Name}' that lists do not have. They have Contains, Any, All and their length.");
        }
    }
}
