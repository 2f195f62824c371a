using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GenAI.Core.VectorStores;

/// <summary>Takes a log record apart, as <see cref="LogWriter"/> put it together.</summary>
/// <remarks>Its checksum was right; that it is cut off all the same is found by <see cref="ArgumentOutOfRangeException"/>.</remarks>
internal ref struct LogReader(ReadOnlySpan<byte> record)
{
    private ReadOnlySpan<byte> _rest = record;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    /// <summary>A number of things of which each takes at least so many bytes: never more than can be there.</summary>
    public int Count(int leastBytes)
    {
        var count = Int();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ThrowIfFewer(count, leastBytes);
        return count;
    }

    public readonly void ThrowIfFewer(int count, int leastBytes) => ArgumentOutOfRangeException.ThrowIfGreaterThan((long)count * leastBytes, _rest.Length, nameof(count));

    public byte Byte() => Take(1)[0];

    public ReadOnlySpan<byte> Bytes(int count) => Take(count);

    public void Floats(Span<float> values) => Take(values.Length * sizeof(float)).CopyTo(MemoryMarshal.AsBytes(values));

    public T? Value<T>()
    {
        if (!ValueFormat<T>.IsText)
            return ValueFormat<T>.Read(Take(ValueFormat<T>.Bytes));

        var length = Int();
        return length < 0 ? default : (T)(object)string.Create(length, Take(checked(length * sizeof(char))), static (text, bytes) => bytes.CopyTo(MemoryMarshal.AsBytes(text)));
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
