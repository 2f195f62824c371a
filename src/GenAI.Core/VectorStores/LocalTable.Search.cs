using System.Collections.Concurrent;
using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

/// <content>The two arms of a search: vectors and keywords.</content>
internal sealed partial class LocalTable
{
    private static readonly Bm25Parameters Ranking = new(new KeywordIndexOptions().TermSaturation, new KeywordIndexOptions().LengthNormalization);

    private readonly ConcurrentBag<KeywordSearcher> _searchers = [];

    /// <summary>Takes a text apart for keyword search in a column, or returns null where the column is not full-text indexed.</summary>
    public AnalyzedText? Analyze(int column, string text) => Volatile.Read(ref _head).Texts[column]?.Index!.Analyze(text);

    /// <summary>The rows whose vectors are nearest to a query, best first.</summary>
    /// <param name="vector">The vector column.</param>
    /// <param name="query">The query.</param>
    /// <param name="top">The most rows.</param>
    /// <param name="allowed">The rows to search; null for all.</param>
    /// <param name="breadth">How many candidates a graph keeps; 0 leaves it to the index.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public VectorMatch[] SearchVectors_NeedsLock(int vector, ReadOnlySpan<float> query, long top, RowSet? allowed, int breadth, CancellationToken cancellationToken)
    {
        var settings = new VectorSearchSettings { SearchBreadth = breadth, CancellationToken = cancellationToken };
        if (_parts.Length == 1)
            return SearchVectors(_head, vector, query, top, allowed, settings);

        var matches = new List<VectorMatch>();
        foreach (var part in _parts)
        {
            if (part.Count == 0)
                continue;
            foreach (var match in SearchVectors(part, vector, query, top, allowed, settings))
                matches.Add(match with { Id = match.Id + part.First });
        }

        matches.Sort(VectorMatch.CompareBestFirst);
        return [.. matches.Take((int)Math.Min(top, int.MaxValue))];
    }

    /// <summary>The rows whose text fits keywords, best first.</summary>
    /// <param name="column">The full-text indexed column.</param>
    /// <param name="keywords">The keywords.</param>
    /// <param name="top">The most rows.</param>
    /// <param name="allowed">The rows to search; null for all.</param>
    public KeywordMatch[] SearchKeywords_NeedsLock(int column, string keywords, long top, RowSet? allowed)
    {
        var matches = new KeywordMatch[Math.Min(top, Count_NeedsLock)];
        var index = _head.Texts[column]!.Index!;
        if (_parts.Length == 1)
        {
            var found = index.Search(keywords, matches, allowed is null ? default : new KeywordSearchSettings { AllowedIds = allowed.Bits });
            return found == matches.Length ? matches : matches[..found];
        }

        using var live = allowed is null && Array.Exists(_parts, part => part.HasOthers) ? Select_NeedsLock(filter: null, []) : null;
        var settings = (allowed ?? live) is { } rows ? new KeywordSearchSettings { AllowedIds = rows.Bits } : default;
        PostingSource[] sources = [.. _parts.Select(part => part.Texts[column]!)];
        if (!_searchers.TryTake(out var searcher))
            searcher = new KeywordSearcher();
        try
        {
            var found = KeywordRanking.Search(searcher, sources, Ranking, index.Analyze(keywords), matches, settings);
            return matches[..found];
        }
        finally
        {
            _searchers.Add(searcher);
        }
    }

    private static VectorMatch[] SearchVectors(TablePart part, int vector, ReadOnlySpan<float> query, long top, RowSet? allowed, in VectorSearchSettings settings)
    {
        var index = part.Vectors[vector];
        var matches = new VectorMatch[Math.Min(top, Math.Min(index.Count, part.Count))];
        var isOpen = allowed is null && !part.HasOthers;
        var found = index.Search(query, matches, isOpen ? settings : settings with { AllowedIds = allowed?.Memory.Slice(part.First / 64, part.Words) ?? part.Live });

        // The index has every live row. If a write has begun meanwhile it may have others; where none of them was found, what was is right.
        if (isOpen && !AreLive(part, matches.AsSpan(0, found)))
            found = index.Search(query, matches, settings with { AllowedIds = part.Live });
        return found == matches.Length ? matches : matches[..found];
    }

    private static bool AreLive(TablePart part, ReadOnlySpan<VectorMatch> matches)
    {
        foreach (var match in matches)
        {
            if (!part.IsLive((int)match.Id))
                return false;
        }

        return true;
    }
}
