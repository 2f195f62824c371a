namespace GenAI.Core.Verification;

/// <summary>What a statement says of the side on which a number lies.</summary>
internal enum Bound : byte
{
    None,
    AtLeast,
    MoreThan,
    AtMost,
    LessThan,

    /// <summary>About so much.</summary>
    About,
}

/// <summary>A number of a statement, with what it counts or measures.</summary>
internal readonly record struct Quantity
{
    /// <summary>Where it stands in the text, with its unit.</summary>
    public required TextRange Range { get; init; }

    public required double Value { get; init; }

    /// <summary>What it is if its separators are read the other way, or its suffix as a unit; NaN if there is one way only.</summary>
    public double Other { get; init; } = double.NaN;

    public Unit Unit { get; init; }

    public Bound Bound { get; init; }

    /// <summary>The value of its last written digit: 100 for 3,100; 0.1 for 2.5.</summary>
    public double Step { get; init; }

    /// <summary>The word behind the number, as it is known; <see langword="null"/> at the end of the sentence.</summary>
    public WordEntry? Next { get; init; }

    /// <summary>The index of its first word in the statement.</summary>
    public int Word { get; init; }

    /// <summary>Whether it is a word that often is none: one.</summary>
    public bool IsWeak { get; init; }

    /// <summary>Whether it is a place in an order: 3rd, third.</summary>
    public bool IsOrdinal { get; init; }

    public Quantity()
    {
    }

    /// <summary>Whether a number is the same, whatever the units.</summary>
    public bool HasNumber(Quantity other) =>
        Near(Value, other.Value) || Near(Value, other.Other) || Near(Other, other.Value) || Near(Other, other.Other);

    public static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-9 * Math.Max(Math.Abs(a), Math.Abs(b));
}
