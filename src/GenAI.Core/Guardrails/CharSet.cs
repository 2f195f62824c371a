using System.Globalization;

namespace GenAI.Core.Guardrails;

/// <summary>A set of UTF-16 code units, as ascending ranges that do not touch. Immutable.</summary>
internal sealed class CharSet
{
    public static readonly CharSet Any = new([(char.MinValue, char.MaxValue)]);
    public static readonly CharSet NewLine = new([('\n', '\n')]);
    public static readonly CharSet Digits = Where(char.IsDigit);
    public static readonly CharSet WhiteSpace = Where(char.IsWhiteSpace);

    /// <summary>What <c>\w</c> and <c>\b</c> mean in .NET's regular expressions: letters, marks, decimal digits, connectors, and the two joiners.</summary>
    public static readonly CharSet Word = Where(static c => c is '\u200C' or '\u200D' || CharUnicodeInfo.GetUnicodeCategory(c) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation);

    private readonly (char From, char To)[] _ranges;

    private CharSet((char From, char To)[] ranges) => _ranges = ranges;

    public IReadOnlyList<(char From, char To)> Ranges => _ranges;

    public bool IsEmpty => _ranges.Length == 0;

    public static CharSet Of(char c) => new([(c, c)]);

    public static CharSet Of(IEnumerable<(char From, char To)> ranges)
    {
        var merged = new List<(char From, char To)>();
        foreach (var range in ranges.OrderBy(range => range.From))
        {
            if (merged.Count > 0 && range.From <= merged[^1].To + 1)
                merged[^1] = (merged[^1].From, (char)Math.Max(merged[^1].To, range.To));
            else
                merged.Add(range);
        }

        return new CharSet([.. merged]);
    }

    /// <summary>The code units that a test accepts.</summary>
    public static CharSet Where(Func<char, bool> test)
    {
        var ranges = new List<(char, char)>();
        for (int from = 0, to; from <= char.MaxValue; from = to + 1)
        {
            to = from;
            if (!test((char)from))
                continue;
            while (to < char.MaxValue && test((char)(to + 1)))
                to++;
            ranges.Add(((char)from, (char)to));
        }

        return new CharSet([.. ranges]);
    }

    public bool Contains(char c)
    {
        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (c < _ranges[middle].From)
                high = middle - 1;
            else if (c > _ranges[middle].To)
                low = middle + 1;
            else
                return true;
        }

        return false;
    }

    public CharSet Union(CharSet other) => Of(_ranges.Concat(other._ranges));

    public CharSet Complement()
    {
        var ranges = new List<(char, char)>();
        var next = 0;
        foreach (var (from, to) in _ranges)
        {
            if (from > next)
                ranges.Add(((char)next, (char)(from - 1)));
            next = to + 1;
        }

        if (next <= char.MaxValue)
            ranges.Add(((char)next, char.MaxValue));
        return new CharSet([.. ranges]);
    }

    /// <summary>With every code unit that differs from one of these in case alone.</summary>
    public CharSet IgnoringCase()
    {
        var cased = new List<(char, char)>(_ranges);
        foreach (var (from, to) in _ranges)
        {
            for (int c = from; c <= to; c++)
            {
                foreach (var other in CaseVariants.Of((char)c))
                    cased.Add((other, other));
            }
        }

        return Of(cased);
    }
}
