namespace GenAI.Core.Indexing;

/// <summary>Options of an index that begins exact and becomes a graph as it grows.</summary>
/// <remarks>Options are read when an index is made; do not change them, nor those within, while it lives.</remarks>
public sealed class DynamicIndexOptions
{
    /// <summary>
    /// From how many vectors on a graph is built. It is built in the background, and searches are exact until it is complete. An index
    /// that has shrunk below a quarter of this number is exact again.
    /// </summary>
    /// <value>1 or more; <see cref="int.MaxValue"/> keeps the index exact. The default is 100,000.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public int GraphThreshold
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(GraphThreshold));
            field = value;
        }
    } = 100_000;

    /// <summary>Options for as long as the index is exact.</summary>
    /// <value>The default, <see langword="null"/>, is every default of <see cref="ExactIndexOptions"/>.</value>
    public ExactIndexOptions? Exact { get; set; }

    /// <summary>Options of the graph. While it is built in the background one processor is left to searches, whatever number of threads they allow.</summary>
    /// <value>The default, <see langword="null"/>, is every default of <see cref="GraphIndexOptions"/>.</value>
    public GraphIndexOptions? Graph { get; set; }
}
