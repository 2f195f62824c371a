namespace GenAI.Core.Guardrails;

/// <summary>A part of a pattern, with the fewest and the most UTF-16 code units that it matches.</summary>
internal abstract record PatternNode(int MinLength, int MaxLength)
{
    /// <summary>One code unit of a set.</summary>
    public sealed record One(CharSet Set) : PatternNode(1, 1);

    /// <summary>Parts one after the other.</summary>
    public sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode(Add(Parts.Select(part => part.MinLength)), Add(Parts.Select(part => part.MaxLength)));

    /// <summary>One of several parts.</summary>
    public sealed record Choice(IReadOnlyList<PatternNode> Parts) : PatternNode(Parts.Min(part => part.MinLength), Parts.Max(part => part.MaxLength));

    /// <summary>A part several times.</summary>
    public sealed record Repeat(PatternNode Part, int Min, int Max) : PatternNode(Times(Part.MinLength, Min), Times(Part.MaxLength, Max));

    /// <summary>A condition on the code units before and after a place, itself of no length.</summary>
    public sealed record Place(PlaceCondition Condition) : PatternNode(0, 0);

    // Saturates: such a pattern is refused, whatever its length exactly.
    private static int Add(IEnumerable<int> lengths) => (int)Math.Min(int.MaxValue, lengths.Sum(length => (long)length));

    private static int Times(int length, int times) => (int)Math.Min(int.MaxValue, (long)length * times);
}

/// <summary>What the code unit before a place and the one after it must be. At either end of a text there is none, which is in no set.</summary>
/// <param name="Kind">Which of the two, and whether it is to be in the set.</param>
/// <param name="Set">The set.</param>
internal sealed record PlaceCondition(PlaceKind Kind, CharSet Set)
{
    public static readonly PlaceCondition WordBoundary = new(PlaceKind.Boundary, CharSet.Word);
    public static readonly PlaceCondition NoWordBoundary = new(PlaceKind.NoBoundary, CharSet.Word);

    public bool LooksBack => Kind is not (PlaceKind.After or PlaceKind.NotAfter);

    public bool LooksAhead => Kind is not (PlaceKind.Before or PlaceKind.NotBefore);

    /// <param name="isBefore">Whether the code unit before the place is in the set.</param>
    /// <param name="isAfter">Whether the one after it is.</param>
    public bool Holds(bool isBefore, bool isAfter) => Kind switch
    {
        PlaceKind.Before => isBefore,
        PlaceKind.NotBefore => !isBefore,
        PlaceKind.After => isAfter,
        PlaceKind.NotAfter => !isAfter,
        PlaceKind.Boundary => isBefore != isAfter,
        _ => isBefore == isAfter,
    };
}

/// <summary>The kinds of <see cref="PlaceCondition"/>.</summary>
internal enum PlaceKind
{
    /// <summary><c>(?&lt;=x)</c>: one of the set stands before the place.</summary>
    Before,

    /// <summary><c>(?&lt;!x)</c>: none of the set stands before the place.</summary>
    NotBefore,

    /// <summary><c>(?=x)</c>: one of the set follows.</summary>
    After,

    /// <summary><c>(?!x)</c>: none of the set follows.</summary>
    NotAfter,

    /// <summary><c>\b</c>: the set begins or ends here.</summary>
    Boundary,

    /// <summary><c>\B</c>: it does not.</summary>
    NoBoundary,
}
