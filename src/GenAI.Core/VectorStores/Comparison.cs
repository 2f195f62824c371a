using System.Linq.Expressions;
using System.Runtime.CompilerServices;

namespace GenAI.Core.VectorStores;

/// <summary>A comparison as the signs that it accepts: bit 0 for less, bit 1 for equal, bit 2 for greater.</summary>
/// <remarks>One loop serves all six operators.</remarks>
internal readonly record struct Comparison(int Accepted)
{
    public static readonly Comparison Less = new(1);
    public static readonly Comparison Equal = new(2);
    public static readonly Comparison Greater = new(4);
    public static readonly Comparison LessOrEqual = new(3);
    public static readonly Comparison GreaterOrEqual = new(6);
    public static readonly Comparison NotEqual = new(5);

    public static Comparison? Of(ExpressionType type) => type switch
    {
        ExpressionType.Equal => Equal,
        ExpressionType.NotEqual => NotEqual,
        ExpressionType.LessThan => Less,
        ExpressionType.LessThanOrEqual => LessOrEqual,
        ExpressionType.GreaterThan => Greater,
        ExpressionType.GreaterThanOrEqual => GreaterOrEqual,
        _ => null,
    };

    /// <summary>The same comparison with its sides exchanged.</summary>
    public Comparison Mirrored => new((Accepted & 2) | (Accepted & 1) << 2 | (Accepted & 4) >> 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Accepts<T>(T left, T right)
        where T : IComparable<T>
    {
        // As in C#: nothing compares to NaN, not even itself.
        if (IsNaN(left) || IsNaN(right))
            return this == NotEqual;
        return AcceptsSign(Ordering<T>.Compare(left, right));
    }

    /// <summary>Whether it accepts what two values compared as.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool AcceptsSign(int sign) => (Accepted >> (sign < 0 ? 0 : sign == 0 ? 1 : 2) & 1) != 0;

    /// <summary>As C# compares a null with a null, or with a value.</summary>
    public bool AcceptsNull(bool bothNull) => bothNull ? this == Equal : this == NotEqual;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNaN<T>(T value) =>
        typeof(T) == typeof(double) ? double.IsNaN((double)(object)value!) : typeof(T) == typeof(float) && float.IsNaN((float)(object)value!);
}

/// <summary>The order of values that does not depend on the culture.</summary>
internal static class Ordering<T>
    where T : IComparable<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Compare(T left, T right) =>
        typeof(T) == typeof(string) ? string.CompareOrdinal((string)(object)left, (string)(object)right) : left.CompareTo(right);

    /// <summary>Orders a row of one column and a row of another, or the same: nulls first.</summary>
    public static int Compare(IValues<T> left, int leftRow, IValues<T> right, int rightRow)
    {
        var (hasLeft, hasRight) = (left.TryGet(leftRow, out var leftValue), right.TryGet(rightRow, out var rightValue));
        return hasLeft && hasRight ? Compare(leftValue!, rightValue!) : hasLeft.CompareTo(hasRight);
    }
}
