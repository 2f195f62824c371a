namespace GenAI.Core.Indexing;

/// <summary>Finds the vectors nearest to a query. It knows ids and numbers, not records.</summary>
/// <remarks>
/// Safe for concurrent use, no lock is needed outside: many searches run at once and wait for nothing, not even a write; each sees
/// every write whole or not at all. Writes take turns.
/// Results are deterministic: best first, equal scores by id ascending. Vectors are copied in.
/// </remarks>
public abstract class VectorIndex : IDisposable
{
    /// <summary>The most components that a vector may have: 16,777,216.</summary>
    internal const int MaxDimensions = 1 << 24;

    private protected VectorIndex(int dimensions, VectorMetric metric)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MaxDimensions);
        if (!Enum.IsDefined(metric))
            throw new ArgumentOutOfRangeException(nameof(metric), metric, $"There is no such metric. Use one of {string.Join(", ", Enum.GetNames<VectorMetric>())}.");

        Dimensions = dimensions;
        Metric = metric;
    }

    /// <summary>The number of components of every vector.</summary>
    public int Dimensions { get; }

    /// <summary>How vectors are compared.</summary>
    public VectorMetric Metric { get; }

    /// <summary>The number of vectors in the index.</summary>
    public abstract int Count { get; }

    /// <summary>Makes an empty index that compares the query with every vector: always right, and the oracle for approximate ones.</summary>
    /// <param name="dimensions">The number of components of every vector, 1 to 16,777,216.</param>
    /// <param name="metric">How vectors are compared.</param>
    /// <param name="options">Options, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is out of its range, or there is no such metric.</exception>
    public static VectorIndex CreateExact(int dimensions, VectorMetric metric, ExactIndexOptions? options = null) =>
        new ExactIndex(dimensions, metric, options ?? new ExactIndexOptions());

    /// <summary>
    /// Makes an empty index that follows links between near vectors: approximate, and much faster than an exact one from some tens of
    /// thousands of vectors on. <see cref="VectorSearchSettings.SearchBreadth"/> trades time for recall. Scores are exact.
    /// </summary>
    /// <remarks>
    /// Searches do not wait for writes: they see the index as it was before a write or as it is after it. A write uses all
    /// processors. Filters never make a result shorter than <c>min(top, number of matches)</c>.
    /// </remarks>
    /// <param name="dimensions">The number of components of every vector, 1 to 16,777,216.</param>
    /// <param name="metric">How vectors are compared: cosine, dot product or Euclidean.</param>
    /// <param name="options">Options, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The metric is one that a graph cannot search by.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is out of its range, or there is no such metric.</exception>
    public static VectorIndex CreateGraph(int dimensions, VectorMetric metric, GraphIndexOptions? options = null) =>
        new GraphIndex(dimensions, metric, options ?? new GraphIndexOptions());

    /// <summary>
    /// Makes an empty index that is exact while it is small and becomes a graph as it grows: for collections of which nobody knows how
    /// large they will be. The graph is built in the background; searches and writes go on, and searches are exact until it is complete.
    /// </summary>
    /// <remarks>
    /// While the graph is built both are in memory. A writer that outruns the graph is slowed down to its pace. If the graph cannot be
    /// built, for instance for want of memory, the index stays exact and tries again when it has doubled. Below a quarter of
    /// <see cref="DynamicIndexOptions.GraphThreshold"/> it is exact again. Where <see cref="VectorSearchSettings.SearchBreadth"/> is left to it, it searches a
    /// graph more broadly than <see cref="CreateGraph"/>'s would be: at least 192 candidates for ten results. With a metric that a graph cannot search by it is exact always.
    /// </remarks>
    /// <param name="dimensions">The number of components of every vector, 1 to 16,777,216.</param>
    /// <param name="metric">How vectors are compared.</param>
    /// <param name="options">Options, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is out of its range, or there is no such metric.</exception>
    public static VectorIndex CreateDynamic(int dimensions, VectorMetric metric, DynamicIndexOptions? options = null) =>
        new DynamicIndex(dimensions, metric, options ?? new DynamicIndexOptions());

    /// <summary>What the index searches by now. Only an index made by <see cref="CreateDynamic"/> ever changes it.</summary>
    public virtual VectorIndexKind Kind => this is GraphIndex ? VectorIndexKind.Graph : VectorIndexKind.Exact;

    /// <summary>The bytes that the index has allocated.</summary>
    public abstract VectorIndexMemory Memory { get; }

    /// <summary>Adds vectors, or replaces those whose ids are known. All are checked before the first is stored.</summary>
    /// <param name="ids">One id for each vector, 0 or more if bitmaps of allowed ids are to be used. If an id is repeated, its last vector counts.</param>
    /// <param name="vectors">The vectors, one after the other: <c>ids.Length * Dimensions</c> values.</param>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit together; or a vector has a component that is not finite, is zero where the metric is cosine, or is too
    /// long for its scores to stay finite. The message names the row; nothing was stored.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The index was disposed of.</exception>
    public abstract void Upsert(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors);

    /// <summary>Removes a vector. Its room is used again.</summary>
    /// <returns>Whether there was a vector with that id.</returns>
    /// <exception cref="ObjectDisposedException">The index was disposed of.</exception>
    public abstract bool Remove(long id);

    /// <summary>Finds the vectors nearest to <paramref name="query"/>.</summary>
    /// <param name="query">The query, <see cref="Dimensions"/> values.</param>
    /// <param name="results">Receives the matches, best first; its length is the most that are returned.</param>
    /// <param name="settings">How to search.</param>
    /// <returns>The number of matches written.</returns>
    /// <exception cref="ArgumentException">The query has the wrong length or is a vector that the index would not store.</exception>
    /// <exception cref="ObjectDisposedException">The index was disposed of.</exception>
    /// <exception cref="OperationCanceledException">The settings' token was cancelled.</exception>
    public abstract int Search(ReadOnlySpan<float> query, Span<VectorMatch> results, in VectorSearchSettings settings = default);

    /// <summary>Runs several searches over the same state of the index, reading its vectors once for many queries.</summary>
    /// <param name="queries">The queries, one after the other: a multiple of <see cref="Dimensions"/> values.</param>
    /// <param name="results">
    /// Receives <paramref name="top"/> places for each query, one query after the other; places behind a query's last match are
    /// <see cref="VectorMatch.None"/>.
    /// </param>
    /// <param name="top">The most matches for each query, 0 or more.</param>
    /// <param name="settings">How to search.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together, or a query is a vector that the index would not store; the message names its row.</exception>
    /// <exception cref="ObjectDisposedException">The index was disposed of.</exception>
    /// <exception cref="OperationCanceledException">The settings' token was cancelled.</exception>
    public abstract void SearchBatch(ReadOnlySpan<float> queries, Span<VectorMatch> results, int top, in VectorSearchSettings settings = default);

    /// <summary>Releases the vectors. Searches that run are finished first.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the vectors.</summary>
    /// <param name="disposing">Whether this is a call of <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>Opens the index for reading what it stores; dispose of what is returned soon, for what is removed meanwhile is kept.</summary>
    internal abstract VectorRowReader ReadRows();

    /// <summary>Copies a stored vector, bit for bit as it was given.</summary>
    internal abstract bool TryCopyVector(long id, Span<float> destination);
}
