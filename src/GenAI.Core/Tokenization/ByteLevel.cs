using System.Collections.Frozen;
using System.Text;

namespace GenAI.Core.Tokenization;

/// <summary>The alphabet of byte-level vocabularies: a printable character for every byte (GPT-2).</summary>
internal static class ByteLevel
{
    /// <summary>The character of each byte.</summary>
    public static readonly char[] Characters = Build();

    private static readonly FrozenDictionary<char, byte> Bytes = Enumerable.Range(0, 256).ToFrozenDictionary(i => Characters[i], i => (byte)i);

    /// <summary>The byte that a character stands for.</summary>
    public static bool TryGetByte(char character, out byte value) => Bytes.TryGetValue(character, out value);

    /// <summary>Appends the characters of the bytes of a part of <paramref name="source"/>.</summary>
    public static void Append(AlignedText source, int start, int length, AlignedText destination)
    {
        var text = source.Span;
        Span<byte> bytes = stackalloc byte[4];
        for (var i = start; i < start + length;)
        {
            var codePoint = CodePoints.At(text, i);
            if (codePoint < 0x80)
            {
                destination.Append(Characters[codePoint], source, i++);
                continue;
            }

            var count = new Rune(codePoint).EncodeToUtf8(bytes);
            for (var k = 0; k < count; k++)
                destination.Append(Characters[bytes[k]], source, i);
            i += CodePoints.Units(codePoint);
        }
    }

    private static char[] Build()
    {
        var characters = new char[256];
        var next = 256;
        for (var i = 0; i < 256; i++)
            characters[i] = (char)(i is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? i : next++);
        return characters;
    }
}
