using System.Linq.Expressions;

namespace GenAI.Core.VectorStores;

/// <content>The methods that filters may call.</content>
internal sealed partial class FilterTranslator
{
    private FilterNode? TranslateCall(MethodCallExpression call)
    {
        switch (call.Method.Name)
        {
            case nameof(object.Equals) when Operands(call) is [var left, var right]:
                return TranslateComparison(call, Comparison.Equal, left, right);
            case nameof(object.Equals) when call.Method.DeclaringType == typeof(string) && Operands(call) is [var left, var right, var kind]:
                return TryBind(left, out _)
                    ? TranslateText(call, TextMatch.Equals, left, right, kind)
                    : TranslateText(call, TextMatch.Equals, right, left, kind);
            case nameof(string.StartsWith) when call.Object is { } text && call.Method.DeclaringType == typeof(string):
                return TranslateText(call, TextMatch.StartsWith, text, call.Arguments[0], call.Arguments.ElementAtOrDefault(1));
            case nameof(string.EndsWith) when call.Object is { } text && call.Method.DeclaringType == typeof(string):
                return TranslateText(call, TextMatch.EndsWith, text, call.Arguments[0], call.Arguments.ElementAtOrDefault(1));
            case nameof(string.Contains) when call.Object is { } text && call.Method.DeclaringType == typeof(string):
                return TranslateText(call, TextMatch.Contains, text, call.Arguments[0], call.Arguments.ElementAtOrDefault(1));
            case nameof(string.IsNullOrEmpty) or nameof(string.IsNullOrWhiteSpace) when call.Arguments is [var text] && TryBind(text, out var column):
                return new ColumnNode(column.Number, new EmptyTextTest(call.Method.Name == nameof(string.IsNullOrWhiteSpace)));
            case "Contains" when MatchContains(call) is var (source, item):
                if (TryGetParameter(source, out var values) && TryBind(item, out var member))
                    return new ColumnNode(member.Number, new InTest(values, member.ComparedAs));
                if (TryBind(source, out var list) && list.Field.IsList && TryGetParameter(item, out var value))
                    return new ColumnNode(list.Number, new ElementTest(new CompareTest(Comparison.Equal, value, list.Field.ValueType), All: false));
                return null;
            case "Any" or "Exists" or "All" or "TrueForAll" when Operands(call) is [var source, .. var rest] && rest.Length <= 1 && TryBind(source, out var searched) && searched.Field.IsList:
                var lambda = rest is [var predicate] ? predicate is UnaryExpression { NodeType: ExpressionType.Quote } quote ? quote.Operand : predicate : null;
                return lambda is null or LambdaExpression
                    ? new ColumnNode(searched.Number, new ElementTest(lambda is LambdaExpression { Parameters: [var element] } test ? TranslateElement(test.Body, element, searched.Field.ValueType) : null, call.Method.Name is "All" or "TrueForAll"))
                    : null;
            default:
                return null;
        }
    }

    private static Expression[] Operands(MethodCallExpression call) => call.Object is null ? [.. call.Arguments] : [call.Object, .. call.Arguments];

    private ColumnNode? TranslateText(Expression call, TextMatch match, Expression text, Expression argument, Expression? kind) =>
        TryBind(text, out var column) && !column.Field.IsList && TryGetParameter(argument, out var parameter)
            ? new ColumnNode(column.Number, new TextTest(match, parameter, Kind(call, kind)))
            : null;

    // A stored text has no culture: what C# would compare by the current one is compared ordinally.
    private StringComparison Kind(Expression call, Expression? kind) =>
        kind is null ? StringComparison.Ordinal
        : shape.TryGetParameter(kind, out var number) && shape.Parameters[number] is StringComparison comparison ? comparison
        : throw Unsupported(call);

