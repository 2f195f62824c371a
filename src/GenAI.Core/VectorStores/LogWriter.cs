using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GenAI.Core.VectorStores;

/// <summary>Puts the bytes of one log record together, in pooled memory.</summary>
internal sealed class LogWriter : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int _length;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public void Int(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(sizeof(int)), value);

    public void Byte(byte value) => Take(1)[0] = value;

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Floats(ReadOnlySpan<float> values) => Bytes(MemoryMarshal.AsBytes(values));

    /// <summary>A value; null only where <typeparamref name="T"/> is a text.</summary>
    public void Value<T>(T value)
    {
        if (!ValueFormat<T>.IsText)
        {
            ValueFormat<T>.Write(Take(ValueFormat<T>.Bytes), value);
            return;
        }

        var text = (string?)(object?)value;
        Int(text?.Length ?? -1);
        Bytes(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private Span<byte> Take(int count)
    {
        var end = checked(_length + count);
        if (end > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(end, (int)Math.Min(Array.MaxLength, _buffer.Length * 2L)));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var taken = _buffer.AsSpan(_length, count);
        _length = end;
        return taken;
    }
}
