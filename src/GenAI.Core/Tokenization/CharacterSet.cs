namespace GenAI.Core.Tokenization;

/// <summary>The characters that a class of a pattern takes.</summary>
internal sealed class CharacterSet
{
    private readonly List<(int First, int Last)> _ranges = [];
    private readonly List<CharacterSet> _parts = [], _also = [];
    private uint _categories;
    private bool[]? _ascii;

    /// <summary>Whether the set is all that is not in it.</summary>
    public bool IsNegated { get; set; }

    /// <summary>Whether a letter is in the set if its other case is.</summary>
    public bool IgnoresCase { get; init; }

    public void AddRange(int first, int last) => _ranges.Add((first, last));

    public void AddCategories(uint mask) => _categories |= mask;

    public void AddSet(CharacterSet set) => _parts.Add(set);

    /// <summary>Keeps only what is also in <paramref name="set"/>.</summary>
    public void Intersect(CharacterSet set) => _also.Add(set);

    public bool Contains(int codePoint)
    {
        if (codePoint >= 128)
            return Evaluate(codePoint);
        _ascii ??= [.. Enumerable.Range(0, 128).Select(Evaluate)];
        return _ascii[codePoint];
    }

    private bool Evaluate(int codePoint)
    {
        var contained = Has(codePoint);
        if (!contained && IgnoresCase)
            contained = Variants(codePoint).Any(Has);
        foreach (var set in _also)
            contained &= set.Contains(codePoint);
        return contained != IsNegated;
    }

    private bool Has(int codePoint)
    {
        if ((_categories >> (UnicodeData.Flags(codePoint) & UnicodeData.CategoryMask) & 1) != 0)
            return true;
        foreach (var (first, last) in _ranges)
        {
            if (codePoint >= first && codePoint <= last)
                return true;
        }

        foreach (var set in _parts)
        {
            if (set.Contains(codePoint))
                return true;
        }

        return false;
    }

    // Case folding of one character to one: enough for the words that patterns list.
    private static IEnumerable<int> Variants(int codePoint)
    {
        var lower = codePoint == 0x17F ? 's' : UnicodeData.ToLower(codePoint);
        yield return lower;
        if (lower is >= 'a' and <= 'z')
            yield return lower - 32;
        if (lower == 's')
            yield return 0x17F;
        if (lower == 'k')
            yield return 0x212A;
    }
}
