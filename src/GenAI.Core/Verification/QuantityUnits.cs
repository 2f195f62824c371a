namespace GenAI.Core.Verification;

/// <summary>Reads what stands around a number: currency, scale, unit, and words such as "at least".</summary>
internal static class QuantityUnits
{
    /// <summary>Adds a number with its unit.</summary>
    /// <returns>The index of the word behind it.</returns>
    public static int Complete(string text, List<Word> words, int last, Quantity quantity, List<Quantity> found)
    {
        var unit = Before(text, words, ref quantity);
        var end = words[last].End;
        var next = last + 1;

        // "3 thousand", "1.5 million", "two dozen".
        if (next < words.Count && words[next].Entry.NumberKind is NumberWordKind.Scale && IsGap(text, end, words[next].Start))
        {
            var scale = words[next].Entry.NumberWord;
            quantity = quantity with { Value = quantity.Value * scale, Other = quantity.Other * scale, Step = quantity.Step * scale, IsWeak = false };
            end = words[next++].End;
        }

        var follows = next < words.Count ? words[next].Entry : null;
        if (unit.IsNone)
            unit = Behind(text, words, ref next, ref end);
        if (unit.Dimension == "dozen")
        {
            quantity = quantity with { Value = quantity.Value * 12, IsWeak = false };
            unit = default;
        }

        var range = TextRange.FromBounds(quantity.Range.Start, end);
        found.Add(quantity with { Range = range, Unit = unit, Next = follows, IsWeak = quantity.IsWeak && unit.IsNone, Bound = BoundOf(text, words, quantity.Word, next) });
        return next;
    }

    private static Unit Before(string text, List<Word> words, ref Quantity quantity)
    {
        var start = quantity.Range.Start;
        while (start > 0 && text[start - 1] is ' ' or '\u00A0' && quantity.Range.Start - start < 1)
            start--;
        if (start > 0 && text[start - 1] is '$' or '\u20AC' or '\u00A3' or '\u00A5' or '\u20B9')
        {
            quantity = quantity with { Range = new TextRange(start - 1, 0) };
            return UnitTable.Find(text.AsSpan(start - 1, 1));
        }

        // "USD 5", "EUR 20".
        if (quantity.Word > 0 && words[quantity.Word - 1] is var word && word.Is(WordTraits.Acronym) && IsGap(text, word.End, quantity.Range.Start)
            && UnitTable.Find(text.AsSpan(word.Start, word.Length)) is var unit && UnitTable.IsCurrency(unit))
        {
            quantity = quantity with { Range = new TextRange(word.Start, 0) };
            return unit;
        }

        return default;
    }

    private static Unit Behind(string text, List<Word> words, ref int next, ref int end)
    {
        var at = end;
        while (at < text.Length && text[at] is ' ' or '\u00A0' or '\u202F' && at < end + 2)
            at++;
        if (at < text.Length && text[at] is '%' or '\u2030' or '\u20AC' or '\u00A3' or '$')
        {
            end = at + 1;
            return UnitTable.Find(text.AsSpan(at, 1));
        }

        if (at < text.Length && text[at] is '\u00B0' or '\u2103' or '\u2109')
        {
            if (text[at] != '\u00B0')
            {
                end = at + 1;
                return UnitTable.Temperature(text[at] == '\u2103' ? 'C' : 'F');
            }

            end = at + 1;
            if (next < words.Count && words[next].Start <= at + 2 && words[next].Length == 1 && UnitTable.Temperature(text[words[next].Start]) is { IsNone: false } degrees)
            {
                end = words[next++].End;
                return degrees;
            }

            return new Unit("angle", 1);
        }

        if (next >= words.Count || !IsGap(text, end, words[next].Start))
            return default;
        var unit = UnitAt(text, words, next);
        if (unit.IsNone)
        {
            // "per cent", "square metres".
            if (next + 1 < words.Count && Is(text, words[next], "per") && Is(text, words[next + 1], "cent"))
            {
                end = words[next + 1].End;
                next += 2;
                return Unit.Percent;
            }

            return default;
        }

        end = words[next++].End;
        if (unit.Dimension == "angle" && next < words.Count && IsGap(text, end, words[next].Start)
            && (Is(text, words[next], "celsius") || Is(text, words[next], "centigrade") ? UnitTable.Temperature('C') : Is(text, words[next], "fahrenheit") ? UnitTable.Temperature('F') : default) is { IsNone: false } temperature)
        {
            end = words[next++].End;
            return temperature;
        }

        // "mg/kg", "km per hour", "metres per second".
        if (next < words.Count)
        {
            var divisor = end < text.Length && text[end] == '/' && words[next].Start == end + 1 ? next
                : Is(text, words[next], "per") && next + 1 < words.Count ? next + 1 : -1;
            if (divisor > 0 && UnitAt(text, words, divisor) is { IsNone: false } below)
            {
                next = divisor + 1;
                end = words[divisor].End;
                return unit.Per(below);
            }
        }

        return unit;
    }

