namespace GenAI.Core.Indexing;

/// <summary>How one search is run. The default value searches everything.</summary>
public readonly struct VectorSearchSettings
{
    private readonly int _searchBreadth;
    private readonly int _maxDegreeOfParallelism;

    /// <summary>How many candidates an approximate search keeps while it looks ("<c>ef</c>" in the HNSW paper). An exact index ignores it.</summary>
    /// <value>0 or more. The default, 0, leaves the choice to the index.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int SearchBreadth
    {
        get => _searchBreadth;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(SearchBreadth));
            _searchBreadth = value;
        }
    }

    /// <summary>
    /// The only ids to search, as a bitmap: id <c>n</c> is allowed if bit <c>n % 64</c> of word <c>n / 64</c> is set. Ids that are negative
    /// or behind the last word are not allowed. <see langword="null"/>, the default, allows every id.
    /// </summary>
    public ReadOnlyMemory<ulong>? AllowedIds { get; init; }

    /// <summary>
    /// Whether an id may be returned; combined with <see cref="AllowedIds"/> where both are given. Called from several threads if
    /// <see cref="MaxDegreeOfParallelism"/> is not 1. <see langword="null"/>, the default, allows every id.
    /// </summary>
    public Func<long, bool>? Filter { get; init; }

    /// <summary>The most threads that the search may use. The result is the same whatever the number.</summary>
    /// <value>0 or more. 1 stays on the calling thread. The default, 0, uses all processors for scans of 8 MB or more for each, and one thread for less.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxDegreeOfParallelism
    {
        get => _maxDegreeOfParallelism;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxDegreeOfParallelism));
            _maxDegreeOfParallelism = value;
        }
    }

    /// <summary>Stops a long search between blocks of rows.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal bool Allows(long id)
    {
        if (AllowedIds is { } allowed)
        {
            var word = (ulong)id >> 6;
            if (word >= (ulong)allowed.Length || (allowed.Span[(int)word] >> (int)(id & 63) & 1) == 0)
                return false;
        }

        return Filter is null || Filter(id);
    }
}
