using System.Buffers;
using System.Runtime.InteropServices;

namespace GenAI.Core.VectorStores;

/// <summary>
/// Writes values one after the other as three parts of a section. The first has the values: of a text one byte for each character if all are
/// below 256, or else two. The second has, of texts, where each begins, doubled, with 1 added where characters take two bytes, and where the last one ends.
/// The third has a bit for each value that is not null; it is empty if none is.
/// </summary>
internal sealed class ValueWriter<T> : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly SectionWriter _section;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private readonly List<long>? _places;
    private readonly List<ulong> _present = [];
    private int _filled;
    private long _written;
    private bool _hasNull;

    public ValueWriter(SectionWriter section)
    {
        _section = section;
        _places = ValueFormat<T>.IsText ? [] : null;
        section.BeginPart();
    }

    public int Count { get; private set; }

    public void AddNull()
    {
        _hasNull = true;
        Advance();
        if (_places is not null)
            _places.Add(_written << 1);
        else
            Room(ValueFormat<T>.Bytes).Clear();
    }

    public void Add(T value)
    {
        Advance();
        RowBits.Add(CollectionsMarshal.AsSpan(_present), Count - 1);
        if (_places is null)
        {
            ValueFormat<T>.Write(Room(ValueFormat<T>.Bytes), value);
            return;
        }

        var text = ((string)(object)value!).AsSpan();
        var isWide = text.ContainsAnyExceptInRange('\0', '\u00FF');
        _places.Add(_written << 1 | (isWide ? 1L : 0));
        if (isWide)
            AddBytes(MemoryMarshal.AsBytes(text));
        else
            AddNarrow(text);
    }

    public void Complete()
    {
        Flush();
        _places?.Add(_written << 1);
        _section.Part<long>(CollectionsMarshal.AsSpan(_places));
        _section.Part<ulong>(_hasNull ? CollectionsMarshal.AsSpan(_present) : []);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Advance()
    {
        if ((Count++ & 63) == 0)
            _present.Add(0);
    }

    private void AddNarrow(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var piece = text[..Math.Min(text.Length, BufferBytes / 4)];
            var room = Room(piece.Length);
            for (var i = 0; i < piece.Length; i++)
                room[i] = (byte)piece[i];
            text = text[piece.Length..];
        }
    }

    private void AddBytes(ReadOnlySpan<byte> bytes)
    {
        Flush();
        _section.Write(bytes);
        _written += bytes.Length;
    }

    private Span<byte> Room(int count)
    {
        if (_filled + count > BufferBytes)
            Flush();
        var room = _buffer.AsSpan(_filled, count);
        _filled += count;
        _written += count;
        return room;
    }

    private void Flush()
    {
        _section.Write(_buffer.AsSpan(0, _filled));
        _filled = 0;
    }
}
