namespace GenAI.Core.Indexing;

/// <summary>What one search of a <see cref="KeywordIndex"/> may return, and how it goes about it. The default value searches everything.</summary>
public readonly ref struct KeywordSearchSettings
{
    private readonly ReadOnlySpan<ulong> _allowedIds;

    /// <summary>
    /// The ids that may be returned, as a bitmap: id <c>i</c> is allowed if bit <c>i % 64</c> of element <c>i / 64</c> is set. Ids
    /// beyond the bitmap and negative ids are not allowed. Once set, even an empty bitmap counts: it allows nothing.
    /// </summary>
    public ReadOnlySpan<ulong> AllowedIds
    {
        get => _allowedIds;
        init
        {
            _allowedIds = value;
            HasAllowedIds = true;
        }
    }

    /// <summary>Whether <see cref="AllowedIds"/> was set.</summary>
    public bool HasAllowedIds { get; private init; }

    /// <summary>
    /// Says whether an id may be returned; <see langword="null"/> for all. Called while the index is locked for reading, so it
    /// must be quick and must not call the index.
    /// </summary>
    public Func<long, bool>? IsAllowed { get; init; }

    /// <summary>Searches again with terms of the best texts added; <see langword="null"/>, the default, for a plain search.</summary>
    public RelevanceFeedback? Feedback { get; init; }

    internal bool Allows(long id)
    {
        if (HasAllowedIds && ((ulong)id >= (ulong)_allowedIds.Length * 64 || (_allowedIds[(int)(id >> 6)] >> (int)(id & 63) & 1) == 0))
            return false;
        return IsAllowed is null || IsAllowed(id);
    }
}
