namespace GenAI.Core.Indexing;

/// <summary>Ranks the texts of several sources as if they were of one: scores depend on the texts alone, not on where they are.</summary>
internal static class KeywordRanking
{
    public static int Search(
        KeywordSearcher searcher, ReadOnlySpan<PostingSource> sources, in Bm25Parameters parameters, AnalyzedText query, Span<KeywordMatch> results, in KeywordSearchSettings settings, bool isExhaustive = false)
    {
        var statistics = KeywordStatistics.Of(sources, parameters);
        if (statistics.Texts <= 0)
            return 0;
        var terms = Resolve(sources, statistics, query);
        if (settings.Feedback is { } feedback)
            terms = Expand(terms, searcher, sources, statistics, settings, feedback);
        return searcher.Search(sources, statistics, terms, results, settings, isExhaustive);
    }

    // The terms of the query that some text has.
    private static QueryTerm[] Resolve(ReadOnlySpan<PostingSource> sources, in KeywordStatistics statistics, AnalyzedText query)
    {
        var terms = new List<QueryTerm>(query.Terms.Length);
        for (var i = 0; i < query.Terms.Length; i++)
        {
            var texts = TextsWith(sources, statistics, query.Terms[i]);
            if (texts > 0)
                terms.Add(new QueryTerm(query.Terms[i], query.Counts[i], texts));
        }

        return [.. terms];
    }

    private static int TextsWith(ReadOnlySpan<PostingSource> sources, in KeywordStatistics statistics, ulong hash)
    {
        var texts = 0L;
        foreach (var source in sources)
        {
            var number = source.Find(hash);
            texts += number < 0 ? 0 : source.TextsWith(number);
        }

        // No weight is below 0, whatever a file says.
        return (int)Math.Min(texts, statistics.Texts);
    }

    // RM3: the chance of a term in the best texts, each text weighing as much as its score, mixed with its chance in the query.
    private static QueryTerm[] Expand(
        QueryTerm[] query, KeywordSearcher searcher, ReadOnlySpan<PostingSource> sources, in KeywordStatistics statistics, in KeywordSearchSettings settings, RelevanceFeedback feedback)
    {
        var best = new KeywordMatch[Math.Min(feedback.Texts, statistics.Texts)];
        var found = searcher.Search(sources, statistics, query, best, settings);
        var model = new Dictionary<ulong, double>();
        foreach (var match in best.AsSpan(0, found))
            AddTerms(model, sources, match);

        // Ties by hash, which does not depend on the order in which texts were added.
        var chosen = model.OrderByDescending(term => term.Value).ThenBy(term => term.Key).Take(feedback.Terms).ToArray();
        var chosenTotal = chosen.Sum(term => term.Value);
        var queryTotal = query.Sum(term => term.Weight);
        var mixed = query.ToDictionary(term => term.Hash, term => feedback.OriginalWeight * term.Weight / queryTotal);
        foreach (var (term, weight) in chosen)
            mixed[term] = mixed.GetValueOrDefault(term) + (1 - feedback.OriginalWeight) * weight / chosenTotal;

        var terms = new List<QueryTerm>(mixed.Count);
        foreach (var (hash, weight) in mixed)
        {
            if (weight > 0 && TextsWith(sources, statistics, hash) is > 0 and var texts)
                terms.Add(new QueryTerm(hash, weight, texts));
        }

        return [.. terms];
    }

    private static void AddTerms(Dictionary<ulong, double> model, ReadOnlySpan<PostingSource> sources, KeywordMatch match)
    {
        foreach (var source in sources)
        {
            if (!source.TryFind(match.Id, out var text))
                continue;
            var share = match.Score / (double)source.Lengths[text];
            var terms = new TermListReader(source.TermsOf(text));
            while (terms.MoveNext())
            {
                var hash = source.TermAt(terms.Term).Hash;
                model[hash] = model.GetValueOrDefault(hash) + share * terms.Frequency;
            }

            return;
        }
    }
}