    private static Unit UnitAt(string text, List<Word> words, int at) => UnitTable.Find(text.AsSpan(words[at].Start, words[at].Length));

    private static bool IsGap(string text, int from, int to) => to >= from && to - from <= 3 && text.AsSpan(from, to - from).Trim(" \u00A0\u202F-\u2010\u2011\n").IsEmpty;

    private static bool Is(string text, Word word, string value) => text.AsSpan(word.Start, word.Length).Equals(value, StringComparison.OrdinalIgnoreCase);

    private static Bound BoundOf(string text, List<Word> words, int first, int next)
    {
        if (SignBefore(text, words[first].Start) is not Bound.None and var sign)
            return sign;
        var one = first > 0 ? text.AsSpan(words[first - 1].Start, words[first - 1].Length) : default;
        var two = first > 1 ? text.AsSpan(words[first - 2].Start, words[first - 2].Length) : default;
        if (first > 0 && text.AsSpan(words[first - 1].End, words[first].Start - words[first - 1].End).IndexOfAny(",;.") >= 0)
            return After(text, words, next);
        var isNot = first > 2 && words[first - 3].Entry.Cue is WordCue.Negation;
        if (Same(one, "least") && Same(two, "at") || Same(one, "minimum"))
            return Bound.AtLeast;
        if (Same(one, "most") && Same(two, "at") || Same(one, "to") && Same(two, "up") || Same(one, "maximum"))
            return Bound.AtMost;
        if (Same(one, "than"))
        {
            var bound = Same(two, "more") || Same(two, "greater") || Same(two, "longer") || Same(two, "larger") || Same(two, "higher") ? Bound.MoreThan
                : Same(two, "less") || Same(two, "fewer") || Same(two, "shorter") || Same(two, "smaller") || Same(two, "lower") ? Bound.LessThan : Bound.None;
            return !isNot ? bound : bound is Bound.MoreThan ? Bound.AtMost : bound is Bound.LessThan ? Bound.AtLeast : bound;
        }

        if (Same(one, "over") || Same(one, "above") || Same(one, "exceeds") || Same(one, "exceeding"))
            return Bound.MoreThan;
        if (Same(one, "under") || Same(one, "below"))
            return Bound.LessThan;
        if (Same(one, "about") || Same(one, "approximately") || Same(one, "around") || Same(one, "roughly") || Same(one, "nearly") || Same(one, "almost") || Same(one, "circa") || Same(one, "some"))
            return Bound.About;
        return After(text, words, next);
    }

    private static Bound After(string text, List<Word> words, int next)
    {
        if (next + 1 >= words.Count || !Is(text, words[next], "or"))
            return Bound.None;
        return Is(text, words[next + 1], "more") || Is(text, words[next + 1], "greater") || Is(text, words[next + 1], "above") ? Bound.AtLeast
            : Is(text, words[next + 1], "less") || Is(text, words[next + 1], "fewer") || Is(text, words[next + 1], "below") ? Bound.AtMost : Bound.None;
    }

    private static Bound SignBefore(string text, int start)
    {
        while (start > 0 && text[start - 1] is ' ' or '$')
            start--;
        return start == 0 ? Bound.None : text[start - 1] switch
        {
            '<' => Bound.LessThan,
            '>' => Bound.MoreThan,
            '\u2264' => Bound.AtMost,
            '\u2265' => Bound.AtLeast,
            '~' or '\u2248' => Bound.About,
            _ => Bound.None,
        };
    }

    private static bool Same(ReadOnlySpan<char> word, string value) => word.Equals(value, StringComparison.OrdinalIgnoreCase);
}
