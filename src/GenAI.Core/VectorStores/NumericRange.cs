using System.Globalization;

namespace GenAI.Core.VectorStores;

/// <summary>C#'s numeric promotions: in which range two numbers of different types are compared.</summary>
internal static class NumericRange
{
    internal enum Kind
    {
        /// <summary>The integers that a long holds, and characters.</summary>
        Integer,
        Single,
        Double,
        Decimal,
    }

    public static Kind? Of(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Int64 or TypeCode.Char => Kind.Integer,
        TypeCode.Single => Kind.Single,
        TypeCode.Double => Kind.Double,
        TypeCode.Decimal or TypeCode.UInt64 => Kind.Decimal,
        _ => null,
    };

    public static bool IsNumeric(Type type) => Of(type) is not null;

    // The type tests are constants to the compiler, so that nothing is boxed.
    public static long ToInt64<T>(T value) =>
        typeof(T) == typeof(int) ? (int)(object)value!
        : typeof(T) == typeof(short) ? (short)(object)value!
        : typeof(T) == typeof(byte) ? (byte)(object)value!
        : typeof(T) == typeof(long) ? (long)(object)value!
        : value is char letter ? letter
        : Convert.ToInt64(value, CultureInfo.InvariantCulture);

    public static double ToDouble<T>(T value) =>
        typeof(T) == typeof(float) ? (float)(object)value!
        : typeof(T) == typeof(int) ? (int)(object)value!
        : typeof(T) == typeof(long) ? (long)(object)value!
        : typeof(T) == typeof(double) ? (double)(object)value!
        : value is char letter ? letter
        : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    public static decimal ToDecimal(object value) => value is char letter ? letter : Convert.ToDecimal(value, CultureInfo.InvariantCulture);
}
