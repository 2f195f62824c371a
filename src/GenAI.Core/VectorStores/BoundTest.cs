using System.Collections;

namespace GenAI.Core.VectorStores;

/// <summary>A <see cref="ValueTest"/> with its parameters, ready to be asked.</summary>
internal sealed class BoundTest<T>
    where T : IComparable<T>, IEquatable<T>
{
    private BoundTest(Func<T, bool> onValue, bool onNull) => (OnValue, OnNull) = (onValue, onNull);

    public Func<T, bool> OnValue { get; }

    /// <summary>Whether a null passes.</summary>
    public bool OnNull { get; }

    /// <summary>Set if the test is one comparison with <see cref="Value"/>.</summary>
    public Comparison? Comparison { get; private init; }

    public T? Value { get; private init; }

    /// <summary>Set if only these values can pass.</summary>
    public IReadOnlyCollection<T>? AnyOf { get; private init; }

    /// <summary>Set if only texts with this start can pass.</summary>
    public string? Prefix { get; private init; }

    public static BoundTest<T> Bind(ValueTest test, object?[] parameters, DataField field)
    {
        switch (test)
        {
            case CompareTest compare:
                return BindCompare(compare.Comparison, parameters[compare.Parameter], compare.As, field);
            case InTest contained:
                return BindIn((IEnumerable?)parameters[contained.Parameter], contained.As, field);
            case TextTest text when typeof(T) == typeof(string):
                return BindText(text, parameters[text.Parameter]);
            case EmptyTextTest empty when typeof(T) == typeof(string):
                return new(empty.OrWhiteSpace ? value => string.IsNullOrWhiteSpace((string)(object)value) : value => ((string)(object)value).Length == 0, onNull: true);
            case NullTest:
                return new(static _ => false, onNull: true);
            case LengthTest length when typeof(T) == typeof(string):
                var expected = Convert.ToInt64(parameters[length.Parameter], null);
                return new(value => length.Comparison.Accepts(((string)(object)value).Length, expected), onNull: false);
            case BothTest both:
                var (left, right) = (Bind(both.Left, parameters, field), Bind(both.Right, parameters, field));
                return both.Or
                    ? new(value => left.OnValue(value) || right.OnValue(value), left.OnNull || right.OnNull)
                    : new(value => left.OnValue(value) && right.OnValue(value), left.OnNull && right.OnNull);
            case NotTest negation:
                var negated = Bind(negation.Test, parameters, field);
                return new(value => !negated.OnValue(value), !negated.OnNull);
            case ConstantTest constant:
                var always = (bool)parameters[constant.Parameter]!;
                return new(_ => always, always);
            default:
                throw new NotSupportedException($"The filter asks something of '{field.Name}' that values of type {typeof(T).Name} do not have.");
        }
    }

    private static BoundTest<T> BindCompare(Comparison comparison, object? parameter, Type type, DataField field)
    {
        if (parameter is null)
            return comparison == VectorStores.Comparison.Equal ? new(static _ => false, onNull: true)
                : comparison == VectorStores.Comparison.NotEqual ? new(static _ => true, onNull: false)
                : new(static _ => false, onNull: false);

        var onNull = comparison.AcceptsNull(bothNull: false);
        if (type != typeof(T) && type != typeof(object) && NumericRange.Of(type) is { } range && NumericRange.IsNumeric(typeof(T)))
        {
            return range switch
            {
                NumericRange.Kind.Integer when NumericRange.ToInt64(parameter) is var whole => new(value => comparison.Accepts(NumericRange.ToInt64(value), whole), onNull),
                NumericRange.Kind.Single when NumericRange.ToDouble(parameter) is var real => new(value => comparison.Accepts((float)NumericRange.ToDouble(value), (float)real), onNull),
                NumericRange.Kind.Double when NumericRange.ToDouble(parameter) is var real => new(value => comparison.Accepts(NumericRange.ToDouble(value), real), onNull),
                _ => BindDecimal(comparison, NumericRange.ToDecimal(parameter), onNull),
            };
        }

        var typed = Typed(parameter, field);
        return new(value => comparison.Accepts(value, typed), onNull)
        {
            Comparison = comparison,
            Value = typed,
            AnyOf = comparison == VectorStores.Comparison.Equal ? [typed] : null,
        };
    }

    private static BoundTest<T> BindDecimal(Comparison comparison, decimal parameter, bool onNull) =>
        new(value => comparison.Accepts(NumericRange.ToDecimal(value!), parameter), onNull);

    private static BoundTest<T> BindIn(IEnumerable? parameter, Type type, DataField field)
    {
        if (parameter is null)
            throw new ArgumentException($"The filter asks whether '{field.Name}' is in a list that is null.", nameof(parameter));

        // A set decides by its own comparer.
        if (parameter is HashSet<T> set)
            return new(set.Contains, onNull: false);

        var hasNull = false;
        if (type != typeof(T) && type != typeof(object) && NumericRange.Of(type) is not null && NumericRange.IsNumeric(typeof(T)))
        {
            var tests = new List<BoundTest<T>>();
            foreach (var element in parameter)
                tests.Add(BindCompare(VectorStores.Comparison.Equal, element, type, field));
            return new(value => tests.Exists(test => test.OnValue(value)), tests.Exists(test => test.OnNull));
        }

        var values = new HashSet<T>();
        foreach (var element in parameter)
        {
            if (element is null)
                hasNull = true;
            else
                values.Add(Typed(element, field));
        }

        return new(values.Contains, hasNull) { AnyOf = values };
    }

    private static BoundTest<T> BindText(TextTest test, object? parameter)
    {
        var text = parameter is char letter ? letter.ToString() : (string?)parameter;
        if (text is null)
        {
            return test.Match == TextMatch.Equals
                ? new(static _ => false, onNull: true)
                : throw new ArgumentException($"The filter calls {test.Match} with null.", nameof(parameter));
        }

        var kind = test.Kind;
        return test.Match switch
        {
            TextMatch.Equals => new(value => string.Equals((string)(object)value, text, kind), onNull: false) { AnyOf = kind == StringComparison.Ordinal ? [(T)(object)text] : null },
            TextMatch.StartsWith => new(value => ((string)(object)value).StartsWith(text, kind), onNull: false) { Prefix = kind == StringComparison.Ordinal ? text : null },
            TextMatch.EndsWith => new(value => ((string)(object)value).EndsWith(text, kind), onNull: false),
            _ => new(value => ((string)(object)value).Contains(text, kind), onNull: false),
        };
    }

    private static T Typed(object parameter, DataField field) => parameter is T typed
        ? typed
        : throw new InvalidCastException($"The filter compares '{field.Name}', of type {typeof(T).Name}, with a value of type {parameter.GetType().Name}. Convert the value.");
}
