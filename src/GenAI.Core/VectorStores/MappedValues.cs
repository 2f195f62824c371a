using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace GenAI.Core.VectorStores;

/// <summary>Values in a mapped section, as <see cref="ValueWriter{T}"/> wrote them. Each is verified when it is read.</summary>
/// <remarks>Safe for concurrent reading.</remarks>
internal sealed class MappedValues<T>
    where T : IComparable<T>, IEquatable<T>
{
    /// <summary>How many parts of a section values take.</summary>
    public const int Parts = 3;

    private readonly SectionPart _values;
    private readonly SectionPart _places;
    private readonly SectionPart _present;

    public MappedValues(ReadOnlySpan<SectionPart> parts, int count)
    {
        (_values, _places, _present, Count) = (parts[0], parts[1], parts[2], count);
        if (ValueFormat<T>.IsText)
            _places.Expect(count + 1L, sizeof(long));
        else
            _values.Expect(count, ValueFormat<T>.Bytes);
        if (HasNulls)
            _present.Expect(RowBits.Words(count), sizeof(ulong));
    }

    public int Count { get; }

    private bool HasNulls => _present.Length > 0;

    public bool Has(int place) => !HasNulls || RowBits.Has(_present.Values<ulong>(place >> 6, 1), place & 63);

    /// <summary>The value of a place that has one.</summary>
    public T this[int place] => ValueFormat<T>.IsText ? (T)(object)Text(place) : ValueFormat<T>.Read(_values.Bytes((long)place * ValueFormat<T>.Bytes, ValueFormat<T>.Bytes));

    public bool TryGet(int place, [MaybeNullWhen(false)] out T value)
    {
        var has = Has(place);
        value = has ? this[place] : default;
        return has;
    }

    /// <summary>Orders the value of a place that has one and another value, without making a text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Compare(int place, T value)
    {
        if (!ValueFormat<T>.IsText)
            return Ordering<T>.Compare(this[place], value);

        var bytes = TextBytes(place, out var isWide);
        var text = ((string)(object)value).AsSpan();
        if (isWide)
            return MemoryMarshal.Cast<byte, char>(bytes).SequenceCompareTo(text);

        var common = Math.Min(bytes.Length, text.Length);
        for (var i = 0; i < common; i++)
        {
            if (bytes[i] != text[i])
                return bytes[i] - text[i];
        }

        return bytes.Length - text.Length;
    }

    private string Text(int place)
    {
        var bytes = TextBytes(place, out var isWide);
        return isWide ? new string(MemoryMarshal.Cast<byte, char>(bytes)) : Encoding.Latin1.GetString(bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<byte> TextBytes(int place, out bool isWide)
    {
        var places = _places.Values<long>(place, 2);
        isWide = (places[0] & 1) != 0;
        var (start, end) = (places[0] >> 1, places[1] >> 1);
        if (start < 0 || end < start || end - start > int.MaxValue)
            throw SectionPart.Damaged(_values.Section, $"Text {place} goes from {start} to {end}.");
        return _values.Bytes(start, (int)(end - start));
    }
}
