namespace GenAI.Core.Retrieval;

/// <summary>Ends the list of chunks where their scores fall off, so that what only fills places is left out.</summary>
/// <remarks>Meant for calibrated scores, such as a reranker's. Safe for concurrent use.</remarks>
public sealed class ScoreCutRetriever : IRetriever
{
    private readonly IRetriever _inner;
    private readonly int _depth;
    private readonly float _gap;
    private readonly int _minResults;
    private readonly float? _minScore;

    /// <summary>Makes a retriever.</summary>
    /// <param name="inner">Finds the chunks, best first.</param>
    /// <param name="options">Where to cut; <see langword="null"/> for the defaults.</param>
    public ScoreCutRetriever(IRetriever inner, ScoreCutOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        options ??= new ScoreCutOptions();
        (_inner, _depth, _gap, _minResults, _minScore) = (inner, options.Depth, options.Gap, options.MinResults, options.MinScore);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RetrievedChunk>> RetrieveAsync(string query, int top, SearchOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        var found = await _inner.RetrieveAsync(query, Math.Max(top, _depth), options, cancellationToken).ConfigureAwait(false);
        return RankedChunks.Of(found.Take(Math.Min(top, Kept([.. found.Select(hit => hit.Score)]))));
    }

    private int Kept(float[] scores)
    {
        var kept = scores.Length;
        if (_minScore is { } least && Array.FindIndex(scores, score => score < least) is >= 0 and var below)
            kept = Math.Max(below, Math.Min(_minResults, scores.Length));

        var (cut, greatest) = (kept, 0f);
        var whole = scores.Length > 0 ? scores[0] - scores[^1] : 0;
        for (var i = 1; i < kept; i++)
        {
            if (scores[i - 1] - scores[i] is var fall && fall > greatest && fall >= _gap * whole && _gap < 1)
                (cut, greatest) = (i, fall);
        }

        return Math.Max(cut, Math.Min(_minResults, kept));
    }
}
