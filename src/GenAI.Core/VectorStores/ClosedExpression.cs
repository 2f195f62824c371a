using System.Linq.Expressions;
using System.Reflection;

namespace GenAI.Core.VectorStores;

/// <summary>Evaluates the parts of a filter that do not depend on the record: constants, captured variables, calls on them.</summary>
internal static class ClosedExpression
{
    /// <summary>The value of an expression without free parameters.</summary>
    /// <exception cref="InvalidOperationException">A member of null is asked for.</exception>
    public static object? Evaluate(Expression expression)
    {
        switch (expression)
        {
            case ConstantExpression constant:
                return constant.Value;

            case MemberExpression { Member: FieldInfo field } member:
                var owner = member.Expression is null ? null : Evaluate(member.Expression) ?? throw NullOwner(field);
                return field.GetValue(owner);

            case MemberExpression { Member: PropertyInfo property } member:
                if (member.Expression is null)
                    return property.GetValue(null);
                var instance = Evaluate(member.Expression);
                // A nullable value is boxed as its value: HasValue and Value have to be read off the box.
                if (Nullable.GetUnderlyingType(member.Expression.Type) is not null)
                    return property.Name == nameof(Nullable<int>.HasValue) ? instance is not null : instance ?? throw NullOwner(property);
                return property.GetValue(instance ?? throw NullOwner(property));

            case UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked, Method: null } convert when IsFree(convert):
                return Evaluate(convert.Operand);

            case NewArrayExpression { NodeType: ExpressionType.NewArrayInit } array:
                return array.Expressions.Select(Evaluate).ToArray();

            case NewExpression { Constructor: { } constructor } created when created.Arguments.All(argument => !argument.Type.IsByRefLike):
                return constructor.Invoke([.. created.Arguments.Select(Evaluate)]);

            default:
                // Whatever else C# can write down: the platform's own interpreter, which also runs ahead-of-time compiled.
                return Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)();
        }
    }

    /// <summary>Takes off what C# wraps around an array to pass it as a span, which no variable can hold.</summary>
    public static Expression UnwrapSpan(Expression expression)
    {
        while (expression.Type.IsByRefLike)
        {
            expression = expression switch
            {
                UnaryExpression { NodeType: ExpressionType.Convert } convert => convert.Operand,
                MethodCallExpression { Method.Name: "op_Implicit" or "AsSpan", Arguments: [var source] } => source,
                _ => throw new NotSupportedException($"The filter makes a span in '{expression}', which is not supported. Use an array or a list."),
            };
        }

        return expression;
    }

    // Up-casts, boxing and lifting to a nullable type leave the boxed value as it is.
    private static bool IsFree(UnaryExpression convert)
    {
        var (from, to) = (convert.Operand.Type, convert.Type);
        return to.IsAssignableFrom(from) || Nullable.GetUnderlyingType(to) == from;
    }

    private static InvalidOperationException NullOwner(MemberInfo member) =>
        new($"The filter reads '{member.Name}' of a value that is null.");
}
