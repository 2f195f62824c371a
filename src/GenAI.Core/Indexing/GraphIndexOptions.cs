namespace GenAI.Core.Indexing;

/// <summary>Options of a graph index. The defaults suit text embeddings; see the guide to vector indexes for how to choose others.</summary>
public sealed class GraphIndexOptions
{
    /// <summary>
    /// Half of the most links that a vector keeps ("<c>M</c>" in the HNSW paper, whose lowest layer keeps twice as many as well).
    /// More links raise recall on data of many dimensions, and cost 8 bytes each and time to build.
    /// </summary>
    /// <value>2 to 512. The default is 16.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxNeighbors
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2, nameof(MaxNeighbors));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 512, nameof(MaxNeighbors));
            field = value;
        }
    } = 16;

    /// <summary>
    /// How many candidates are kept while the neighbours of a new vector are looked for ("<c>efConstruction</c>"). Building takes time in
    /// proportion; recall gains little beyond a few times <see cref="MaxNeighbors"/>.
    /// </summary>
    /// <value>1 or more. The default is 200.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public int BuildBreadth
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(BuildBreadth));
            field = value;
        }
    } = 200;

    /// <summary>What pseudo-random choices start from: where searches enter the graph.</summary>
    /// <value>Any number. The default is 0.</value>
    public int Seed { get; set; }

    /// <summary>
    /// The most threads that one call of <see cref="VectorIndex.Upsert"/> uses. With 1 the same calls make the same graph; with more it
    /// depends on which thread was first.
    /// </summary>
    /// <value>0 or more. The default, 0, uses all processors.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxDegreeOfParallelism
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxDegreeOfParallelism));
            field = value;
        }
    }

    /// <summary>How many vectors to make room for at once, where that is known beforehand; the index grows by itself.</summary>
    /// <value>0 or more. The default is 0.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int InitialCapacity
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(InitialCapacity));
            field = value;
        }
    }
}
