using System.Buffers;
using System.Globalization;

namespace GenAI.Core.Verification;

/// <summary>Reads numbers in digits, whatever separators they have.</summary>
internal static class NumberFormat
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.,_");

    /// <summary>Reads a number.</summary>
    /// <param name="word">The digits, with separators and a suffix such as <c>k</c>, <c>th</c> or <c>e6</c>.</param>
    /// <param name="value">The number as English reads it.</param>
    /// <param name="other">The number as much of Europe reads it, where that differs; NaN otherwise.</param>
    /// <param name="step">The value of the last digit that is not a trailing zero of a whole number.</param>
    /// <param name="suffix"><c>o</c> for an ending of order, <c>k</c> for a power, otherwise 0.</param>
    public static bool TryParse(ReadOnlySpan<char> word, out double value, out double other, out double step, out char suffix)
    {
        (value, other, step, suffix) = (0, double.NaN, 1, '\0');
        var end = word.IndexOfAnyExcept(Digits);
        var digits = end < 0 ? word : word[..end];
        double scale = 1;
        if (end >= 0)
        {
            switch (word[end..])
            {
                case "st" or "nd" or "rd" or "th":
                    suffix = 'o';
                    break;
                case "k" or "K":
                    scale = 1e3;
                    break;
                case "M":
                    scale = 1e6;
                    break;
                case "B" or "bn":
                    scale = 1e9;
                    break;
                case "s" or "x" or "m":
                    break;
                default:
                    if (word[end] is not ('e' or 'E') || !int.TryParse(word[(end + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var exponent) || exponent > 300)
                        return false;
                    scale = Math.Pow(10, exponent);
                    break;
            }
        }

        if (digits.Length > 30 || digits.IsEmpty)
            return false;
        if (!TryRead(digits, '.', ',', out value, out step) && !TryRead(digits, ',', '.', out value, out step))
            return false;

        // "1,500" and "1.500": which of them is one and a half depends on where it was written.
        if (TryRead(digits, ',', '.', out var turned, out _) && turned != value)
            other = turned * scale;
        if (scale != 1)
            (value, step, other) = (value * scale, step * scale, double.IsNaN(other) ? word[end..] is "M" or "B" ? value : double.NaN : other);
        return true;
    }

    private static bool TryRead(ReadOnlySpan<char> digits, char point, char group, out double value, out double step)
    {
        (value, step) = (0, 1);
        var at = digits.IndexOf(point);
        if (at >= 0 && (digits[(at + 1)..].ContainsAny(point, group) || digits[(at + 1)..].Contains('_')))
            return false;
        var whole = at < 0 ? digits : digits[..at];
        var fraction = at < 0 ? default : digits[(at + 1)..];

        // Groups are of three digits, but for the first.
        var separator = whole.IndexOfAny(group, '_');
        if (separator >= 0 && (separator is 0 or > 3 || !GroupsAreWhole(whole[separator..])))
            return false;
        var zeros = 0;
        foreach (var c in whole)
        {
            if (c is < '0' or > '9')
                continue;
            value = value * 10 + (c - '0');
            zeros = c == '0' ? zeros + 1 : 0;
        }

        step = Math.Pow(10, value == 0 ? 0 : zeros);
        if (fraction.IsEmpty)
            return true;
        step = Math.Pow(10, -fraction.Length);
        double part = 0;
        foreach (var c in fraction)
            part = part * 10 + (c - '0');
        value += part * step;
        return true;
    }

    private static bool GroupsAreWhole(ReadOnlySpan<char> groups)
    {
        for (var i = 0; i < groups.Length; i += 4)
        {
            if (groups.Length - i < 4 || char.IsAsciiDigit(groups[i]) || groups.Slice(i + 1, 3).IndexOfAnyExceptInRange('0', '9') >= 0)
                return false;
        }

        return true;
    }
}
