using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;

namespace GenAI.Core.VectorStores;

/// <summary>The keys of a segment: as a column, and in a table of 8-byte slots, each with the upper half of the key's hash (XxHash3) and the row plus 1.</summary>
internal sealed class MappedKeyMap<T> : KeyMap
    where T : IComparable<T>, IEquatable<T>
{
    /// <summary>How many parts the keys' section has: values, no order, and the table.</summary>
    public const int Parts = MappedValues<T>.Parts + 2;

    private readonly MappedValues<T> _keys;
    private readonly MappedColumn<T> _column;
    private readonly SectionPart _table;
    private readonly long _slots;

    public MappedKeyMap(string name, SectionPart[] parts, int rows)
    {
        _keys = new MappedValues<T>(parts, rows);
        _column = new MappedColumn<T>(new DataField(name, name, typeof(T), IsIndexed: false, IsFullTextIndexed: false), _keys, parts[^2]);
        _table = parts[^1];
        _slots = _table.Length / sizeof(ulong);
        if (!BitOperations.IsPow2(_slots) || _slots <= rows)
            throw SectionPart.Damaged(_table.Section, $"The table of {rows} keys has {_slots} slots.");
    }

    public override Column Column => _column;

    public override bool TryFind(object key, out int row) => TryFind(Typed<T>(key), out row);

    public override object this[int row] => _keys[row];

    public override void Narrow(ValueTest test, object?[] parameters, Span<ulong> rows)
    {
        if (BoundTest<T>.Bind(test, parameters, _column.Field).AnyOf is not { } keys)
        {
            _column.Narrow(test, parameters, rows);
            return;
        }

        using var found = RowBits.Empty(rows.Length);
        foreach (var key in keys)
        {
            if (TryFind(key, out var row))
                RowBits.Add(found.Bits, row);
        }

        RowBits.Intersect(rows, found.Bits);
    }

    /// <summary>Writes the section of a segment's keys.</summary>
    public static void Write(SectionWriter section, IReadOnlyList<(Column Column, ulong[] Rows)> sources)
    {
        ValueColumn<T>.Write(section, sources, isIndexed: false);
        var count = sources.Sum(source => RowBits.Count(source.Rows));
        var slots = new ulong[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, count * 2L))];
        var row = 0;
        foreach (var (column, wanted) in sources)
        {
            var keys = (IValues<T>)column;
            for (var word = 0; word < wanted.Length; word++)
            {
                for (var left = wanted[word]; left != 0; left &= left - 1)
                {
                    keys.TryGet(word * 64 + BitOperations.TrailingZeroCount(left), out var key);
                    var hash = HashOf(key!);
                    var slot = (long)hash & (slots.Length - 1);
                    while (slots[slot] != 0)
                        slot = (slot + 1) & (slots.Length - 1);
                    slots[slot] = (hash & 0xFFFFFFFF_00000000) | (uint)++row;
                }
            }
        }

        section.Part<ulong>(slots);
    }

    private static ulong HashOf(T key)
    {
        if (ValueFormat<T>.IsText)
            return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(((string)(object)key).AsSpan()));
        Span<byte> bytes = stackalloc byte[16];
        bytes = bytes[..ValueFormat<T>.Bytes];
        ValueFormat<T>.Write(bytes, key);
        return XxHash3.HashToUInt64(bytes);
    }

    private bool TryFind(T key, out int row)
    {
        var hash = HashOf(key);
        var slot = (long)hash & (_slots - 1);
        for (var looks = 0L; looks < _slots; looks++, slot = (slot + 1) & (_slots - 1))
        {
            var stored = _table.Values<ulong>(slot, 1)[0];
            if (stored == 0)
                break;
            row = (int)(uint)stored - 1;
            if ((uint)row >= (uint)_keys.Count)
                throw SectionPart.Damaged(_table.Section, $"The table names row {row}, but there are {_keys.Count}.");
            if ((stored ^ hash) >> 32 == 0 && _keys.Compare(row, key) == 0)
                return true;
        }

        row = -1;
        return false;
    }
}
