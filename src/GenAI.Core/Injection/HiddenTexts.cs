using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace GenAI.Core.Injection;

/// <summary>Texts that are hidden in a text by an encoding: base 64, hexadecimal, percent signs, or letters moved by 13.</summary>
internal static class HiddenTexts
{
    // Shorter runs are words and numbers.
    private const int FewestEncoded = 16;

    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-=");
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n\"'`<>(){}[],;:|");

    // Of the letters of English, German and the Romance languages some two fifths are vowels, of their letters moved by 13 a fifth.
    private const int FewestLetters = 16;

    // A longer line is judged by its beginning.
    private const int LongestLine = 1 << 20;
    private const uint VowelBits = 1 << 0 | 1 << 4 | 1 << 8 | 1 << 14 | 1 << 20, MovedVowelBits = 1 << 13 | 1 << 17 | 1 << 21 | 1 << 1 | 1 << 7;
    private const double MostVowelsMoved = 0.29, FewestVowels = 0.31;

    // For each ASCII character what it adds to the number of letters, and 21 and 42 bits further up to that of vowels and of vowels that were moved.
    private static readonly long[] LetterCounts = CountsOfLetters();

    /// <summary>What is hidden in a text, with the range that hides it.</summary>
    public static void Find(ReadOnlySpan<char> text, List<(TextRange Range, string Text)> found)
    {
        FindRuns(text, found);
        if (MayHaveHexPairs(text))
            FindHexPairs(text, found);
        FindPercent(text, found);
        FindMoved(text, found);
    }

    private static void FindRuns(ReadOnlySpan<char> text, List<(TextRange Range, string Text)> found)
    {
        var at = 0;
        while (at < text.Length)
        {
            var length = text[at..].IndexOfAny(Blanks);
            if (length < 0)
                length = text.Length - at;
            if (length >= FewestEncoded)
            {
                // A full stop or the like may stand behind.
                var run = text.Slice(at, length).TrimEnd(".!?");
                var start = run.LastIndexOfAnyExcept(Base64) + 1;
                if (run.Length - start >= FewestEncoded && Decode(run[start..]) is { } hidden)
                    found.Add((new TextRange(at + start, run.Length - start), hidden));
            }

            at += length + 1;
        }
    }

    private static string? Decode(ReadOnlySpan<char> run)
    {
        if (run.Length % 2 == 0 && !run.ContainsAnyExcept(Hex))
            return AsText(Convert.FromHexString(run));
        run = run.TrimEnd('=');
        if (run.Length % 4 == 1)
            return null;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(run.Length)];
        var plain = run.ToString().Replace('+', '-').Replace('/', '_');
        return Base64Url.IsValid(plain) && Base64Url.TryDecodeFromChars(plain, bytes, out var length) ? AsText(bytes.AsSpan(0, length)) : null;
    }

    // Whether a piece of eight, at every 24th place, can lie in pairs of digits: 47 characters at least, with a sign at every third place, or \ at every fourth.
    private static bool MayHaveHexPairs(ReadOnlySpan<char> text)
    {
        for (var i = 0; i + 8 <= text.Length; i += 24)
        {
            var (signs, escapes) = (0, 0);
            for (var j = 0; j < 8; j++)
            {
                signs |= char.IsAsciiHexDigit(text[i + j]) ? 0 : 1 << j;
                escapes |= text[i + j] == '\\' ? 1 << j : 0;
            }

            if (signs is 0b01001001 or 0b10010010 or 0b00100100 || escapes is 0b00010001 or 0b00100010 or 0b01000100 or 0b10001000)
                return true;
        }

        return false;
    }

    // Pairs of digits with blanks between them, or behind \x.
    private static void FindHexPairs(ReadOnlySpan<char> text, List<(TextRange Range, string Text)> found)
    {
        for (var i = 0; i + 3 * FewestEncoded <= text.Length; i++)
        {
            var blank = text[i..].IndexOfAny(' ', 'x');
            if (blank < 0)
                return;
            i += blank;
            var step = text[i] == 'x' ? 4 : 3;
            var start = i + 1;
            if (!IsPair(text, start, step) || !IsPair(text, start + step, step))
                continue;
            var bytes = new List<byte>();
            while (IsPair(text, start, step))
            {
                bytes.Add((byte)(Digit(text[start]) * 16 + Digit(text[start + 1])));
                if (step == 4 && (start + 3 >= text.Length || text[start + 2] != '\\' || text[start + 3] != 'x'))
                    break;
                start += step;
            }

            if (bytes.Count < FewestEncoded)
                continue;
            var from = Math.Max(0, i - (step == 4 ? 1 : 0));
            if (AsText([.. bytes]) is { } hidden)
                found.Add((TextRange.FromBounds(from, Math.Min(text.Length, start + 2)), hidden));
            i = Math.Min(text.Length, start) - 1;
        }
    }

    private static void FindPercent(ReadOnlySpan<char> text, List<(TextRange Range, string Text)> found)
    {
        var first = text.IndexOf('%');
        var count = 0;
        for (var i = first; i >= 0 && i + 2 < text.Length && count < 3; i++)
        {
            if (text[i] == '%' && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
                count++;
        }

        if (count < 3)
            return;
        var whole = text.ToString();
        var hidden = Uri.UnescapeDataString(whole);
        if (!whole.Contains(' ', StringComparison.Ordinal))
            hidden = hidden.Replace('+', ' ');
        if (hidden != whole)
            found.Add((new TextRange(0, text.Length), hidden));
    }

    // From the first line whose letters seem to be moved to the last.
    private static void FindMoved(ReadOnlySpan<char> text, List<(TextRange Range, string Text)> found)
    {
        var (first, last) = (-1, 0);
        foreach (var line in text.Split('\n'))
        {
            if (!IsMoved(text[line]))
                continue;
            first = first < 0 ? line.Start.Value : first;
            last = line.End.Value;
        }

        if (first < 0)
            return;
        var range = TextRange.FromBounds(first, last);
        text = text[first..last];
        found.Add((range, string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = source[i] switch
                {
                    >= 'a' and <= 'z' => (char)('a' + (source[i] - 'a' + 13) % 26),
                    >= 'A' and <= 'Z' => (char)('A' + (source[i] - 'A' + 13) % 26),
                    var c => c,
                };
            }
        })));
    }

    private static bool IsMoved(ReadOnlySpan<char> line)
    {
        var (counts, sum) = (LetterCounts, 0L);
        foreach (var c in line[..Math.Min(line.Length, LongestLine)])
        {
            if (c < counts.Length)
                sum += counts[c];
        }

        const long Field = (1 << 21) - 1;
        var (letters, vowels, moved) = (sum & Field, sum >> 21 & Field, sum >> 42);
        return letters >= FewestLetters && vowels < MostVowelsMoved * letters && moved > FewestVowels * letters;
    }

    private static long[] CountsOfLetters()
    {
        var counts = new long[0x80];
        for (var letter = 0; letter < 26; letter++)
            counts['A' + letter] = counts['a' + letter] = 1 | (long)(VowelBits >> letter & 1) << 21 | (long)(MovedVowelBits >> letter & 1) << 42;
        return counts;
    }

    // Bytes are text if they are UTF-8, mostly letters and blanks.
    private static string? AsText(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8 || !System.Text.Unicode.Utf8.IsValid(bytes))
            return null;
        var letters = 0;
        foreach (var b in bytes)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r'))
                return null;
            if (b >= 0x80 || b == ' ' || char.IsAsciiLetterOrDigit((char)b))
                letters++;
        }

        return letters * 10 >= bytes.Length * 7 ? Encoding.UTF8.GetString(bytes) : null;
    }

    private static bool IsPair(ReadOnlySpan<char> text, int at, int step) =>
        at + 1 < text.Length && char.IsAsciiHexDigit(text[at]) && char.IsAsciiHexDigit(text[at + 1]) && (at + 2 >= text.Length || step == 4 || !char.IsAsciiLetterOrDigit(text[at + 2]));

    private static int Digit(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
