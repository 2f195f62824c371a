using System.Linq.Expressions;
using System.Runtime.CompilerServices;

namespace GenAI.Core.VectorStores;

/// <summary>Turns a filter expression into <see cref="FilterNode"/>s over columns, without compiling code.</summary>
internal sealed partial class FilterTranslator(FilterShape shape, ParameterExpression record, LocalSchema schema, int[] dataColumns)
{
    private const string SupportedShapes =
        "Supported are: ==, !=, <, <=, >, >= between a property and a value or another property; &&, || and !; bool properties; "
        + "Contains of a list of values or of a list property; Any and All over a list property; string.StartsWith, EndsWith, Contains, Equals "
        + "(also with a StringComparison), Compare, IsNullOrEmpty, IsNullOrWhiteSpace; Length and Count; HasValue and Value of nullable properties.";

    public static NotSupportedException Unsupported(Expression expression) =>
        new($"The filter contains '{expression}', which the local store cannot evaluate. {SupportedShapes}");

    public FilterNode Translate(Expression expression)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (shape.TryGetParameter(expression, out var parameter) && expression.Type == typeof(bool))
            return new ConstantNode(parameter);

        switch (expression)
        {
            case BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } both when both.Type == typeof(bool):
                return new AndNode(Translate(both.Left), Translate(both.Right));
            case BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or } either when either.Type == typeof(bool):
                return new OrNode(Translate(either.Left), Translate(either.Right));
            case UnaryExpression { NodeType: ExpressionType.Not } negated when negated.Type == typeof(bool):
                return new NotNode(Translate(negated.Operand));
            case BinaryExpression binary when Comparison.Of(binary.NodeType) is { } comparison:
                return TranslateComparison(binary, comparison, binary.Left, binary.Right);
            case MethodCallExpression call when TranslateCall(call) is { } node:
                return node;
            case MemberExpression { Member.Name: nameof(Nullable<int>.HasValue), Expression: { } nullable } when TryBind(nullable, out var column):
                return new NotNode(new ColumnNode(column.Number, new NullTest()));
            case UnaryExpression { NodeType: ExpressionType.Convert } convert when convert.Type == typeof(bool) && convert.Operand.Type == typeof(bool):
                return Translate(convert.Operand);
        }

        if (TryBind(expression, out var flag) && flag.ComparedAs == typeof(bool))
            return new ColumnNode(flag.Number, new CompareTest(Comparison.Equal, shape.TrueParameter, typeof(bool)));

        throw Unsupported(expression);
    }

    private FilterNode TranslateComparison(Expression whole, Comparison comparison, Expression left, Expression right)
    {
        if (TryGetParameter(left, out _) && !TryGetParameter(right, out _))
            (left, right, comparison) = (right, left, comparison.Mirrored);

        if (!TryGetParameter(right, out var parameter))
        {
            return TryBind(left, out var first) && TryBind(right, out var second) && first.Field.ValueType == second.Field.ValueType && !first.Field.IsList && !second.Field.IsList
                ? new ColumnPairNode(first.Number, comparison, second.Number)
                : throw Unsupported(whole);
        }

        if (TryBind(left, out var column))
            return new ColumnNode(column.Number, new CompareTest(comparison, parameter, column.ComparedAs));

        if (TryBindLength(left, out var measured))
            return new ColumnNode(measured.Number, new LengthTest(comparison, parameter));

        // string.Compare(a, b) < 0 and a.CompareTo(b) < 0 mean a < b.
        if (left is MethodCallExpression { Method.Name: nameof(string.Compare) or nameof(string.CompareOrdinal) or nameof(string.CompareTo) } order
            && right is ConstantExpression { Value: 0 })
            return TranslateOrder(order, comparison);

        if (left.Type == typeof(bool) && (comparison == Comparison.Equal || comparison == Comparison.NotEqual))
            return new SameAsNode(Translate(left), parameter, comparison == Comparison.NotEqual);

        throw Unsupported(whole);
    }

    private FilterNode TranslateOrder(MethodCallExpression call, Comparison comparison)
    {
        var operands = call.Object is null ? call.Arguments.ToArray() : [call.Object, .. call.Arguments];
        if (operands.Length > 3 || (operands.Length == 3 && !IsOrdinal(operands[2])))
            throw Unsupported(call);
        return TranslateComparison(call, comparison, operands[0], operands[1]);
    }

    private bool IsOrdinal(Expression expression) =>
        shape.TryGetParameter(expression, out var kind) && shape.Parameters[kind] is StringComparison.Ordinal;

    private bool TryGetParameter(Expression expression, out int parameter)
    {
        if (shape.TryGetParameter(expression, out parameter))
            return true;
        return expression is UnaryExpression { NodeType: ExpressionType.Convert } convert && TryGetParameter(convert.Operand, out parameter);
    }

    private bool TryBindLength(Expression expression, out BoundColumn column)
    {
        column = default;
        return expression switch
        {
            MemberExpression { Member.Name: "Length" or "Count", Expression: { } owner } => TryBind(owner, out column) && (column.Field.IsList || column.Field.ValueType == typeof(string)),
            UnaryExpression { NodeType: ExpressionType.ArrayLength } length => TryBind(length.Operand, out column),
            MethodCallExpression { Method.Name: nameof(Enumerable.Count), Arguments: [var owner] } count when count.Method.DeclaringType == typeof(Enumerable) => TryBind(owner, out column) && column.Field.IsList,
            _ => false,
        };
    }

    /// <summary>Finds the column that an expression reads: a property of the record, or an entry of a dictionary.</summary>
    /// <exception cref="InvalidOperationException">There is no such property.</exception>
    /// <exception cref="InvalidCastException">A dictionary's entry is cast to another type than the property's.</exception>
    private bool TryBind(Expression expression, out BoundColumn column)
    {
        column = default;
        var bare = ClosedExpression.UnwrapSpan(expression);
        var casts = new List<UnaryExpression>();
        while (true)
        {
            if (bare is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } cast)
            {
                casts.Add(cast);
                bare = cast.Operand;
            }
            else if (bare is MemberExpression { Member.Name: nameof(Nullable<int>.Value), Expression: { } nullable } && Nullable.GetUnderlyingType(nullable.Type) is not null)
            {
                bare = nullable;
            }
            else
            {
                break;
            }
        }

        if (NameOf(bare) is not { } name)
            return false;

        var (number, field) = Find(name);
        var comparedAs = field.ValueType;
        for (var i = casts.Count - 1; i >= 0; i--)
        {
            var type = Nullable.GetUnderlyingType(casts[i].Type) ?? casts[i].Type;
            if (type == typeof(object) || field.IsList)
                continue;
            if (casts[i].Operand.Type == typeof(object) && type != field.ValueType)
                throw new InvalidCastException($"The filter casts the property '{name}' to {type.Name}, but its type is {field.ValueType.Name}.");
            comparedAs = type;
        }

        column = new BoundColumn(number, field, comparedAs);
        return true;
    }

    private string? NameOf(Expression expression)
    {
        switch (expression)
        {
            case MemberExpression { Expression: { } owner } member when IsRecord(owner):
                return member.Member.Name;
            case MethodCallExpression { Method.Name: "get_Item", Arguments: [var key] } item when item.Object is not null && IsRecord(item.Object):
                return shape.TryGetParameter(key, out var parameter) && shape.Parameters[parameter] is string name ? name : throw Unsupported(expression);
            default:
                return null;
        }
    }

    private bool IsRecord(Expression expression) =>
        expression == record || (expression is UnaryExpression { NodeType: ExpressionType.Convert } cast && IsRecord(cast.Operand));

    private (int Number, DataField Field) Find(string name)
    {
        if (schema.Key.Name == name)
            return (ColumnNode.Key, new DataField(name, schema.Key.StorageName, schema.Key.Type, IsIndexed: true, IsFullTextIndexed: false));

        var index = schema.IndexOfData(name);
        if (index >= 0)
            return (dataColumns[index], schema.Data[index]);

        throw new InvalidOperationException(schema.IndexOfVector(name) >= 0
            ? $"The filter reads '{name}', which is a vector property. Filters read key and data properties."
            : $"The filter reads '{name}', which is not a property of the collection. It has {string.Join(", ", schema.Data.Select(field => field.Name).Prepend(schema.Key.Name))}.");
    }

    private readonly record struct BoundColumn(int Number, DataField Field, Type ComparedAs);
}
