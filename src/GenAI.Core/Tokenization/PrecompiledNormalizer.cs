using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace GenAI.Core.Tokenization;

/// <summary>SentencePiece's table of replacements: a double-array trie over UTF-8, and the texts that its values point to.</summary>
internal sealed class PrecompiledNormalizer : TextNormalizer
{
    private readonly uint[] _trie;
    private readonly byte[] _texts;
    private readonly int[][] _ascii = new int[128][]; // replacement of each ASCII character; null: itself

    /// <exception cref="InvalidDataException">The table is cut short.</exception>
    public PrecompiledNormalizer(ReadOnlySpan<byte> table)
    {
        var size = table.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(table);
        if (size < 4 || size % 4 != 0 || size > table.Length - 4)
            throw new InvalidDataException($"the table says that its trie has {size} bytes, and {table.Length} bytes are there");
        _trie = new uint[size / 4];
        for (var i = 0; i < _trie.Length; i++)
            _trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(4 + 4 * i)..]);
        _texts = table[(4 + size)..].ToArray();
        for (var c = 0; c < 128; c++)
            _ascii[c] = Find([(byte)c], out var replacement) ? replacement : null!;
    }

    public override void Normalize(AlignedText source, AlignedText destination)
    {
        var text = source.Span;
        destination.Reserve(text.Length);
        var transform = new Replacing(source, destination);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] < 0x80 && (i + 1 == text.Length || text[i + 1] < 0x80) && text[i] != '\r')
            {
                if (_ascii[text[i]] is { } replacement)
                    transform.Replace(1, replacement);
                else
                    transform.Keep(text[i]);
                i++;
                continue;
            }

            var length = ClusterLength(text[i..]);
            Cluster(text.Slice(i, length), ref transform);
            i += length;
        }

        transform.Flush();
    }

    // The reference knows of the marks of Unicode 17, the runtime of those of 16: what the runtime begins with such a mark belongs to what is before.
    private static int ClusterLength(ReadOnlySpan<char> text)
    {
        var length = StringInfo.GetNextTextElementLength(text);
        while (length < text.Length && !char.IsControl(text[length - 1]) && IsNewMark(CodePoints.At(text, length)))
            length += StringInfo.GetNextTextElementLength(text[length..]);
        return length;
    }

    private static bool IsNewMark(int codePoint) => codePoint is (>= 0x1ACF and <= 0x1ADD) or (>= 0x1AE0 and <= 0x1AEB) or 0x10EFA or 0x10EFB
        or (>= 0x11B60 and <= 0x11B67) or 0x1E6E3 or 0x1E6E6 or 0x1E6EE or 0x1E6EF or 0x1E6F5;

    // A cluster of fewer than six bytes is looked up whole, which replaces all of it by what its first part stands for; any other
    // one code point at a time. So does the reference.
    private void Cluster(ReadOnlySpan<char> cluster, ref Replacing transform)
    {
        Span<byte> utf8 = stackalloc byte[8];
        if (cluster.Length < 6 && Encoding.UTF8.GetByteCount(cluster) is var bytes and < 6)
        {
            Encoding.UTF8.GetBytes(cluster, utf8);
            if (Find(utf8[..bytes], out var whole))
            {
                transform.Replace(CodePoints.Count(cluster), whole);
                return;
            }
        }

        for (var i = 0; i < cluster.Length;)
        {
            var codePoint = CodePoints.At(cluster, i);
            var length = new Rune(codePoint).EncodeToUtf8(utf8);
            if (Find(utf8[..length], out var replacement))
                transform.Replace(1, replacement);
            else
                transform.Keep(codePoint);
            i += CodePoints.Units(codePoint);
        }
    }

    private bool Find(ReadOnlySpan<byte> key, out int[] replacement)
    {
        replacement = [];
        var node = Offset(_trie[0]);
        foreach (var unit in key)
        {
            if (unit == 0)
                return false;
            node ^= unit;
            if (node >= (uint)_trie.Length || (_trie[node] & 0x800000FF) != unit)
                return false;
            var entry = _trie[node];
            node ^= Offset(entry);
            if ((entry & 0x100) == 0)
                continue;

            var start = node < (uint)_trie.Length ? (int)(_trie[node] & 0x7FFFFFFF) : int.MaxValue;
            if (start > _texts.Length)
                return false;
            var text = _texts.AsSpan(start);
            var end = text.IndexOf((byte)0);
            replacement = [.. Encoding.UTF8.GetString(end < 0 ? text : text[..end]).EnumerateRunes().Select(rune => rune.Value)];
            return true;
        }

        return false;
    }

    private static uint Offset(uint entry) => entry >> 10 << (int)((entry & 0x200) >> 6);

    /// <summary>Emits with the changes that the reference gives its replacements, one behind so that a removal can count towards the code point before it.</summary>
    private ref struct Replacing(AlignedText source, AlignedText destination)
    {
        private AlignedTransform _transform = new(source, destination);
        private int _held = -1, _change;

        public void Keep(int codePoint) => Hold(codePoint, 0);

        public void Replace(int count, int[] replacement)
        {
            for (var i = 0; i < replacement.Length; i++)
                Hold(replacement[i], i < count ? 0 : 1);
            if (replacement.Length < count && _held >= 0)
                _change -= count - replacement.Length;
        }

        public void Flush()
        {
            if (_held >= 0)
                _transform.Emit(_held, _change);
            _held = -1;
        }

        private void Hold(int codePoint, int change)
        {
            Flush();
            (_held, _change) = (codePoint, change);
        }
    }
}