    private (Expression Source, Expression Item)? MatchContains(MethodCallExpression call)
    {
        switch (call)
        {
            // Enumerable, MemoryExtensions: static, the source first. A comparer would be asked for every row; only none is supported.
            case { Object: null, Arguments: [var source, var item] }:
                return (ClosedExpression.UnwrapSpan(source), item);
            case { Object: null, Arguments: [var source, var item, var comparer] } when shape.TryGetParameter(comparer, out var number) && shape.Parameters[number] is null:
                return (ClosedExpression.UnwrapSpan(source), item);
            // List, HashSet, ICollection and their like.
            case { Object: { } source, Arguments: [var item] }:
                return (source, item);
            default:
                return null;
        }
    }

    /// <summary>What the lambda of Any or All asks of one element.</summary>
    private ValueTest TranslateElement(Expression expression, ParameterExpression element, Type type)
    {
        if (shape.TryGetParameter(expression, out var constant) && expression.Type == typeof(bool))
            return new ConstantTest(constant);

        switch (expression)
        {
            case BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.OrElse or ExpressionType.And or ExpressionType.Or } both when both.Type == typeof(bool):
                return new BothTest(TranslateElement(both.Left, element, type), TranslateElement(both.Right, element, type), Or: both.NodeType is ExpressionType.OrElse or ExpressionType.Or);
            case UnaryExpression { NodeType: ExpressionType.Not } negated:
                return new NotTest(TranslateElement(negated.Operand, element, type));
            case BinaryExpression binary when Comparison.Of(binary.NodeType) is { } comparison:
                return TranslateElementComparison(binary, comparison, binary.Left, binary.Right, element, type);
            case MethodCallExpression { Method.Name: nameof(object.Equals) } equals when Operands(equals) is [var left, var right]:
                return TranslateElementComparison(equals, Comparison.Equal, left, right, element, type);
            case MethodCallExpression { Method.Name: nameof(string.IsNullOrEmpty) or nameof(string.IsNullOrWhiteSpace), Arguments: [var text] } empty when IsElement(text, element):
                return new EmptyTextTest(empty.Method.Name == nameof(string.IsNullOrWhiteSpace));
            case MethodCallExpression { Object: { } text } call when type == typeof(string) && IsElement(text, element) && call.Arguments.Count is 1 or 2
                    && TextMatchOf(call.Method.Name) is { } match && TryGetParameter(call.Arguments[0], out var parameter):
                return new TextTest(match, parameter, Kind(call, call.Arguments.ElementAtOrDefault(1)));
            case MethodCallExpression { Method.Name: "Contains" } contains when MatchContains(contains) is var (source, item) && IsElement(item, element) && TryGetParameter(source, out var values):
                return new InTest(values, Plain(item.Type));
            case ParameterExpression when expression == element && type == typeof(bool):
                return new CompareTest(Comparison.Equal, shape.TrueParameter, typeof(bool));
            default:
                throw Unsupported(expression);
        }
    }

    private ValueTest TranslateElementComparison(Expression whole, Comparison comparison, Expression left, Expression right, ParameterExpression element, Type type)
    {
        if (TryGetParameter(left, out _))
            (left, right, comparison) = (right, left, comparison.Mirrored);
        if (!TryGetParameter(right, out var parameter))
            throw Unsupported(whole);
        if (IsElement(left, element))
            return new CompareTest(comparison, parameter, Plain(left.Type) == typeof(object) ? type : Plain(left.Type));
        if (left is MemberExpression { Member.Name: nameof(string.Length), Expression: { } text } && IsElement(text, element))
            return new LengthTest(comparison, parameter);
        throw Unsupported(whole);
    }

    private static TextMatch? TextMatchOf(string method) => method switch
    {
        nameof(string.StartsWith) => TextMatch.StartsWith,
        nameof(string.EndsWith) => TextMatch.EndsWith,
        nameof(string.Contains) => TextMatch.Contains,
        nameof(string.Equals) => TextMatch.Equals,
        _ => null,
    };

    private static bool IsElement(Expression expression, ParameterExpression element) =>
        expression == element || (expression is UnaryExpression { NodeType: ExpressionType.Convert } cast && IsElement(cast.Operand, element));

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
