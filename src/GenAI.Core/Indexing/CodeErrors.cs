namespace GenAI.Core.Indexing;

/// <summary>By how much the keys that codes tell exceeded the exact ones, in one search.</summary>
/// <remarks>
/// A large component is cut off in a query and in its neighbours alike. Rounding does not tell that error, and it is much the same for all
/// neighbours of a query; so those that were scored tell what to expect of those that were not.
/// </remarks>
internal struct CodeErrors
{
    // As long as so few are known, an error may be so many deviations of rounding. With 3 recall stops at 0.992 on handwritten digits
    // however wide the search, with 10 at 0.999.
    private const int Few = 8;
    private const float DoubtOfFew = 40;
    private const float Doubt = 3;

    private int _count;
    private float _least = float.PositiveInfinity;
    private float _most = float.NegativeInfinity;

    public CodeErrors()
    {
    }

    public void Add(float error)
    {
        _count++;
        _least = Math.Min(_least, error);
        _most = Math.Max(_most, error);
    }

    /// <summary>The most that a key is taken to exceed the exact one.</summary>
    /// <param name="deviation">The standard deviation of what rounding alone does to the key.</param>
    public readonly float Most(float deviation) => _count < Few ? DoubtOfFew * deviation : _most + (_most - _least) + Doubt * deviation;
}
