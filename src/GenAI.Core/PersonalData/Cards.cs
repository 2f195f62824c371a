using System.Globalization;

namespace GenAI.Core.PersonalData;

/// <summary>The ranges of numbers that card issuers use, with their lengths (ISO/IEC 7812-1).</summary>
internal static class Cards
{
    private static readonly (int From, int To, int Digits, string Lengths)[] Issuers =
    [
        (4, 4, 1, "13 16 19"), // Visa
        (51, 55, 2, "16"), (2221, 2720, 4, "16"), // Mastercard
        (34, 34, 2, "15"), (37, 37, 2, "15"), // American Express
        (6011, 6011, 4, "16 19"), (644, 649, 3, "16 19"), (65, 65, 2, "16 19"), // Discover
        (35, 35, 2, "16 19"), (2131, 2131, 4, "15"), (1800, 1800, 4, "15"), // JCB
        (300, 305, 3, "14 16 19"), (3095, 3095, 4, "14 16 19"), (36, 36, 2, "14 16 19"), (38, 39, 2, "14 16 19"), // Diners Club
        (62, 62, 2, "16 17 18 19"), // UnionPay
        (50, 50, 2, "12 13 14 15 16 17 18 19"), (56, 58, 2, "12 13 14 15 16 17 18 19"), (6304, 6304, 4, "12 13 14 15 16 17 18 19"), (6759, 6759, 4, "12 13 14 15 16 17 18 19"),
        (6761, 6763, 4, "12 13 14 15 16 17 18 19"), (604, 604, 4, "12 13 14 15 16 17 18 19"), // Maestro
        (2200, 2204, 4, "16 17 18 19"), // Mir
    ];

    /// <summary>Whether digits, with single blanks or hyphens between groups, are a card's number.</summary>
    public static TextRange? Part(ReadOnlySpan<char> match)
    {
        Span<char> buffer = stackalloc char[32];
        var digits = Compact.Digits(match, buffer);
        return IsIssued(digits) && IsGrouped(match) && CheckDigits.Luhn(digits) ? new TextRange(0, match.Length) : null;
    }

    private static bool IsIssued(ReadOnlySpan<char> digits)
    {
        foreach (var (from, to, count, lengths) in Issuers)
        {
            var start = int.Parse(digits[..count], CultureInfo.InvariantCulture);
            if (start >= from && start <= to && lengths.Contains(digits.Length.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    // As printed: four and four, or 4-6-5 and 4-6-4; a table of small numbers is none.
    private static bool IsGrouped(ReadOnlySpan<char> match)
    {
        var separator = match.IndexOfAny(' ', '-');
        if (separator < 0)
            return true;
        if (match.Contains(match[separator] == ' ' ? '-' : ' ') || separator != 4)
            return false;
        Span<Range> groups = stackalloc Range[8];
        var count = match.Split(groups, match[separator]);
        if (count == 3)
            return Length(groups[1]) == 6 && Length(groups[2]) is 4 or 5;
        for (var i = 0; i < count - 1; i++)
        {
            if (Length(groups[i]) != 4)
                return false;
        }

        return count is 4 or 5 && Length(groups[count - 1]) is >= 1 and <= 4;
    }

    private static int Length(Range range) => range.End.Value - range.Start.Value;
}
