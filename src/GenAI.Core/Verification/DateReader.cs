using System.Globalization;

namespace GenAI.Core.Verification;

/// <summary>Finds dates and times of day.</summary>
internal static class DateReader
{
    public static List<CalendarDate> Read(string text, List<Word> words)
    {
        var found = new List<CalendarDate>();
        for (var i = 0; i < words.Count; i++)
        {
            if ((words[i].Is(WordTraits.Number) ? Numeric(text, words, i) : words[i].Entry.Month > 0 ? Named(text, words, i) : null) is not { } date)
                continue;
            found.Add(date with { Range = TextRange.FromBounds(words[date.FirstWord].Start, words[date.LastWord].End) });
            i = date.LastWord;
        }

        return found;
    }

    /// <summary>A date that begins with a number: 2024-03-05, 5/3/2024, 05.03.2024, 5 March 2024, 5th of March; 14:30, 2:30 pm, 2 pm.</summary>
    private static CalendarDate? Numeric(string text, List<Word> words, int i)
    {
        // "05.03.2024" is one word.
        if (Dotted(text.AsSpan(words[i].Start, words[i].Length)) is { } dotted)
            return dotted with { FirstWord = i, LastWord = i };

        var first = Value(text, words, i);
        if (first < 0)
            return null;
        if (Joined(text, words, i, '-', '/') is { } mark && Joined(text, words, i + 1, mark, mark) is not null)
        {
            var (second, third) = (Value(text, words, i + 1), Value(text, words, i + 2));
            if (words[i].Length == 4 && second is >= 1 and <= 12 && third is >= 1 and <= 31)
                return With(i, i + 2, first, second, third);
            if (words[i + 2].Length == 4 && first is >= 1 and <= 31 && second is >= 1 and <= 31 && third > 1000)
                return first > 12 ? With(i, i + 2, third, second, first) : second > 12 ? With(i, i + 2, third, first, second) : With(i, i + 2, third, second, first) with { MayTurn = true };
        }

        if (Joined(text, words, i, ':', ':') is not null && words[i].Length <= 2 && words[i + 1].Length == 2 && first <= 24 && Value(text, words, i + 1) is >= 0 and < 60 and var minute)
            return Time(text, words, i, i + 1, first, minute);
        if (first is >= 1 and <= 12 && words[i].Length <= 2 && HalfOfDay(text, words, i + 1) != 0)
            return Time(text, words, i, i, first, 0);

        // Day before month.
        if (first is < 1 or > 31)
            return null;
        var month = i + 1;
        if (month < words.Count && text.AsSpan(words[month].Start, words[month].Length) is "of")
            month++;
        if (month >= words.Count || words[month].Entry.Month == 0 || !words[month].Is(WordTraits.Capital) || !IsNear(text, words[month - 1].End, words[month].Start))
            return null;
        return YearAt(text, words, month + 1) is > 0 and var year
            ? With(i, month + 1, year, words[month].Entry.Month, first)
            : With(i, month, 0, words[month].Entry.Month, first);
    }

    /// <summary>A date that begins with a month: March 5, 2024; March 2024. A month alone is one too, but for those that are other words as well.</summary>
    private static CalendarDate? Named(string text, List<Word> words, int i)
    {
        if (!words[i].Is(WordTraits.Capital))
            return null;
        var month = words[i].Entry.Month;
        var day = i + 1 < words.Count && words[i + 1].Is(WordTraits.Number) && IsNear(text, words[i].End, words[i + 1].Start) ? Value(text, words, i + 1) : -1;
        if (day is >= 1 and <= 31 && words[i + 1].Length <= 4)
            return YearAt(text, words, i + 2) is > 0 and var year ? With(i, i + 2, year, month, day) : With(i, i + 1, 0, month, day);
        if (YearAt(text, words, i + 1) is > 0 and var only)
            return With(i, i + 1, only, month, 0);
        return words[i].Length > 4 && !words[i].Is(WordTraits.First) && month != 3 && text.AsSpan(words[i].Start, words[i].Length) is not "August" ? With(i, i, 0, month, 0) : null;
    }

    private static CalendarDate? Dotted(ReadOnlySpan<char> word)
    {
        Span<Range> parts = stackalloc Range[4];
        if (word.Length is < 8 or > 10 || word.Split(parts, '.') != 3)
            return null;
        var (day, month, year) = (Parse(word[parts[0]]), Parse(word[parts[1]]), Parse(word[parts[2]]));
        return day is >= 1 and <= 31 && month is >= 1 and <= 12 && year is > 1000 and < 3000 ? With(0, 0, year, month, day) : null;
    }

    private static CalendarDate? Time(string text, List<Word> words, int first, int last, int hour, int minute)
    {
        var half = HalfOfDay(text, words, last + 1);
        if (half != 0)
        {
            last++;
            hour = half > 0 ? hour % 12 + 12 : hour % 12;
        }

        return new CalendarDate { Range = default, FirstWord = first, LastWord = last, Hour = hour, Minute = minute };
    }

    /// <summary>1 for "pm", -1 for "am", 0 for anything else.</summary>
    private static int HalfOfDay(string text, List<Word> words, int at)
    {
        if (at >= words.Count || !IsNear(text, words[at - 1].End, words[at].Start))
            return 0;
        var word = text.AsSpan(words[at].Start, words[at].Length);
        return word is "pm" or "PM" or "p.m" or "P.M" ? 1 : word is "am" or "AM" or "a.m" or "A.M" ? -1 : 0;
    }

    private static CalendarDate With(int first, int last, int year, int month, int day) => new() { Range = default, FirstWord = first, LastWord = last, Year = year, Month = month, Day = day };

    private static int YearAt(string text, List<Word> words, int at) =>
        at < words.Count && words[at].Length == 4 && words[at].Is(WordTraits.Number) && IsNear(text, words[at - 1].End, words[at].Start) && Value(text, words, at) is >= 1000 and < 3000 and var year ? year : 0;

    /// <summary>The sign between a word and the next number, if it is one of two.</summary>
    private static char? Joined(string text, List<Word> words, int i, char one, char other) =>
        i + 1 < words.Count && words[i + 1].Start == words[i].End + 1 && words[i + 1].Is(WordTraits.Number) && text[words[i].End] is var c && (c == one || c == other) ? c : null;

    private static bool IsNear(string text, int from, int to) => to - from <= 3 && text.AsSpan(from, to - from).Trim(" ,\u00A0\n").IsEmpty;

    private static int Value(string text, List<Word> words, int at)
    {
        var word = text.AsSpan(words[at].Start, words[at].Length);
        return Parse(word.EndsWith("st") || word.EndsWith("nd") || word.EndsWith("rd") || word.EndsWith("th") ? word[..^2] : word);
    }

    private static int Parse(ReadOnlySpan<char> digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1;
}
