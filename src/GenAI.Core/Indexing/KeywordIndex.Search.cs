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
            var terms = Resolve(query);
            if (settings.Feedback is { } feedback)
                terms = Expand(terms, searcher, settings, feedback);
            return searcher.Search(_lists, _texts, _parameters, terms, results, settings, isExhaustive);
        }
        finally
        {
            _lock.ExitReadLock();
            _searchers.Add(searcher);
        }
    }

    // The terms of the query that some text has.
    private QueryTerm[] Resolve(AnalyzedText query)
    {
        var terms = new List<QueryTerm>(query.Terms.Length);
        for (var i = 0; i < query.Terms.Length; i++)
        {
            var number = _lists.Terms.Find(query.Terms[i]);
            if (number >= 0)
                terms.Add(new QueryTerm(number, query.Counts[i]));
        }

        return [.. terms];
    }

    // RM3: the chance of a term in the best texts, each text weighing as much as its score, mixed with its chance in the query.
    private QueryTerm[] Expand(QueryTerm[] query, KeywordSearcher searcher, in KeywordSearchSettings settings, RelevanceFeedback feedback)
    {
        var best = new KeywordMatch[Math.Min(feedback.Texts, _texts.Count)];
        var found = searcher.Search(_lists, _texts, _parameters, query, best, settings);
        var model = new Dictionary<int, double>();
        foreach (var match in best.AsSpan(0, found))
        {
            _texts.TryFind(match.Id, out var number);
            var share = match.Score / (double)_texts.Lengths[number];
            var terms = new TermListReader(_texts.TermsOf(number));
            while (terms.MoveNext())
                model[terms.Term] = model.GetValueOrDefault(terms.Term) + share * terms.Frequency;
        }

        // Ties by hash, which unlike the number does not depend on the order in which texts were added.
        var chosen = model.OrderByDescending(term => term.Value).ThenBy(term => _lists.Terms[term.Key].Hash).Take(feedback.Terms).ToArray();
        var chosenTotal = chosen.Sum(term => term.Value);
        var queryTotal = query.Sum(term => term.Weight);
        var mixed = query.ToDictionary(term => term.Term, term => feedback.OriginalWeight * term.Weight / queryTotal);
        foreach (var (term, weight) in chosen)
            mixed[term] = mixed.GetValueOrDefault(term) + (1 - feedback.OriginalWeight) * weight / chosenTotal;
        return [.. mixed.Where(term => term.Value > 0).Select(term => new QueryTerm(term.Key, term.Value))];
    }
}
