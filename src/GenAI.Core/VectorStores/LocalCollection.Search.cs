using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.VectorStores;

/// <content>Search by vector, and by vector and keywords together.</content>
public sealed partial class LocalCollection<TKey, TRecord>
{
    /// <inheritdoc cref="VectorStoreCollection{TKey, TRecord}.SearchAsync{TInput}" />
    /// <exception cref="NotSupportedException">The value is no vector and nothing is there to embed it, or the filter has a part that cannot be evaluated.</exception>
    /// <exception cref="ArgumentException">The vector has the wrong length, or is not finite, or is zero where the metric forbids it.</exception>
    public override IAsyncEnumerable<VectorSearchResult<TRecord>> SearchAsync<TInput>(
        TInput searchValue, int top, VectorSearchOptions<TRecord>? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(searchValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        options ??= new VectorSearchOptions<TRecord>();
        RefuseGeneratedVectors(options.IncludeVectors);
        return SearchVectorsAsync(searchValue, top, options, cancellationToken);
    }

    /// <summary>Searches by vector and by keywords over the same records, and fuses the results.</summary>
    /// <param name="searchValue">The vector, or what it is generated from.</param>
    /// <param name="keywords">The keywords; together they are one query of the full-text index. With none, only the vector counts.</param>
    /// <param name="top">The most results.</param>
    /// <param name="options">Options. <c>ScoreThreshold</c> applies to the fused score, of which more is better.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <returns>The records with their fused scores, best first.</returns>
    /// <exception cref="InvalidOperationException">There are several vector or full-text indexed properties, or none, and the options do not name one.</exception>
    /// <exception cref="NotSupportedException">The value is no vector and nothing is there to embed it, or the filter has a part that cannot be evaluated.</exception>
    public IAsyncEnumerable<VectorSearchResult<TRecord>> HybridSearchAsync<TInput>(
        TInput searchValue, ICollection<string> keywords, int top, HybridSearchOptions<TRecord>? options = null, CancellationToken cancellationToken = default)
        where TInput : notnull
    {
        ArgumentNullException.ThrowIfNull(searchValue);
        ArgumentNullException.ThrowIfNull(keywords);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        options ??= new HybridSearchOptions<TRecord>();
        RefuseGeneratedVectors(options.IncludeVectors);
        return SearchHybridAsync(searchValue, string.Join(' ', keywords), top, options, cancellationToken);
    }

    private async IAsyncEnumerable<VectorSearchResult<TRecord>> SearchVectorsAsync<TInput>(
        TInput searchValue, int top, VectorSearchOptions<TRecord> options, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TInput : notnull
    {
        var property = PropertySelector.Vector(_mapper.Schema, options.VectorProperty);
        var query = await EmbedAsync(searchValue, property, cancellationToken).ConfigureAwait(false);
        foreach (var (copy, score) in SearchVectors(query, property, top, options, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new VectorSearchResult<TRecord>(copy.ToRecord(_mapper), score);
        }
    }

    private List<(RowCopy Copy, double Score)> SearchVectors(ReadOnlyMemory<float> query, int property, int top, VectorSearchOptions<TRecord> options, CancellationToken cancellationToken)
    {
        var distance = _mapper.Schema.Vectors[property].Distance;
        var view = GetView();
        var filter = view.Compile(options.Filter, out var parameters);
        var results = new List<(RowCopy, double)>();
        using (view.Table.ReadLock())
        {
            using var rows = filter is null ? null : view.Table.Select_NeedsLock(filter, parameters);
            var matches = view.Table.SearchVectors_NeedsLock(view.VectorColumns[property], query.Span, (long)options.Skip + top, rows, _settings.SearchBreadth, cancellationToken);
            for (var i = options.Skip; i < matches.Length; i++)
            {
                var score = distance.FromIndex(matches[i].Score);
                if (options.ScoreThreshold is { } threshold && !distance.Reaches(score, threshold))
                    break;
                results.Add((view.Copy_NeedsLock((int)matches[i].Id, options.IncludeVectors), score));
            }
        }

        return results;
    }

    private async IAsyncEnumerable<VectorSearchResult<TRecord>> SearchHybridAsync<TInput>(
        TInput searchValue, string keywords, int top, HybridSearchOptions<TRecord> options, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TInput : notnull
    {
        var vectorProperty = PropertySelector.Vector(_mapper.Schema, options.VectorProperty);
        var textProperty = PropertySelector.Text(_mapper.Schema, options.AdditionalProperty);
        var query = await EmbedAsync(searchValue, vectorProperty, cancellationToken).ConfigureAwait(false);
        var search = new ArmSearch(query, vectorProperty, keywords, textProperty, options.Filter, top, options.Skip, options.IncludeVectors);
        foreach (var hit in SearchArms(search, _settings.Fusion, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (options.ScoreThreshold is { } threshold && hit.Fused.Score < threshold)
                yield break;
            yield return new VectorSearchResult<TRecord>(hit.Copy.ToRecord(_mapper), hit.Fused.Score);
        }
    }

    private async ValueTask<ReadOnlyMemory<float>> EmbedAsync(object value, int property, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var field = _mapper.Schema.Vectors[property];
        var query = await VectorInput.ReadOrEmbedAsync(value, field, cancellationToken).ConfigureAwait(false);
        RecordStaging.Check(query.Span, field, "the query");
        return query;
    }
}
