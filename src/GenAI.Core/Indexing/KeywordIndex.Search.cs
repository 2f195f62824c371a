namespace GenAI.Core.Indexing;

public sealed partial class KeywordIndex
{
    /// <summary>Finds the texts that fit a query best.</summary>
    /// <param name="query">Words in any order. A word that stands twice counts twice; words that no text has count for nothing.</param>
    /// <param name="results">Receives the matches, best first, equal scores by ascending id; its length is the number asked for.</param>
    /// <param name="settings">What may be returned. The default is everything.</param>
    /// <returns>How many matches were written: fewer than asked for if fewer texts share a word with the query.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is <see langword="null"/>.</exception>
    public int Search(string query, Span<KeywordMatch> results, in KeywordSearchSettings settings = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Search(Analyze(query), results, settings);
    }

    internal int Search(AnalyzedText query, Span<KeywordMatch> results, in KeywordSearchSettings settings = default, bool isExhaustive = false)
    {
        if (!_searchers.TryTake(out var searcher))
            searcher = new KeywordSearcher();

        _lock.EnterReadLock();
        try
        {
            return KeywordRanking.Search(searcher, [_postings], _parameters, query, results, settings, isExhaustive);
        }
        finally
        {
            _lock.ExitReadLock();
            _searchers.Add(searcher);
        }
    }
}
