using System.Globalization;

namespace GenAI.Core.Verification;

/// <summary>Finds the numbers of a sentence, in digits or words, with their units.</summary>
internal static class QuantityReader
{
    public static List<Quantity> Read(string text, List<Word> words, List<CalendarDate> dates)
    {
        var found = new List<Quantity>();
        var date = 0;
        for (var i = 0; i < words.Count;)
        {
            while (date < dates.Count && dates[date].LastWord < i)
                date++;
            if (date < dates.Count && dates[date].FirstWord <= i)
            {
                i = dates[date].LastWord + 1;
                continue;
            }

            var next = words[i].Is(WordTraits.Number) ? Digits(text, words, i, found)
                : words[i].Entry.NumberKind is NumberWordKind.None ? i + 1 : Spelled(text, words, i, found);
            i = Math.Max(next, i + 1);
        }

        return found;
    }

    private static int Digits(string text, List<Word> words, int at, List<Quantity> found)
    {
        var word = words[at];
        if (word.Is(WordTraits.Code) || !NumberFormat.TryParse(text.AsSpan(word.Start, word.Length), out var value, out var other, out var step, out var suffix))
            return at + 1;

        var start = word.Start;
        if (start > 0 && text[start - 1] == '.' && (start == 1 || !char.IsLetterOrDigit(text[start - 2])) && word.Length < 10)
        {
            // ".5": the point is no part of the word.
            (step, start) = (Math.Pow(10, -word.Length), start - 1);
            value *= step;
            other = double.NaN;
        }

        // "1/2" is a part; "3/4/2024" would have been a date.
        if (at + 1 < words.Count && words[at + 1].Start == word.End + 1 && text[word.End] is '/' or '\u2044' && value is >= 1 and < 10 && words[at + 1].Is(WordTraits.Number)
            && NumberFormat.TryParse(text.AsSpan(words[at + 1].Start, words[at + 1].Length), out var below, out _, out _, out _) && below is > 1 and <= 10 && value < below)
        {
            (value, other, step) = (value / below, double.NaN, 0);
            at++;
        }

        if (start > 0 && text[start - 1] is '-' or '\u2212' && (start == 1 || char.IsWhiteSpace(text[start - 2]) || text[start - 2] is '(' or '[' or '='))
            (value, other, start) = (-value, -other, start - 1);

        var quantity = new Quantity { Range = new TextRange(start, 0), Value = value, Other = other, Step = step, Word = at, IsOrdinal = suffix is 'o' };
        return QuantityUnits.Complete(text, words, at, quantity, found);
    }

    private static int Spelled(string text, List<Word> words, int at, List<Quantity> found)
    {
        var first = at;
        double total = 0, group = 0;
        var count = 0;
        var kind = words[at].Entry.NumberKind;
        if (kind is NumberWordKind.Ordinal or NumberWordKind.Fraction)
        {
            // "a third of" is a part, "the third" a place in an order.
            var isPart = kind is NumberWordKind.Fraction || (at > 0 && text.AsSpan(words[at - 1].Start, words[at - 1].Length) is "a" or "one" && kind is NumberWordKind.Ordinal);
            var value = words[at].Entry.NumberWord;
            found.Add(new Quantity { Range = new TextRange(words[at].Start, words[at].Length), Value = isPart && value > 1 ? 1 / value : value, Unit = isPart ? new Unit(Unit.Ratio, 1) : default, Word = at, IsOrdinal = !isPart, IsWeak = true });
            return at + 1;
        }

        for (; at < words.Count; at++)
        {
            var entry = words[at].Entry;
            if (count > 0 && text.AsSpan(words[at - 1].End, words[at].Start - words[at - 1].End).Trim(" -\u2010\u2011").Length > 0)
                break;
            if (entry.NumberKind is NumberWordKind.Small or NumberWordKind.Tens && (count == 0 || group % 100 == 0 || (group % 10 == 0 && group % 100 >= 20 && entry.NumberWord < 10)))
                group += entry.NumberWord;
            else if (entry.NumberKind is NumberWordKind.Scale && entry.NumberWord == 100 && group is > 0 and < 100)
                group *= 100;
            else if (entry.NumberKind is NumberWordKind.Scale && group > 0)
                (total, group) = (total + group * entry.NumberWord, 0);
            else if (count == 0 || at + 1 >= words.Count || text.AsSpan(words[at].Start, words[at].Length) is not "and" || words[at + 1].Entry.NumberKind is NumberWordKind.None || total + group < 100)
                break;
            count++;
        }

        if (count == 0)
            return first + 1;
        var quantity = new Quantity { Range = new TextRange(words[first].Start, 0), Value = total + group, Word = first, IsWeak = count == 1 && words[first].Entry.NumberWord <= 1 };
        return QuantityUnits.Complete(text, words, at - 1, quantity, found);
    }
}

/// <summary>Reads numbers in digits, whatever separators they have.</summary>
internal static class NumberFormat
{
    /// <summary>Reads a number.</summary>
    /// <param name="word">The digits, with separators and a suffix such as <c>k</c>, <c>th</c> or <c>e6</c>.</param>
    /// <param name="value">The number as English reads it.</param>
    /// <param name="other">The number as much of Europe reads it, where that differs; NaN otherwise.</param>
    /// <param name="step">The value of the last digit that is not a trailing zero of a whole number.</param>
    /// <param name="suffix"><c>o</c> for an ending of order, <c>k</c> for a power, otherwise 0.</param>
    public static bool TryParse(ReadOnlySpan<char> word, out double value, out double other, out double step, out char suffix)
    {
        (value, other, step, suffix) = (0, double.NaN, 1, '\0');
        var end = word.IndexOfAnyExcept("0123456789.,_");
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
