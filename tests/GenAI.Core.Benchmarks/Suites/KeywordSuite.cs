using GenAI.Core.Benchmarks.Retrieval;
using GenAI.Core.Indexing;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>Keyword search: how well it ranks, alone and fused with the offline embedder, and how fast it is beside Lucene.Net.</summary>
internal static class KeywordSuite
{
    // How far the default hybrid may fall behind BM25 alone.
    private const double FusionLoss = 0.005;

    public static void Run(BenchmarkReport report)
    {
        Quality(report, "scifact", ["qrels", "test.tsv"], floor: 0.685);
        Quality(report, "cranfield", ["qrels.tsv"], floor: 0.325);
        SciFactSpeed(report);
        SectionSpeed(report);
    }

    private static void Quality(BenchmarkReport report, string name, string[] judgements, double floor)
    {
        if (BenchmarkData.Find(name) is not { } folder)
        {
            report.Absent($"keyword/{name}/ndcg@10", $"the data set {name} is not here");
            return;
        }

        var dataset = RetrievalDataset.Read(folder, judgements);
        using var arms = new RetrievalArms(dataset);
        var keywords = dataset.MeanGain(query => arms.Keywords(query.Text));
        var hybrid = dataset.MeanGain(query => arms.Fused(query.Text));
        report.Higher($"keyword/{name}/bm25", keywords, "nDCG@10", 1, floor);
        report.Higher($"keyword/{name}/bm25-with-feedback-rm3", dataset.MeanGain(query => arms.Keywords(query.Text, new RelevanceFeedback())), "nDCG@10", 1);
        report.Higher($"keyword/{name}/lexical-embedder", dataset.MeanGain(query => arms.Vectors(query.Text)), "nDCG@10", 1);
        report.Higher($"keyword/{name}/hybrid-default", hybrid, "nDCG@10", 1, keywords - FusionLoss);
        report.Higher($"keyword/{name}/hybrid-default-minus-bm25", hybrid - keywords, "nDCG@10", 1, -FusionLoss);
        report.Higher($"keyword/{name}/hybrid-relative-score-equal", Fused(FusionMethod.RelativeScore, 0.5), "nDCG@10", 1);
        report.Higher($"keyword/{name}/hybrid-reciprocal-rank-equal", Fused(FusionMethod.ReciprocalRank, 0.5), "nDCG@10", 1);
        report.Higher($"keyword/{name}/hybrid-reciprocal-rank-weighted", Fused(FusionMethod.ReciprocalRank, 0.15), "nDCG@10", 1);

        double Fused(FusionMethod method, double weight) => dataset.MeanGain(query =>
            arms.Fused(query.Text, new FusionOptions { Method = method, VectorWeight = weight, KeywordWeight = 1 - weight }));
    }

    private static void SciFactSpeed(BenchmarkReport report)
    {
        if (BenchmarkData.Find("scifact") is not { } folder)
        {
            report.Absent("keyword/scifact/speed", "the data set scifact is not here");
            return;
        }

        var dataset = RetrievalDataset.Read(folder, "qrels", "test.tsv");
        Speed(report, "scifact", dataset.Texts, [.. dataset.Queries.Select(query => query.Text)], repeats: 5, floor: 4);
    }

    private static void SectionSpeed(BenchmarkReport report)
    {
        if (BenchmarkData.Find("corpus-docs") is not { } folder)
        {
            report.Absent("keyword/sections/speed", "the data set corpus-docs is not here");
            return;
        }

        var sections = SectionCorpus.ReadSections(folder, report.Quick ? 20_000 : 250_000);
        Speed(report, $"sections-{sections.Count / 1000}k", sections, [.. SectionCorpus.ReadQuestions(folder, 300, distance: 40)], repeats: 1, floor: 2);
    }

    private static void Speed(BenchmarkReport report, string name, IReadOnlyList<string> texts, string[] queries, int repeats, double floor)
    {
        var runs = report.Quick ? 3 : 9;
        var megabytes = texts.Sum(text => (long)text.Length) / 1e6;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var index = new KeywordIndex();
        var seconds = Measure.Once(() =>
        {
            for (var id = 0; id < texts.Count; id++)
                index.Upsert(id, texts[id]);
        });
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        report.Higher($"keyword/{name}/index", megabytes / seconds, "Mchar/s", 1);
        report.Lower($"keyword/{name}/memory", memory / 1e6, "MB", 1);

        using var lucene = new LucenePeer(texts);
        var peerQueries = queries.Select(LucenePeer.QueryOf).ToArray();
        var results = new KeywordMatch[10];
        Action searchTheirs = () => Array.ForEach(peerQueries, query => lucene.Search(query, 10));
        Action searchOurs = () => Array.ForEach(queries, query => index.Search(query, results));
        WarmUp(searchTheirs);
        WarmUp(searchOurs);
        var (theirs, ours, ratio) = Measure.Pair(runs, () => Repeat(repeats, searchTheirs), () => Repeat(repeats, searchOurs));
        report.Higher($"keyword/{name}/ours", repeats * queries.Length / ours, "queries/s", runs);
        report.Higher($"keyword/{name}/lucene-net-4.8", repeats * queries.Length / theirs, "queries/s", runs);
        report.Higher($"keyword/{name}/ratio-to-lucene-net", ratio, "ratio", runs, floor);
        report.Higher($"keyword/{name}/top-10-shared-with-lucene-net", Shared(index, lucene, queries), "fraction", 1);
    }

    // Lucene keeps a text's length in one byte, so places near the end may differ.
    private static double Shared(KeywordIndex index, LucenePeer lucene, string[] queries) => queries.Average(query =>
    {
        var results = new KeywordMatch[10];
        var ours = results.Take(index.Search(query, results)).Select(match => match.Id).ToArray();
        return ours.Length == 0 ? 1 : ours.Intersect(lucene.Search(LucenePeer.QueryOf(query), 10)).Count() / (double)ours.Length;
    });

    // Long enough for the runtime to have compiled the hot loops for good.
    private static void WarmUp(Action action)
    {
        for (var seconds = 0.0; seconds < 1.5;)
            seconds += Measure.Once(action);
    }

    private static void Repeat(int times, Action action)
    {
        for (var i = 0; i < times; i++)
            action();
    }
}
