using System.Globalization;
using System.Text.Json;

namespace GenAI.Core.Benchmarks.Retrieval;

/// <summary>Texts, queries, and which texts answer which query: a data set in the format of BEIR.</summary>
internal sealed class RetrievalDataset
{
    private RetrievalDataset(IReadOnlyList<string> texts, IReadOnlyList<RetrievalQuery> queries)
    {
        Texts = texts;
        Queries = queries;
    }

    /// <summary>Title and text of each, in one string. A text's id is its index here.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>The queries that have at least one judged text.</summary>
    public IReadOnlyList<RetrievalQuery> Queries { get; }

    /// <summary>Reads corpus.jsonl, queries.jsonl and the judgements from a folder.</summary>
    public static RetrievalDataset Read(string folder, params string[] judgements)
    {
        var indexOf = new Dictionary<string, int>(StringComparer.Ordinal);
        var texts = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(folder, "corpus.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            indexOf[json.RootElement.GetProperty("_id").GetString()!] = texts.Count;
            texts.Add(json.RootElement.GetProperty("title").GetString() + "\n" + json.RootElement.GetProperty("text").GetString());
        }

        var judged = new Dictionary<string, Dictionary<int, int>>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine([folder, .. judgements])).Skip(1))
        {
            var fields = line.Split('\t');
            if (!judged.TryGetValue(fields[0], out var ofQuery))
                judged[fields[0]] = ofQuery = [];
            // Cranfield has a few negative judgements, which mean: not relevant.
            if (indexOf.TryGetValue(fields[1], out var text))
                ofQuery[text] = Math.Max(0, int.Parse(fields[2], CultureInfo.InvariantCulture));
        }

        var queries = new List<RetrievalQuery>();
        foreach (var line in File.ReadLines(Path.Combine(folder, "queries.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            if (judged.TryGetValue(json.RootElement.GetProperty("_id").GetString()!, out var ofQuery))
                queries.Add(new RetrievalQuery(json.RootElement.GetProperty("text").GetString()!, ofQuery));
        }

        return new RetrievalDataset(texts, queries);
    }

    /// <summary>The mean over the queries of the normalized discounted cumulative gain of the first ten texts.</summary>
    /// <param name="search">Returns the indexes of the texts found for a query, best first.</param>
    public double MeanGain(Func<RetrievalQuery, IEnumerable<long>> search) => Queries.Average(query => query.Gain(search(query)));
}

/// <summary>A query and its judgements: how relevant which texts are, from 0.</summary>
internal sealed record RetrievalQuery(string Text, IReadOnlyDictionary<int, int> Relevance)
{
    /// <summary>
    /// nDCG@10 with linear gain, as BEIR and trec_eval compute it: the sum of relevance / log2(rank + 1) over the first ten,
    /// divided by what the best possible order would give.
    /// </summary>
    public double Gain(IEnumerable<long> found)
    {
        var gain = Discounted(found.Take(10).Select(text => Relevance.GetValueOrDefault((int)text)));
        var best = Discounted(Relevance.Values.OrderDescending().Take(10));
        return best == 0 ? 0 : gain / best;
    }

    private static double Discounted(IEnumerable<int> relevance) => relevance.Select((value, i) => value / Math.Log2(i + 2)).Sum();
}
