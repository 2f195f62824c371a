using System.Globalization;

namespace GenAI.Core.Text;

/// <summary>
/// Finds where a text may be cut: never inside a surrogate pair or a grapheme cluster, the "character" of a reader
/// (Unicode Standard Annex #29, as <see cref="StringInfo"/> implements it, from data inside the runtime).
/// </summary>
/// <remarks>
/// Whether a position is a boundary may depend on everything before it (flags pair up from the left), so every method takes
/// an origin: a boundary already known, at or before the position. Most positions are decided by their two neighbours;
/// the rest by walking the clusters from a nearby position that is certain, at worst from the origin.
/// </remarks>
internal static class GraphemeBoundary
{
    /// <summary>The last boundary in [<paramref name="origin"/>, <paramref name="index"/>].</summary>
    public static int AtOrBefore(ReadOnlySpan<char> text, int origin, int index)
    {
        if (index <= origin || index >= text.Length)
            return Math.Clamp(index, origin, text.Length);

        var certain = index;
        while (certain > origin && !IsCertain(text[certain - 1], text[certain]))
            certain--;
        if (certain == index)
            return index;

        // A boundary depends on one code point behind it at most, so the slice need not reach further.
        var end = Math.Min(index + 2, text.Length);
        for (var at = certain; ;)
        {
            var next = at + StringInfo.GetNextTextElementLength(text[at..end]);
            if (next > index)
                return at;
            if (next == index)
                return index;
            at = next;
        }
    }

    /// <summary>The first boundary at or after <paramref name="index"/>, looking no further than <paramref name="limit"/>, which is taken for one.</summary>
    public static int AtOrAfter(ReadOnlySpan<char> text, int origin, int index, int limit)
    {
        var at = AtOrBefore(text, origin, index);
        if (at < index)
            at += StringInfo.GetNextTextElementLength(text[at..Math.Max(limit, at)]);
        return Math.Min(at, limit);
    }

    /// <summary>The last position in (<paramref name="start"/>, <paramref name="index"/>] that is not inside a surrogate pair, or the end of the first code point.</summary>
    public static int CodePointAtOrBefore(ReadOnlySpan<char> text, int start, int index)
    {
        if (IsInsidePair(text, index))
            index--;
        if (index > start)
            return index;
        return start + (IsInsidePair(text, start + 1) ? 2 : 1);
    }

    private static bool IsInsidePair(ReadOnlySpan<char> text, int index) =>
        index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) && char.IsHighSurrogate(text[index - 1]);

    /// <summary>Whether there is a boundary between two characters whatever stands around them. False is no statement.</summary>
    private static bool IsCertain(char before, char after)
    {
        if (before < 0x80 && after < 0x80)
            return before != '\r' || after != '\n';
        return before is '\n' or '\r' || (IsPlain(before) && IsPlain(after));
    }

    /// <summary>Whether a character joins with neither neighbour: no mark, joiner, prefix, half of a pair nor part of a Hangul syllable.</summary>
    private static bool IsPlain(char c)
    {
        if (c < 0x300)
            return c != 0xAD && c >= 0x20;
        if (c is (>= '\u1100' and <= '\u11FF') or (>= '\uA960' and <= '\uA97F') or (>= '\uAC00' and <= '\uDFFF')
            or '\u0E33' or '\u0EB3' or '\u0D4E' or '\uFF9E' or '\uFF9F')
        {
            return false;
        }

        return char.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned);
    }
}
