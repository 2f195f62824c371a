using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

/// <summary>BM25 as the formula says, over texts kept whole.</summary>
internal sealed class Bm25Oracle
{
    private readonly SortedDictionary<long, IReadOnlyList<string>> _texts = [];

    public int Count => _texts.Count;

    public void Upsert(long id, string text) => _texts[id] = TextAnalyzer.English.Analyze(text);

    public bool Remove(long id) => _texts.Remove(id);

    public void AssertSame(KeywordIndex index, string query, int top)
    {
        var results = new KeywordMatch[top];
        var count = index.Search(query, results);
        var scores = Scores(query);
        var expected = scores.OrderByDescending(match => match.Value).Take(top).ToArray();

        count.Should().Be(expected.Length);
        for (var i = 0; i < count; i++)
        {
            // Texts whose true scores differ by rounding only may change places.
            ((double)results[i].Score).Should().BeApproximately(expected[i].Value, expected[i].Value * 1e-5, "at rank {0} for '{1}'", i + 1, query);
            ((double)results[i].Score).Should().BeApproximately(scores[results[i].Id], expected[i].Value * 1e-5, "of text {0} for '{1}'", results[i].Id, query);
            if (i > 0)
                (results[i - 1].Score > results[i].Score || results[i - 1].Score == results[i].Score && results[i - 1].Id != results[i].Id).Should().BeTrue();
        }
    }

    private Dictionary<long, double> Scores(string query)
    {
        var average = _texts.Values.Sum(terms => (double)terms.Count) / _texts.Count;
        var scores = new Dictionary<long, double>();
        foreach (var term in TextAnalyzer.English.Analyze(query))
        {
            var frequencies = _texts.Select(text => (text.Key, text.Value.Count, Frequency: text.Value.Count(t => t == term))).Where(text => text.Frequency > 0).ToArray();
            var idf = Math.Log(1 + (_texts.Count - frequencies.Length + 0.5) / (frequencies.Length + 0.5));
            foreach (var (id, length, frequency) in frequencies)
                scores[id] = scores.GetValueOrDefault(id) + idf * 2.2 * frequency / (frequency + 1.2 * (0.25 + 0.75 * length / average));
        }

        return scores;
    }
}
