using System.Runtime.CompilerServices;

namespace GenAI.Core.VectorStores;

/// <summary>How a value of a type stands in a file: little-endian, always in the same number of bytes, but for texts.</summary>
/// <remarks>
/// The bytes are those of memory: numbers, <c>Guid</c>, <c>decimal</c> (flags, high, low), <c>DateTime</c> (ticks, and the kind in the two highest bits),
/// <c>DateOnly</c> (day number), <c>TimeOnly</c> and <c>TimeSpan</c> (ticks). A <c>DateTimeOffset</c> is the ticks of its clock and its offset in ticks, 8 bytes each.
/// </remarks>
internal static class ValueFormat<T>
{
    public static bool IsText => typeof(T) == typeof(string);

    public static int Bytes => typeof(T) == typeof(DateTimeOffset) ? 16 : Unsafe.SizeOf<T>();

    public static void Write(Span<byte> to, T value)
    {
        if (typeof(T) == typeof(DateTimeOffset))
        {
            var moment = (DateTimeOffset)(object)value!;
            Unsafe.WriteUnaligned(ref to[..16][0], moment.Ticks);
            Unsafe.WriteUnaligned(ref to[8], moment.Offset.Ticks);
        }
        else
        {
            Unsafe.WriteUnaligned(ref to[..Bytes][0], value);
        }
    }

    public static T Read(ReadOnlySpan<byte> from)
    {
        if (typeof(T) == typeof(DateTimeOffset))
        {
            var ticks = Unsafe.ReadUnaligned<long>(in from[..16][0]);
            return (T)(object)new DateTimeOffset(ticks, new TimeSpan(Unsafe.ReadUnaligned<long>(in from[8])));
        }

        return Unsafe.ReadUnaligned<T>(in from[..Bytes][0]);
    }
}
