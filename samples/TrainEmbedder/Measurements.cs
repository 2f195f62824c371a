using System.Globalization;
using System.Text.Json;
using GenAI.Core.Embeddings;

namespace TrainEmbedder;

/// <summary>How well a model finds what should be found.</summary>
internal static class Measurements
{
    /// <summary>The points of BM25 for a cosine of 1 that are looked at in hybrid search.</summary>
    private static readonly double[] Weights = [10, 20, 30, 40, 60];

    /// <summary>Measures on SciFact and Cranfield (nDCG@10), and on questions whose answers are somewhere in all sections (recall@10).</summary>
    /// <param name="model">The model file.</param>
    /// <param name="data">The folder of the data.</param>
    /// <param name="split">The records; null to leave the questions out.</param>
    public static IEnumerable<string> Measure(string model, string data, Split? split)
    {
        using var embedder = new StaticEmbeddingGenerator(model);
        yield return "| what | dense | keyword | " + string.Join(" | ", Weights.Select(weight => $"hybrid {Number(weight, 0)}")) + " |";
        yield return "|---|---|---|" + string.Concat(Weights.Select(_ => "---|"));
        foreach (var (name, folder, judgements) in new[] { ("SciFact", "scifact", "qrels/test.tsv"), ("Cranfield", "cranfield", "qrels.tsv") })
        {
            var (texts, queries) = ReadDataset(Path.Combine(data, folder), judgements);
            yield return Row($"{name}, nDCG@10", embedder, texts, queries, Gain);
        }

        if (split is null)
            yield break;
        var sections = split.All.Select(section => section.Full).ToList();
        var place = split.All.Select((section, i) => (section.Id, i)).ToDictionary(pair => pair.Id, pair => (long)pair.i, StringComparer.Ordinal);
        using var searcher = new Searcher(sections, embedder);
        yield return Row("validation questions, recall@10", searcher, Judged(split.Validation, place), Recall);
        yield return Row("questions of sources not trained on, recall@10", searcher, Judged(split.Unlike, place), Recall);
        yield return Row("1,000 held-out questions, recall@10", searcher, Judged(split.Test, place), Recall);
    }

    /// <summary>The share of questions for which a right section is among the first ten that the vectors find, for each set of questions.</summary>
    public static IReadOnlyList<double> DenseRecall(string model, IReadOnlyList<Section> sections, params IReadOnlyList<Question>[] sets)
    {
        using var embedder = new StaticEmbeddingGenerator(model);
        using var searcher = new Searcher([.. sections.Select(section => section.Full)], embedder);
        var place = sections.Select((section, i) => (section.Id, i)).ToDictionary(pair => pair.Id, pair => (long)pair.i, StringComparer.Ordinal);
        return [.. sets.Select(questions => Judged(questions, place).Average(query => Recall(searcher.Search(query.Text, []).Dense, query.Relevance)))];
    }

    private static string Row(string name, StaticEmbeddingGenerator embedder, IReadOnlyList<string> texts, IReadOnlyList<JudgedQuery> queries, Func<long[], IReadOnlyDictionary<long, int>, double> score)
    {
        using var searcher = new Searcher(texts, embedder);
        return Row(name, searcher, queries, score);
    }

    private static string Row(string name, Searcher searcher, IReadOnlyList<JudgedQuery> queries, Func<long[], IReadOnlyDictionary<long, int>, double> score)
    {
        var results = queries.AsParallel().AsOrdered().Select(query => (query.Relevance, Found: searcher.Search(query.Text, Weights))).ToList();
        double Mean(Func<SearchResults, long[]> arm) => results.Average(result => score(arm(result.Found), result.Relevance));
        return $"| {name} | {Number(Mean(found => found.Dense))} | {Number(Mean(found => found.Keyword))} | {string.Join(" | ", Weights.Select((_, i) => Number(Mean(found => found.Hybrid[i]))))} |";
    }

    private static List<JudgedQuery> Judged(IReadOnlyList<Question> questions, Dictionary<string, long> place) =>
        [.. questions.Select(question => new JudgedQuery(question.Text, question.Sections.Where(place.ContainsKey).Distinct().ToDictionary(id => place[id], _ => 1))).Where(query => query.Relevance.Count > 0)];

    // nDCG@10 with linear gain, as BEIR and trec_eval compute it.
    private static double Gain(long[] found, IReadOnlyDictionary<long, int> relevance)
    {
        static double Discounted(IEnumerable<int> values) => values.Select((value, i) => value / Math.Log2(i + 2)).Sum();
        var best = Discounted(relevance.Values.OrderDescending().Take(10));
        return best == 0 ? 0 : Discounted(found.Select(id => relevance.GetValueOrDefault(id))) / best;
    }

    private static double Recall(long[] found, IReadOnlyDictionary<long, int> relevance) => found.Any(relevance.ContainsKey) ? 1 : 0;

    private static (List<string> Texts, List<JudgedQuery> Queries) ReadDataset(string folder, string judgements)
    {
        var (texts, place) = (new List<string>(), new Dictionary<string, long>(StringComparer.Ordinal));
        foreach (var line in File.ReadLines(Path.Combine(folder, "corpus.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            place[json.RootElement.GetProperty("_id").GetString()!] = texts.Count;
            texts.Add($"{json.RootElement.GetProperty("title").GetString()}\n{json.RootElement.GetProperty("text").GetString()}");
        }

        var judged = new Dictionary<string, Dictionary<long, int>>(StringComparer.Ordinal);
        foreach (var fields in File.ReadLines(Path.Combine(folder, judgements)).Skip(1).Select(line => line.Split('\t')))
        {
            if (!judged.TryGetValue(fields[0], out var ofQuery))
                judged[fields[0]] = ofQuery = [];
            // Cranfield has a few negative judgements, which mean: not relevant.
            if (place.TryGetValue(fields[1], out var text))
                ofQuery[text] = Math.Max(0, int.Parse(fields[2], CultureInfo.InvariantCulture));
        }

        var queries = new List<JudgedQuery>();
        foreach (var line in File.ReadLines(Path.Combine(folder, "queries.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            if (judged.TryGetValue(json.RootElement.GetProperty("_id").GetString()!, out var relevance))
                queries.Add(new JudgedQuery(json.RootElement.GetProperty("text").GetString()!, relevance));
        }

        return (texts, queries);
    }

    private static string Number(double value, int digits = 4) => value.ToString("F" + digits, CultureInfo.InvariantCulture);

    private sealed record JudgedQuery(string Text, IReadOnlyDictionary<long, int> Relevance);
}
