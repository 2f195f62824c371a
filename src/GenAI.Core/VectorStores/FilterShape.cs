using System.Collections;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text;

namespace GenAI.Core.VectorStores;

/// <summary>
/// A filter split in two: its form, written down as text that is equal for equal forms, and the values that it was called with.
/// A filter that captures variables is a new object in every call; its shape is not.
/// </summary>
internal sealed class FilterShape
{
    private readonly ParameterExpression _record;
    private readonly StringBuilder _key = new();
    private readonly List<object?> _parameters = [];
    private readonly Dictionary<Expression, int> _numbers = new(ReferenceEqualityComparer.Instance);

    private FilterShape(LambdaExpression filter)
    {
        _record = filter.Parameters[0];
        _key.Append(_record.Type.FullName).Append(':');
        Write(filter.Body);
        _parameters.Add(true);
        (Key, Parameters) = (_key.ToString(), [.. _parameters]);
    }

    /// <summary>Equal for filters that differ in their values only.</summary>
    public string Key { get; }

    public object?[] Parameters { get; }

    /// <summary>The number of a parameter that is always true, which a bool property by itself is compared with.</summary>
    public int TrueParameter => Parameters.Length - 1;

    public static FilterShape Of(LambdaExpression filter) => new(filter);

    /// <summary>The number of the parameter that stands for this part of the filter, if it does not depend on the record.</summary>
    public bool TryGetParameter(Expression expression, out int number) => _numbers.TryGetValue(expression, out number);

    private void Write(Expression? expression)
    {
        // A filter may be built by a loop and nest deeper than the stack: an exception rather than the end of the process.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (expression is null)
        {
            _key.Append('-');
            return;
        }

        if (!IsOpen(expression))
        {
            WriteParameter(expression);
            return;
        }

        _key.Append((int)expression.NodeType).Append('(');
        switch (expression)
        {
            case ParameterExpression parameter:
                _key.Append(parameter == _record ? "r" : parameter.Name).Append(' ').Append(parameter.Type.Name);
                break;
            case BinaryExpression binary:
                Write(binary.Left);
                _key.Append(',');
                Write(binary.Right);
                break;
            case UnaryExpression unary:
                _key.Append(unary.Type.FullName).Append(',');
                Write(unary.Operand);
                break;
            case MemberExpression member:
                _key.Append(member.Member.Name).Append(',');
                Write(member.Expression);
                break;
            case MethodCallExpression call:
                _key.Append(call.Method.DeclaringType?.FullName).Append('.').Append(call.Method.Name).Append(',');
                Write(call.Object);
                foreach (var argument in call.Arguments)
                {
                    _key.Append(',');
                    Write(argument);
                    // Which property of a dictionary is read decides how the filter is compiled.
                    if (call.Method.Name == "get_Item" && TryGetParameter(argument, out var name) && _parameters[name] is string property)
                        _key.Append('=').Append(property.Length).Append(' ').Append(property);
                }

                break;
            case LambdaExpression lambda:
                Write(lambda.Body);
                break;
            case ConditionalExpression conditional:
                Write(conditional.Test);
                Write(conditional.IfTrue);
                Write(conditional.IfFalse);
                break;
            default:
                throw FilterTranslator.Unsupported(expression);
        }

        _key.Append(')');
    }

    private void WriteParameter(Expression expression)
    {
        var source = ClosedExpression.UnwrapSpan(expression);
        if (!_numbers.TryGetValue(expression, out var number))
        {
            number = _parameters.Count;
            _numbers[expression] = number;
            _numbers[source] = number;
            _parameters.Add(Snapshot(ClosedExpression.Evaluate(source)));
        }

        _key.Append('$').Append(number).Append(source.Type.Name);

        // What decides how a filter is compiled, and not only what it is compared with, is part of its form.
        switch (_parameters[number])
        {
            case StringComparison comparison:
                _key.Append('=').Append(comparison.ToString());
                break;
            case null:
                _key.Append("=null");
                break;
            case 0 when source is ConstantExpression:
                _key.Append("=0");
                break;
        }
    }

    // A sequence that is computed as it is read would be computed again for every part that reads it.
    private static object? Snapshot(object? value) => value switch
    {
        string or Array or IList or null => value,
        IEnumerable sequence when sequence.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(HashSet<>) => sequence,
        IEnumerable sequence => sequence.Cast<object?>().ToArray(),
        _ => value,
    };

    private static bool IsOpen(Expression expression)
    {
        var search = new ParameterSearch();
        search.Visit(expression);
        return search.Found;
    }

    private sealed class ParameterSearch : ExpressionVisitor
    {
        public bool Found { get; private set; }

        public override Expression? Visit(Expression? node)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return Found ? node : base.Visit(node);
        }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            Found = true;
            return node;
        }
    }
}
