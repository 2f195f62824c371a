using System.Collections.Frozen;

namespace GenAI.Core.Verification;

/// <summary>The names of months and days.</summary>
internal static class CalendarNames
{
    private static readonly FrozenDictionary<string, int> Months = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["january"] = 1,
        ["jan"] = 1,
        ["february"] = 2,
        ["feb"] = 2,
        ["march"] = 3,
        ["mar"] = 3,
        ["april"] = 4,
        ["apr"] = 4,
        ["may"] = 5,
        ["june"] = 6,
        ["jun"] = 6,
        ["july"] = 7,
        ["jul"] = 7,
        ["august"] = 8,
        ["aug"] = 8,
        ["september"] = 9,
        ["sep"] = 9,
        ["sept"] = 9,
        ["october"] = 10,
        ["oct"] = 10,
        ["november"] = 11,
        ["nov"] = 11,
        ["december"] = 12,
        ["dec"] = 12,
        ["januar"] = 1,
        ["februar"] = 2,
        ["marz"] = 3,
        ["mai"] = 5,
        ["juni"] = 6,
        ["juli"] = 7,
        ["oktober"] = 10,
        ["dezember"] = 12,
        ["janvier"] = 1,
        ["fevrier"] = 2,
        ["mars"] = 3,
        ["avril"] = 4,
        ["juin"] = 6,
        ["juillet"] = 7,
        ["aout"] = 8,
        ["septembre"] = 9,
        ["octobre"] = 10,
        ["novembre"] = 11,
        ["decembre"] = 12,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Weekdays = FrozenSet.ToFrozenSet(
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays"], StringComparer.Ordinal);

    /// <summary>1 to 12, or 0 where a word in lower case without accents is no month.</summary>
    public static int Month(string word) => Months.GetValueOrDefault(word);

    public static bool IsWeekday(string word) => Weekdays.Contains(word);
}
