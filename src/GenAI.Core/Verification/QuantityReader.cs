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
