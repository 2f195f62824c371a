using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace GenAI.Core.Text;

/// <summary>
/// Makes words that differ only in case, accents or presentation the same: lower case, compatibility forms replaced
/// (full width, ligatures, superscripts, mathematical letters), accents dropped, <c>ß</c> to <c>ss</c>, <c>æ</c> to <c>ae</c>,
/// <c>ø</c> to <c>o</c> and the like.
/// </summary>
/// <remarks>
/// By a table of the library's own, so the result is the same on every operating system, ICU version and in
/// globalization-invariant mode. Dropped are the accents of Latin, Greek and Cyrillic and the optional signs of Hebrew, Arabic
/// and Syriac; vowel signs of Indic and South-East Asian scripts and the voicing marks of kana are letters to their readers
/// and stay. Folding a folded text changes nothing.
/// </remarks>
internal static class TextFolding
{
    /// <summary>How many characters one character can become, at most: the room a destination needs per character.</summary>
    public const int MaxExpansion = FoldingTable.MaxExpansion;

    /// <summary>Writes the folded form of <paramref name="source"/> and returns its length.</summary>
    /// <param name="source">The text.</param>
    /// <param name="destination">At least <see cref="MaxExpansion"/> times as long as the text, or as long if the text is ASCII; not overlapping it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Fold(ReadOnlySpan<char> source, Span<char> destination)
    {
        var length = 0;
        for (var i = 0; i < source.Length; i++)
        {
            var c = source[i];
            if (c < 0x80)
            {
                destination[length++] = ToLowerAscii(c);
                continue;
            }

            if (char.IsHighSurrogate(c) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]))
            {
                length = Append(char.ConvertToUtf32(c, source[++i]), destination, length);
                continue;
            }

            var entry = FoldingTable.Entry(c);
            if (entry == 0)
                entry = c;
            else if (entry == FoldingTable.Dropped)
                continue;
            else if (entry is >= FoldingTable.FirstExpansion and <= FoldingTable.LastExpansion)
            {
                foreach (var expanded in FoldingTable.Expansion(entry - FoldingTable.FirstExpansion))
                    length = Append(expanded, destination, length);
                continue;
            }

            length = Append(entry, destination, length);
        }

        return length;
    }

    /// <summary>Folds a text of ASCII characters, which is to put it in lower case.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FoldAscii(ReadOnlySpan<char> source, Span<char> destination)
    {
        Debug.Assert(destination.Length >= source.Length, "The destination is too short.");
        for (var i = 0; i < source.Length; i++)
            destination[i] = ToLowerAscii(source[i]);
    }

    /// <summary>The folded form of <paramref name="text"/>.</summary>
    public static string Fold(string text)
    {
        var buffer = new char[text.Length * MaxExpansion];
        return new string(buffer, 0, Fold(text, buffer));
    }

    /// <summary>The lower case of an ASCII character.</summary>
    public static char ToLowerAscii(char c) => (uint)(c - 'A') <= 'Z' - 'A' ? (char)(c | 0x20) : c;

    // Composes Hangul syllables, so that decomposed text folds to the same. (Voiced kana and Indic letters with a dot go the
    // other way: the table takes them apart.)
    private static int Append(char c, Span<char> destination, int length)
    {
        if (length > 0)
        {
            ref var last = ref destination[length - 1];
            if (c is >= '\u1161' and <= '\u1175' && last is >= '\u1100' and <= '\u1112')
            {
                last = (char)(0xAC00 + (((last - 0x1100) * 21) + (c - 0x1161)) * 28);
                return length;
            }

            if (c is >= '\u11A8' and <= '\u11C2' && last is >= '\uAC00' and <= '\uD7A3' && (last - 0xAC00) % 28 == 0)
            {
                last = (char)(last + (c - 0x11A7));
                return length;
            }
        }

        destination[length] = c;
        return length + 1;
    }

    private static int Append(int codePoint, Span<char> destination, int length)
    {
        if (codePoint is >= 0x1D400 and <= 0x1D7FF)
        {
            var entry = FoldingTable.Mathematical(codePoint - 0x1D400);
            if (entry != 0)
            {
                destination[length] = entry;
                return length + 1;
            }
        }
        else if (codePoint is >= 0xE0100 and <= 0xE01EF)
            return length; // variation selectors

        codePoint = codePoint switch
        {
            >= 0x10400 and <= 0x10427 => codePoint + 40, // Deseret
            >= 0x104B0 and <= 0x104D3 => codePoint + 40, // Osage
            >= 0x10570 and <= 0x10595 => codePoint + 39, // Vithkuqi
            >= 0x10C80 and <= 0x10CB2 => codePoint + 64, // Old Hungarian
            >= 0x10D50 and <= 0x10D65 => codePoint + 32, // Garay
            >= 0x118A0 and <= 0x118BF => codePoint + 32, // Warang Citi
            >= 0x16E40 and <= 0x16E5F => codePoint + 32, // Medefaidrin
            >= 0x1E900 and <= 0x1E921 => codePoint + 34, // Adlam
            _ => codePoint,
        };
        destination[length] = (char)(((codePoint - 0x10000) >> 10) + 0xD800);
        destination[length + 1] = (char)(((codePoint - 0x10000) & 0x3FF) + 0xDC00);
        return length + 2;
    }
}
