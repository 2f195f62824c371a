namespace GenAI.Core;

/// <summary>A run of characters in a text: where it starts and how long it is, in UTF-16 code units.</summary>
/// <remarks>
/// Unlike <see cref="Range"/> it has no from-end form and carries its length, so it can be stored, compared and
/// added to. It converts to <see cref="Range"/> implicitly; <see cref="Of(string)"/> cuts it out of a text.
/// </remarks>
/// <param name="Start">Index of the first character, in UTF-16 code units, 0 or more.</param>
/// <param name="Length">Number of UTF-16 code units, 0 or more.</param>
public readonly record struct TextRange(int Start, int Length)
{
    /// <summary>Index one past the last character.</summary>
    public int End => Start + Length;

    /// <summary>Whether the range has no characters.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Makes a range from its two ends.</summary>
    /// <param name="start">Index of the first character.</param>
    /// <param name="end">Index one past the last character.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="start"/> is negative or behind <paramref name="end"/>.</exception>
    public static TextRange FromBounds(int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(end, start);
        return new TextRange(start, end - start);
    }

    /// <summary>Whether every character of <paramref name="other"/> lies in this range.</summary>
    public bool Contains(TextRange other) => other.Start >= Start && other.End <= End;

    /// <summary>Whether the two ranges share at least one character.</summary>
    public bool Overlaps(TextRange other) => Start < other.End && other.Start < End;

    /// <summary>The characters of this range in <paramref name="text"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range reaches outside the text.</exception>
    public string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Of(text.AsSpan()).ToString();
    }

    /// <summary>The characters of this range in <paramref name="text"/>, without a copy.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range reaches outside the text.</exception>
    public ReadOnlySpan<char> Of(ReadOnlySpan<char> text)
    {
        if (Start < 0 || Length < 0 || Start > text.Length - Length)
            throw new ArgumentOutOfRangeException(nameof(text), $"The range {this} reaches outside the text, which has {text.Length} characters. Was the text changed after the range was made?");

        return text.Slice(Start, Length);
    }

    /// <summary>The same range in the platform's form.</summary>
    public Range ToRange() => new(Start, End);

    /// <summary>Converts to the platform's <see cref="Range"/>.</summary>
    public static implicit operator Range(TextRange range) => range.ToRange();

    /// <summary>The range as <c>[start..end)</c>.</summary>
    public override string ToString() => $"[{Start}..{End})";
}
