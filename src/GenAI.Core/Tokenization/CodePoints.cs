using System.Runtime.CompilerServices;

namespace GenAI.Core.Tokenization;

/// <summary>Code points of well-formed UTF-16.</summary>
internal static class CodePoints
{
    /// <summary>The code point that begins at <paramref name="index"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(ReadOnlySpan<char> text, int index)
    {
        var unit = text[index];
        return char.IsHighSurrogate(unit) && index + 1 < text.Length ? char.ConvertToUtf32(unit, text[index + 1]) : unit;
    }

    /// <summary>The code point that ends before <paramref name="index"/>.</summary>
    public static int Before(ReadOnlySpan<char> text, int index)
    {
        var unit = text[index - 1];
        return char.IsLowSurrogate(unit) && index > 1 && char.IsHighSurrogate(text[index - 2]) ? char.ConvertToUtf32(text[index - 2], unit) : unit;
    }

    /// <summary>How many UTF-16 units the code point has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Units(int codePoint) => codePoint < 0x10000 ? 1 : 2;

    /// <summary>How many bytes of UTF-8 the code point has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bytes(int codePoint) => codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;

    /// <summary>Writes the units of a code point and returns how many.</summary>
    public static int Encode(int codePoint, Span<char> units)
    {
        if (codePoint < 0x10000)
        {
            units[0] = (char)codePoint;
            return 1;
        }

        units[0] = (char)(0xD800 + ((codePoint - 0x10000) >> 10));
        units[1] = (char)(0xDC00 + ((codePoint - 0x10000) & 0x3FF));
        return 2;
    }

    /// <summary>How many code points a text has.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        foreach (var unit in text)
        {
            if (char.IsLowSurrogate(unit))
                count--;
        }

        return count;
    }
}
