namespace GenAI.Core.Tokenization;

/// <summary>The four Unicode normalisation forms.</summary>
internal enum UnicodeForm
{
    Nfd,
    Nfkd,
    Nfc,
    Nfkc,
}

/// <summary>
/// Decomposition and composition by the tables of the reference, which are of an older Unicode than the runtime's; and the runtime's
/// depend on the system and are missing in globalization-invariant mode.
/// </summary>
internal static partial class UnicodeForms
{
    private static readonly Dictionary<int, int[]> Canonical = Read(CanonicalData);
    private static readonly Dictionary<int, int[]> Compatibility = Read(CompatibilityData);
    private static readonly Dictionary<long, int> Pairs = ReadPairs();
    private static readonly HashSet<int> Seconds = [.. Pairs.Keys.Select(pair => (int)pair)];
    private static readonly Dictionary<int, byte> Classes = ReadClasses();

    /// <summary>The canonical combining class.</summary>
    public static int Class(int codePoint) => codePoint < 0x300 ? 0 : Classes.GetValueOrDefault(codePoint);

    /// <summary>The full decomposition of a code point, or an empty span if it is its own. The scratch has room for three.</summary>
    public static ReadOnlySpan<int> Decompose(int codePoint, bool compatibility, Span<int> scratch)
    {
        if (codePoint is >= 0xAC00 and < 0xAC00 + 11172)
        {
            var syllable = codePoint - 0xAC00;
            scratch[0] = 0x1100 + syllable / 588;
            scratch[1] = 0x1161 + syllable % 588 / 28;
            if (syllable % 28 == 0)
                return scratch[..2];
            scratch[2] = 0x11A7 + syllable % 28;
            return scratch[..3];
        }

        if (compatibility && Compatibility.TryGetValue(codePoint, out var expansion))
            return expansion;
        return Canonical.TryGetValue(codePoint, out expansion) ? expansion : [];
    }

    /// <summary>What two code points compose to, or -1.</summary>
    public static int Compose(int first, int second)
    {
        if (first is >= 0x1100 and < 0x1113 && second is >= 0x1161 and < 0x1176)
            return 0xAC00 + ((first - 0x1100) * 21 + (second - 0x1161)) * 28;
        if (first is >= 0xAC00 and < 0xAC00 + 11172 && (first - 0xAC00) % 28 == 0 && second is > 0x11A7 and < 0x11C3)
            return first + (second - 0x11A7);
        return Pairs.GetValueOrDefault(((long)first << 32) | (uint)second, -1);
    }

    /// <summary>Whether a code point, decomposed or not, neither composes with what is before it nor changes places with it.</summary>
    public static bool IsBoundary(int codePoint, bool compatibility)
    {
        Span<int> scratch = stackalloc int[3];
        var parts = Decompose(codePoint, compatibility, scratch);
        var first = parts.IsEmpty ? codePoint : parts[0];
        return Class(first) == 0 && !Seconds.Contains(first) && first is not ((>= 0x1161 and < 0x1176) or (> 0x11A7 and < 0x11C3));
    }

    private static Dictionary<int, int[]> Read(string data)
    {
        var expansions = new Dictionary<int, int[]>();
        foreach (var entry in data.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var codePoints = entry.EnumerateRunes().Select(rune => rune.Value).ToArray();
            expansions.Add(codePoints[0], codePoints[1..]);
        }

        return expansions;
    }

    private static Dictionary<long, int> ReadPairs()
    {
        var codePoints = CompositionData.EnumerateRunes().Select(rune => rune.Value).ToArray();
        var pairs = new Dictionary<long, int>();
        for (var i = 0; i < codePoints.Length; i += 3)
            pairs.Add(((long)codePoints[i] << 32) | (uint)codePoints[i + 1], codePoints[i + 2]);
        return pairs;
    }

    private static Dictionary<int, byte> ReadClasses()
    {
        var ranges = ClassRanges;
        var classes = new Dictionary<int, byte>();
        for (var i = 0; i < ranges.Length; i += 3)
        {
            for (var k = 0; k < ranges[i + 1]; k++)
                classes.Add(ranges[i] + k, (byte)ranges[i + 2]);
        }

        return classes;
    }
}
