using System.Linq.Expressions;
using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

/// <content>The two arms of a search over one state of the collection.</content>
public sealed partial class LocalCollection<TKey, TRecord>
{
    // Enough of each arm that a record low in one can still rise by the other; the fusion's weights were measured with as many.
    private const int LeastCandidates = 100;

    /// <summary>Runs the vector arm, the keyword arm or both over one state of the collection and one filter.</summary>
    /// <param name="vector">The query's vector; null to leave that arm out.</param>
    /// <param name="keywords">The query's words; null to leave that arm out.</param>
    /// <param name="filter">The filter, for both arms.</param>
    /// <param name="top">The most hits.</param>
    /// <param name="fusion">How the arms are fused; null for the default.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <returns>The hits, best first.</returns>
    internal IReadOnlyList<LocalHit<TRecord>> SearchArms(
        ReadOnlyMemory<float>? vector, string? keywords, Expression<Func<TRecord, bool>>? filter, int top, FusionOptions? fusion = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var vectorProperty = vector is null ? 0 : PropertySelector.Vector(_mapper.Schema, selector: null);
        var textProperty = keywords is null ? 0 : PropertySelector.Text(_mapper.Schema, selector: null);
        if (vector is { } query)
            RecordStaging.Check(query.Span, _mapper.Schema.Vectors[vectorProperty], "the query");

        // One arm by itself has a score of its own, which says more than a fused one.
        var rows = SearchArms(new ArmSearch(vector, vectorProperty, keywords, textProperty, filter, top), fusion, cancellationToken);
        return
        [
            .. rows.Select(row => new LocalHit<TRecord>(
                row.Copy.ToRecord(_mapper),
                keywords is null ? row.Fused.Vector!.Value.Score : vector is null ? row.Fused.Keyword!.Value.Score : row.Fused.Score,
                row.Fused.Vector,
                row.Fused.Keyword)),
        ];
    }

    private List<(RowCopy Copy, FusedMatch Fused)> SearchArms(ArmSearch search, FusionOptions? fusion, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var view = GetView();
        var filter = view.Compile(search.Filter, out var parameters);
        var wanted = (long)search.Skip + search.Top;
        var candidates = (int)Math.Min(Math.Max(LeastCandidates, 2 * wanted), int.MaxValue);
        var results = new List<(RowCopy, FusedMatch)>();
        using (view.Table.ReadLock())
        {
            using var rows = filter is null ? null : view.Table.Select_NeedsLock(filter, parameters);
            VectorMatch[] vectors = search.Vector is { } query
                ? view.Table.SearchVectors_NeedsLock(view.VectorColumns[search.VectorProperty], query.Span, candidates, rows, _settings.SearchBreadth, cancellationToken)
                : [];
            KeywordMatch[] keywords = string.IsNullOrWhiteSpace(search.Keywords)
                ? []
                : view.Table.SearchKeywords_NeedsLock(view.DataColumns[search.TextProperty], search.Keywords, candidates, rows);

            var fused = new FusedMatch[Math.Min(wanted, vectors.Length + keywords.Length)];
            var found = RankFusion.Fuse(vectors, keywords, candidates, fused, fusion);
            for (var i = search.Skip; i < found; i++)
                results.Add((view.Copy_NeedsLock((int)fused[i].Id, search.IncludeVectors), fused[i]));
        }

        return results;
    }
}
