using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Injection;

/// <summary>
/// A text as a reader sees it, and as rules and the model read it: in small letters, without what is not seen, lookalikes as the letters they look like, and digits and signs in words as the letters they
/// are written for (<c>1gn0r3</c>). <c>l</c> is written <c>i</c>, since both are what <c>1</c> and <c>|</c> may stand for. Each character knows where it comes from.
/// </summary>
internal sealed class NormalText
{
    // The words of English that are all of digits in leetspeak are short.
    private const int LongestNumber = 3;

    private char[] _text = [];
    private int[] _places = [];
    private int _length;

    public ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

    /// <summary>Where in the original a character comes from.</summary>
    public int PlaceOf(int index) => index < _length ? _places[index] : _length == 0 ? 0 : _places[_length - 1] + 1;

    /// <summary>Whether characters were left out that are not seen.</summary>
    public bool HasInvisible { get; private set; }

    /// <summary>Reads a text; what was read before is forgotten.</summary>
    public void Read(ReadOnlySpan<char> source)
    {
        if (_text.Length < source.Length)
            (_text, _places) = (new char[source.Length], new int[source.Length]);
        var (text, places) = (_text, _places);
        var length = 0;
        HasInvisible = false;

        // Where the word began, and whether it has a letter, and a digit or sign that may stand for one.
        var (word, hasLetter, hasSign) = (-1, false, false);

        // Whether the word before had digits or signs for letters: a number behind it is likely to be one too, such as 70 for "to".
        var (isWritten, retry) = (false, 0);
        for (var i = 0; i < source.Length; i++)
        {
            // Most of a text is letters, blanks and full stops: sixteen of them at once, where no word is begun that has digits or signs.
            for (var letters = 0u; i >= retry && !hasSign && TryPlain(source[i..], text.AsSpan(length), out letters);)
            {
                for (var j = 0; j < Vector256<ushort>.Count; j++)
                    places[length + j] = i + j;

                // The letters at the end of the sixteen begin the next word, or go on with the one before.
                var ending = BitOperations.LeadingZeroCount(~(letters << 16));
                if (ending < 16)
                {
                    isWritten &= word < 0 && (letters & ((1u << (16 - ending)) - 1)) == 0;
                    word = ending > 0 ? length + 16 - ending : -1;
                }
                else if (word < 0)
                {
                    word = length;
                }

                hasLetter = ending > 0;
                length += Vector256<ushort>.Count;
                i += Vector256<ushort>.Count;
                if (i == source.Length)
                    break;
            }

            if (i == source.Length)
                break;
            if (i >= retry && !hasSign)
                retry = i + Vector256<ushort>.Count;
            var c = source[i];
            var place = i;
            if (char.IsHighSurrogate(c) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]))
                c = Lookalikes.OfAstral(char.ConvertToUtf32(c, source[++i]));
            else
                c = Lookalikes.Of(c);
            if (c == Lookalikes.Invisible)
            {
                HasInvisible = true;
                continue;
            }

            text[length] = c;
            places[length] = place;
            if (c is >= 'a' and <= 'z')
            {
                word = word < 0 ? length : word;
                hasLetter = true;
                if (c == 'l')
                    text[length] = 'i';
            }
            else if (c is (>= '0' and <= '9') or '@' or '$' or '|' or '!')
            {
                word = word < 0 ? length : word;
                hasSign = true;
            }
            else
            {
                if (word >= 0)
                {
                    isWritten = hasSign && (hasLetter || (isWritten && length - word <= LongestNumber)) && Letters(text.AsSpan(word..length));
                    (word, hasLetter, hasSign) = (-1, false, false);
                }
            }

            length++;
        }

        if (hasSign && (hasLetter || (isWritten && length - word <= LongestNumber)))
            Letters(text.AsSpan(word..length));
        _length = length;
    }

    /// <summary>Writes a pattern or word the way texts are written here.</summary>
    public static string Canonical(string text) => text.Replace('l', 'i');

    // Sixteen code units that are ASCII, neither digits nor signs that may stand for letters, nor control characters other than line feeds. Their letters come as bits, the first as the lowest.
    private static bool TryPlain(ReadOnlySpan<char> source, Span<char> text, out uint letters)
    {
        letters = 0;
        if (!Vector256.IsHardwareAccelerated || source.Length < Vector256<ushort>.Count)
            return false;
        var units = Vector256.LoadUnsafe(ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(source)));
        var controls = Vector256.LessThan(units, Vector256.Create((ushort)' ')) & ~Vector256.Equals(units, Vector256.Create((ushort)'\n'));
        var digits = Vector256.LessThan(units - Vector256.Create((ushort)'0'), Vector256.Create((ushort)10));
        var signs = Vector256.Equals(units, Vector256.Create((ushort)'@')) | Vector256.Equals(units, Vector256.Create((ushort)'$')) | Vector256.Equals(units, Vector256.Create((ushort)'|')) | Vector256.Equals(units, Vector256.Create((ushort)'!'));
        if ((controls | digits | signs | Vector256.GreaterThan(units, Vector256.Create((ushort)'~'))) != default)
            return false;
        var isUpper = Vector256.LessThan(units - Vector256.Create((ushort)'A'), Vector256.Create((ushort)26));
        units |= isUpper & Vector256.Create((ushort)0x20);
        letters = Vector256.LessThan(units - Vector256.Create((ushort)'a'), Vector256.Create((ushort)26)).ExtractMostSignificantBits();
        units = Vector256.ConditionalSelect(Vector256.Equals(units, Vector256.Create((ushort)'l')), Vector256.Create((ushort)'i'), units);
        units.StoreUnsafe(ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text)));
        return true;
    }

    // Whether there was anything to write.
    private static bool Letters(Span<char> word)
    {
        // Signs behind a word are punctuation.
        word = word.TrimEnd("!|".AsSpan());
        if (!word.ContainsAnyInRange('0', '9') && !word.ContainsAny("@$|!"))
            return false;
        foreach (ref var c in word)
        {
            c = c switch
            {
                '0' => 'o',
                '1' or '!' or '|' => 'i',
                '3' => 'e',
                '4' or '@' => 'a',
                '5' or '$' => 's',
                '7' => 't',
                '8' => 'b',
                '9' or '6' => 'g',
                _ => c,
            };
        }

        return true;
    }
}
