namespace GenAI.Core.Retrieval;

/// <summary>Retrieves more chunks than are wanted, reads each together with the query, and keeps the best.</summary>
/// <remarks>
/// The chunks' scores become the reranker's; <see cref="RetrievedChunk.Retrieved"/> keeps the place and score that each had before. Of equal scores the chunk that was
/// ahead before stays ahead. Safe for concurrent use.
/// </remarks>
public sealed class RerankingRetriever : IRetriever
{
    private readonly IRetriever _inner;
    private readonly IReranker _reranker;
    private readonly int _depth;
    private readonly int _top;
    private readonly float? _minScore;

    /// <summary>Makes a retriever.</summary>
    /// <param name="inner">Finds the chunks.</param>
    /// <param name="reranker">Scores them.</param>
    /// <param name="options">How many are scored and kept; <see langword="null"/> for the defaults.</param>
    public RerankingRetriever(IRetriever inner, IReranker reranker, RerankingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(reranker);
        options ??= new RerankingOptions();
        (_inner, _reranker, _depth, _top, _minScore) = (inner, reranker, options.Depth, options.Top, options.MinScore);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RetrievedChunk>> RetrieveAsync(string query, int top, SearchOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        var found = await _inner.RetrieveAsync(query, Math.Max(top, _depth), options, cancellationToken).ConfigureAwait(false);
        if (found.Count == 0)
            return found;

        var scores = await _reranker.ScoreAsync(query, [.. found.Select(hit => RankedChunks.Text(hit.Chunk))], cancellationToken).ConfigureAwait(false);
        if (scores.Count != found.Count)
            throw new InvalidOperationException($"The reranker {_reranker.GetType().Name} returned {scores.Count} scores for {found.Count} texts; it must return one for each, in order.");

        var order = Enumerable.Range(0, found.Count)
            .Where(i => _minScore is not { } least || scores[i] >= least)
            .OrderByDescending(i => scores[i])
            .Take(Math.Min(top, _top));
        return RankedChunks.Of(order.Select(i => (found[i], scores[i])));
    }
}
