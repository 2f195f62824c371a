using System.Runtime.CompilerServices;

namespace GenAI.Core.Tokenization;

/// <summary>
/// What the reference tokenizers hold of each code point. They take it from four Unicode versions at once, and ids depend on it;
/// so it comes from tables of the library's own, the same on every system.
/// </summary>
internal static partial class UnicodeData
{
    /// <summary>The bits of <see cref="Flags"/> that are a general category: an index into <see cref="CategoryNames"/>.</summary>
    public const int CategoryMask = 31;

    public const int Whitespace = 1 << 5, Punctuation = 1 << 6, Control = 1 << 7, Nonspacing = 1 << 8, Numeric = 1 << 9, Word = 1 << 10, Mark = 1 << 11;

    /// <summary>Bits that say the major category letter and number, tested more than any.</summary>
    public const int Letter = 1 << 12, Number = 1 << 13;

    private static readonly ushort[] BlockTable = new ushort[0x110000 >> 8];
    private static readonly ushort[] FlagTable = Build();
    private static readonly Dictionary<int, int> Lower = BuildLower();
    private static readonly char[] LowerLow = BuildLowerLow();

    /// <summary>The names of the general categories, unassigned first.</summary>
    public static ReadOnlySpan<string> CategoryNames => (string[])
    [
        "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Co",
    ];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Flags(int codePoint) => FlagTable[BlockTable[codePoint >> 8] + (codePoint & 255)];

    public static bool Is(int codePoint, int flag) => (Flags(codePoint) & flag) != 0;

    /// <summary>The lower case of a code point. U+0130, alone, has two: <c>i</c> and U+0307, which the caller adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ToLower(int codePoint) =>
        codePoint < LowerLow.Length ? LowerLow[codePoint] : Lower.GetValueOrDefault(codePoint, codePoint);

    /// <summary>A number for the script of a code point, as SentencePiece takes scripts together; 0 for those that are of any.</summary>
    public static int Script(int codePoint)
    {
        var at = ScriptRuns.BinarySearch((codePoint << 8) | 255);
        return ScriptRuns[at < 0 ? ~at - 1 : at] & 255;
    }

    /// <summary>Ideographs, each of which BERT takes for a word.</summary>
    public static bool IsIdeograph(int codePoint) => codePoint is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    private static ushort[] Build()
    {
        var all = new ushort[0x110000];
        var runs = CategoryRuns;
        for (var i = 0; i < runs.Length; i++)
        {
            var category = runs[i] & 31;
            var major = category is >= 1 and <= 5 ? Letter : category is >= 9 and <= 11 ? Number : 0;
            all.AsSpan((runs[i] >> 5)..(i + 1 < runs.Length ? runs[i + 1] >> 5 : all.Length)).Fill((ushort)(category | major));
        }

        AddFlag(all, PunctuationRanges, Punctuation);
        AddFlag(all, ControlRanges, Control);
        AddFlag(all, NonspacingRanges, Nonspacing);
        AddFlag(all, MarkRanges, Mark);
        AddFlag(all, NumericRanges, Numeric);
        AddFlag(all, WordRanges, Word);
        AddFlag(all, SpaceRanges, Whitespace);
        return Fold(all);
    }

    private static void AddFlag(ushort[] all, ReadOnlySpan<int> ranges, int flag)
    {
        for (var i = 0; i < ranges.Length; i += 2)
        {
            foreach (ref var flags in all.AsSpan(ranges[i], ranges[i + 1]))
                flags |= (ushort)flag;
        }
    }

    // Blocks of 256 that are the same are kept once: 50 KB instead of 2 MB.
    private static ushort[] Fold(ushort[] all)
    {
        var kept = new List<ushort>();
        for (var block = 0; block < BlockTable.Length; block++)
        {
            var flags = all.AsSpan(block << 8, 256);
            var at = 0;
            while (at < kept.Count && !System.Runtime.InteropServices.CollectionsMarshal.AsSpan(kept).Slice(at, 256).SequenceEqual(flags))
                at += 256;
            if (at == kept.Count)
                kept.AddRange(flags);
            BlockTable[block] = checked((ushort)at);
        }

        return [.. kept];
    }

    private static Dictionary<int, int> BuildLower()
    {
        var lower = new Dictionary<int, int> { [0x130] = 'i' };
        var ranges = LowercaseRanges;
        for (var i = 0; i < ranges.Length; i += 4)
        {
            for (var codePoint = ranges[i]; codePoint <= ranges[i + 1]; codePoint += ranges[i + 2])
                lower[codePoint] = codePoint + ranges[i + 3];
        }

        return lower;
    }

    private static char[] BuildLowerLow()
    {
        var low = new char[0x590]; // up to Armenian, where nearly all capitals are
        for (var i = 0; i < low.Length; i++)
            low[i] = (char)Lower.GetValueOrDefault(i, i);
        return low;
    }
}
