using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

/// <content>The two arms of a search: vectors and keywords.</content>
internal sealed partial class LocalTable
{
    /// <summary>Takes a text apart for keyword search in a column, or returns null where the column is not full-text indexed.</summary>
    public AnalyzedText? Analyze(int column, string text) => _texts[column]?.Analyze(text);

    /// <summary>The rows whose vectors are nearest to a query, best first.</summary>
    /// <param name="vector">The vector column.</param>
    /// <param name="query">The query.</param>
    /// <param name="top">The most rows.</param>
    /// <param name="allowed">The rows to search; null for all.</param>
    /// <param name="breadth">How many candidates a graph keeps; 0 leaves it to the index.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public VectorMatch[] SearchVectors_NeedsLock(int vector, ReadOnlySpan<float> query, long top, RowSet? allowed, int breadth, CancellationToken cancellationToken)
    {
        var index = _vectors[vector];
        var matches = new VectorMatch[Math.Min(top, Math.Min(index.Count, _keys.Count))];
        var settings = new VectorSearchSettings { SearchBreadth = breadth, CancellationToken = cancellationToken };
        var isOpen = allowed is null && !Volatile.Read(ref _isChanging);
        var found = index.Search(query, matches, isOpen ? settings : settings with { AllowedIds = allowed?.Memory ?? _live });

        // The index has every live row. If a write has begun meanwhile it may have others; where none of them was found, what was is right.
        if (isOpen && !AreLive(matches.AsSpan(0, found)))
            found = index.Search(query, matches, settings with { AllowedIds = _live });
        return found == matches.Length ? matches : matches[..found];
    }

    /// <summary>The rows whose text fits keywords, best first.</summary>
    /// <param name="column">The full-text indexed column.</param>
    /// <param name="keywords">The keywords.</param>
    /// <param name="top">The most rows.</param>
    /// <param name="allowed">The rows to search; null for all.</param>
    public KeywordMatch[] SearchKeywords_NeedsLock(int column, string keywords, long top, RowSet? allowed)
    {
        var matches = new KeywordMatch[Math.Min(top, _keys.Count)];
        var settings = allowed is null ? default : new KeywordSearchSettings { AllowedIds = allowed.Bits };
        var found = _texts[column]!.Search(keywords, matches, settings);
        return found == matches.Length ? matches : matches[..found];
    }

    private bool AreLive(ReadOnlySpan<VectorMatch> matches)
    {
        foreach (var match in matches)
        {
            if (!IsLive((int)match.Id))
                return false;
        }

        return true;
    }

    private void PutText_NeedsLock(int column, int row, AnalyzedText? text)
    {
        if (_texts[column] is not { } index)
            return;
        if (text is not null)
            index.Upsert(row, text);
        else if (_columns[column].Get(row) is string late)
            index.Upsert(row, late); // Staged before the column was indexed.
        else
            index.Remove(row);
    }

    private KeywordIndex IndexText_NeedsLock(Column column)
    {
        var index = new KeywordIndex();
        for (var row = 0; row < _live.Length * 64; row++)
        {
            if (RowBits.Has(_live, row) && column.Get(row) is string text)
                index.Upsert(row, text);
        }

        return index;
    }
}
