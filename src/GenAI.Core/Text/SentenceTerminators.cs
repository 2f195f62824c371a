using System.Buffers;
using System.Text;

namespace GenAI.Core.Text;

/// <summary>The characters that end sentences: Sentence_Break = STerm and ATerm of the Unicode Character Database, 16.0.</summary>
/// <remarks>
/// Added to them: the ellipsis U+2026, the Greek question mark U+037E and the Tibetan shad U+0F0D to U+0F11, which end sentences
/// in running text although the annex does not say so.
/// </remarks>
internal static class SentenceTerminators
{
    // In ascending order, a code point or a range of two.
    private const string InBasicPlane =
        "\u0021\u003F\u037E\u0589\u061D-\u061F\u06D4\u0700-\u0702\u07F9\u0837\u0839\u083D-\u083E\u0964-\u0965\u0F0D-\u0F11\u104A-\u104B" +
        "\u1362\u1367-\u1368\u166E\u1735-\u1736\u17D4-\u17D5\u1803\u1809\u1944-\u1945\u1AA8-\u1AAB\u1B4E-\u1B4F\u1B5A-\u1B5B\u1B5E-\u1B5F" +
        "\u1B7D-\u1B7F\u1C3B-\u1C3C\u1C7E-\u1C7F\u203C-\u203D\u2047-\u2049\u2CF9-\u2CFB\u2E2E\u2E3C\u2E53-\u2E54\u3002\uA4FF\uA60E-\uA60F" +
        "\uA6F3\uA6F7\uA876-\uA877\uA8CE-\uA8CF\uA92F\uA9C8-\uA9C9\uAA5D-\uAA5F\uAAF0-\uAAF1\uABEB\uFE12\uFE15-\uFE16\uFE56-\uFE57" +
        "\uFF01\uFF1F\uFF61";

    private static readonly (int First, int Last)[] InOtherPlanes =
    [
        (0x10A56, 0x10A57), (0x10F55, 0x10F59), (0x10F86, 0x10F89), (0x11047, 0x11048), (0x110BE, 0x110C1), (0x11141, 0x11143),
        (0x111C5, 0x111C6), (0x111CD, 0x111CD), (0x111DE, 0x111DF), (0x11238, 0x11239), (0x1123B, 0x1123C), (0x112A9, 0x112A9),
        (0x1144B, 0x1144C), (0x115C2, 0x115C3), (0x115C9, 0x115D7), (0x11641, 0x11642), (0x1173C, 0x1173E), (0x11944, 0x11944),
        (0x11946, 0x11946), (0x11A42, 0x11A43), (0x11A9B, 0x11A9C), (0x11C41, 0x11C42), (0x11EF7, 0x11EF8), (0x11F43, 0x11F44),
        (0x16A6E, 0x16A6F), (0x16AF5, 0x16AF5), (0x16B37, 0x16B38), (0x16B44, 0x16B44), (0x16D6E, 0x16D6F), (0x16E98, 0x16E98),
        (0x1BC9F, 0x1BC9F), (0x1DA88, 0x1DA88),
    ];

    private static readonly char[] Strong = Expand(InBasicPlane);

    private static readonly SearchValues<char> StrongValues = SearchValues.Create(Strong);

    /// <summary>Every character at which a sentence may end: terminators, the first halves of those in other planes, and line ends.</summary>
    public static SearchValues<char> Candidates { get; } = SearchValues.Create(
        [.. Strong, '.', '\u2024', '\uFE52', '\uFF0E', '\u2026', '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029', .. HighSurrogates()]);

    /// <summary>The characters that end a line.</summary>
    public static SearchValues<char> LineEnds { get; } = SearchValues.Create("\n\r\v\f\u0085\u2028\u2029");

    /// <summary>Whether a character is a full stop, which also stands in abbreviations and numbers, or an ellipsis.</summary>
    public static bool IsStop(char c) => c is '.' or '\u2024' or '\uFE52' or '\uFF0E' or '\u2026';

    /// <summary>The number of characters, 1 or 2, of the terminator at a position that is nothing else; 0 if there is none.</summary>
    public static int LengthOfStrong(ReadOnlySpan<char> text, int at)
    {
        var c = text[at];
        if (!char.IsHighSurrogate(c))
            return StrongValues.Contains(c) ? 1 : 0;
        if (at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]))
            return 0;

        var codePoint = new Rune(c, text[at + 1]).Value;
        foreach (var (first, last) in InOtherPlanes)
        {
            if (codePoint >= first && codePoint <= last)
                return 2;
        }

        return 0;
    }

    private static char[] Expand(string ranges)
    {
        var values = new List<char>();
        for (var i = 0; i < ranges.Length; i++)
        {
            if (ranges[i] != '-')
            {
                values.Add(ranges[i]);
                continue;
            }

            for (var c = ranges[i - 1] + 1; c < ranges[i + 1]; c++)
                values.Add((char)c);
        }

        return [.. values];
    }

    private static HashSet<char> HighSurrogates()
    {
        var halves = new HashSet<char>();
        foreach (var (first, _) in InOtherPlanes)
            halves.Add(char.ConvertFromUtf32(first)[0]);
        return halves;
    }
}
