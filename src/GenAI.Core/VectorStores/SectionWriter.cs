using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GenAI.Core.VectorStores;

/// <summary>
/// Writes a section of a segment in parts, each from a multiple of 8 bytes on. Behind the last part stands where each begins, then where the last one ends, and how
/// many there are: 8 bytes for each number.
/// </summary>
internal sealed class SectionWriter(Stream section)
{
    private readonly List<long> _starts = [];
    private long _length;

    public void BeginPart()
    {
        Pad();
        _starts.Add(_length);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        section.Write(bytes);
        _length += bytes.Length;
    }

    public void Write<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        // Spans count in 32 bits.
        const int AtOnce = 1 << 24;
        for (; values.Length > AtOnce; values = values[AtOnce..])
            Write(MemoryMarshal.AsBytes(values[..AtOnce]));
        Write(MemoryMarshal.AsBytes(values));
    }

    public void Part<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        BeginPart();
        Write(values);
    }

    public void Complete()
    {
        var end = _length;
        Pad();
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var place in _starts.Append(end).Append(_starts.Count))
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, place);
            Write(number);
        }
    }

    private void Pad()
    {
        ReadOnlySpan<byte> zeros = [0, 0, 0, 0, 0, 0, 0];
        Write(zeros[..(int)(-_length & 7)]);
    }
}
