namespace GenAI.Core.Verification;

/// <summary>A date or a time of day, as much of it as is said; parts that are not are 0, hours and minutes -1.</summary>
internal readonly record struct CalendarDate
{
    public required TextRange Range { get; init; }

    public required int FirstWord { get; init; }

    public required int LastWord { get; init; }

    public int Year { get; init; }

    public int Month { get; init; }

    public int Day { get; init; }

    /// <summary>Whether day and month could be the other way round: 03/04/2024.</summary>
    public bool MayTurn { get; init; }

    public int Hour { get; init; } = -1;

    public int Minute { get; init; } = -1;

    public CalendarDate()
    {
    }

    /// <summary>Whether everything that this date says is said by <paramref name="other"/> too.</summary>
    public bool IsSaidBy(CalendarDate other) =>
        SaysTime(other) && (Says(Year, Month, Day, other) || (MayTurn && Says(Year, Day, Month, other)) || (other.MayTurn && Says(Year, Month, Day, other with { Month = other.Day, Day = other.Month })));

    /// <summary>Whether both cannot be the same day.</summary>
    public bool Excludes(CalendarDate other) => !MayTurn && !other.MayTurn && (Differ(Year, other.Year) || Differ(Month, other.Month) || Differ(Day, other.Day) || (Hour >= 0 && other.Hour >= 0 && Hour != other.Hour));

    private bool SaysTime(CalendarDate other) => Hour < 0 || (Hour == other.Hour && Minute == other.Minute);

    private static bool Says(int year, int month, int day, CalendarDate other) =>
        (year == 0 || year == other.Year || (year < 100 && other.Year % 100 == year)) && (month == 0 || month == other.Month) && (day == 0 || day == other.Day);

    private static bool Differ(int a, int b) => a != 0 && b != 0 && a != b;
}
