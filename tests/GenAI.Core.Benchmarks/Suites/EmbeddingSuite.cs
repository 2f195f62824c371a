using System.Diagnostics;
using System.Text;
using GenAI.Core.Benchmarks.Retrieval;
using GenAI.Core.Embeddings;
using GenAI.Core.Retrieval;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>The model of the package GenAI.Core.Models.Small.</summary>
internal static class EmbeddingSuite
{
    public static void Run(BenchmarkReport report)
    {
        if (SmallModel.Path is not { } path)
        {
            report.Absent("embedding", "there is no model in src/GenAI.Core.Models.Small; name one by GENAI_CORE_MODEL");
            return;
        }

        using var embedder = new StaticEmbeddingGenerator(path);
        if (report.Wants("embedding/scifact"))
            Ranking(report, path, embedder, "scifact", ["qrels", "test.tsv"], denseFloor: 0.45, hybridFloor: 0.696);
        if (report.Wants("embedding/cranfield"))
            Ranking(report, path, embedder, "cranfield", ["qrels.tsv"], denseFloor: 0.27, hybridFloor: 0.338);
        if (report.Wants("embedding/questions") || report.Wants("embedding/speed"))
            Sections(report, path, embedder);
        if (report.Wants("embedding/adaptation"))
            AdaptationRows.Add(report, path);
    }

    private static void Ranking(BenchmarkReport report, string path, StaticEmbeddingGenerator embedder, string name, string[] judgements, double denseFloor, double hybridFloor)
    {
        if (BenchmarkData.Find(name) is not { } folder)
        {
            report.Absent($"embedding/{name}", $"the data set {name} is not here");
            return;
        }

        var dataset = RetrievalDataset.Read(folder, judgements);
        using var arms = new RetrievalArms(dataset.Texts, RetrievalArms.Embed(embedder));
        using var lexical = new RetrievalArms(dataset);
        var keywords = dataset.MeanGain(query => arms.Keywords(query.Text));
        var dense = dataset.MeanGain(query => arms.Vectors(query.Text));
        var hybrid = dataset.MeanGain(query => arms.Retrieved(query.Text, embedder, above: 1));
        report.Higher($"embedding/{name}/keyword", keywords, "nDCG@10", 1);
        report.Higher($"embedding/{name}/dense", dense, "nDCG@10", 1, denseFloor);
        report.Higher($"embedding/{name}/hybrid", hybrid, "nDCG@10", 1, hybridFloor);
        report.Higher($"embedding/{name}/hybrid-minus-keyword", hybrid - keywords, "nDCG@10", 1, 0);
        report.Higher($"embedding/{name}/lexical/dense", dataset.MeanGain(query => lexical.Vectors(query.Text)), "nDCG@10", 1);
        report.Higher($"embedding/{name}/lexical/hybrid-minus-keyword", dataset.MeanGain(query => lexical.Fused(query.Text, DefaultFusion.OfWords)) - keywords, "nDCG@10", 1);
        foreach (var dimensions in new[] { 256, 128, 64 }.Where(dimensions => dimensions < embedder.Dimensions))
        {
            using var shorter = new RetrievalArms(dataset.Texts, RetrievalArms.Embed(embedder, dimensions));
            report.Higher($"embedding/{name}/dense-{dimensions}", dataset.MeanGain(query => shorter.Vectors(query.Text)), "nDCG@10", 1);
        }

        Rounding(report, path, name, dataset, dense);
    }

    // Against the rows of the training where they are at hand, or else against several that would be rounded to the same model.
    private static void Rounding(BenchmarkReport report, string path, string name, RetrievalDataset dataset, double rounded)
    {
        UnroundedModel[] models = SmallModel.Rows is { } rows ? [UnroundedModel.OfRows(path, rows)] : [.. Enumerable.Range(1, 8).Select(seed => UnroundedModel.ByChance(path, seed))];
        var differences = models.Select(model =>
        {
            using var arms = new RetrievalArms(dataset.Texts, model.Embed);
            return Math.Abs(dataset.MeanGain(query => arms.Vectors(query.Text)) - rounded);
        });
        report.Lower($"embedding/{name}/rounding-to-8-bits", differences.Average(), "nDCG@10", models.Length, 0.002);
    }

    private static void Sections(BenchmarkReport report, string path, StaticEmbeddingGenerator embedder)
    {
        if (BenchmarkData.Find("corpus-docs") is not { } folder)
        {
            report.Absent("embedding/questions", "the data set corpus-docs is not here");
            return;
        }

        var held = HeldOutQuestions.Read(folder, report.Quick ? 20_000 : int.MaxValue);
        if (report.Wants("embedding/speed"))
            Speed(report, path, embedder, held);
        if (report.Wants("embedding/questions"))
            Questions(report, embedder, held);
    }

    private static void Questions(BenchmarkReport report, StaticEmbeddingGenerator embedder, HeldOutQuestions held)
    {
        var runs = held.Questions.Count;
        using var arms = new RetrievalArms(held.Sections, RetrievalArms.Embed(embedder));
        var keywords = held.Recall(question => arms.Keywords(question));
        var hybrid = held.Recall(question => arms.Retrieved(question, embedder, above: 2));
        report.Higher("embedding/questions/sections", held.Sections.Count, "sections", 1);
        report.Higher("embedding/questions/keyword", keywords, "recall@10", runs);
        report.Higher("embedding/questions/dense", held.Recall(arms.Vectors), "recall@10", runs);
        report.Higher("embedding/questions/hybrid", hybrid, "recall@10", runs);
        report.Higher("embedding/questions/hybrid-minus-keyword", hybrid - keywords, "recall@10", runs, 0.05);
    }

    private static void Speed(BenchmarkReport report, string path, StaticEmbeddingGenerator embedder, HeldOutQuestions held)
    {
        var runs = report.Quick ? 3 : 9;
        var texts = held.Sections.Take(20_000).ToArray();
        var megabytes = texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text)) / 1e6;
        var vector = new float[embedder.Dimensions];
        Action embedAll = () =>
        {
            foreach (var text in texts)
                embedder.Embed(text, vector);
        };
        var seconds = Measure.Seconds(runs, embedAll);
        report.Higher("embedding/speed/text", megabytes / seconds, "MB/s", runs, 30);

        var before = GC.GetAllocatedBytesForCurrentThread();
        embedAll();
        report.Lower("embedding/speed/allocated", (GC.GetAllocatedBytesForCurrentThread() - before) / (double)texts.Length, "B/text", texts.Length, 0);

        // Each question once in a round: what the caches of words know of it is what the other 999 have left.
        var queries = new double[runs * held.Questions.Count];
        for (var i = 0; i < queries.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            embedder.Embed(held.Questions[i % held.Questions.Count].Text, vector);
            queries[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        report.Lower("embedding/speed/query/p50", Measure.Median(queries), "us", queries.Length, 30);
        report.Lower("embedding/speed/query/p99", Measure.Percentile(queries, 0.99), "us", queries.Length);
        report.Lower("embedding/speed/load", Measure.Seconds(15, () => new StaticEmbeddingGenerator(path).Dispose()) * 1e3, "ms", 15, 20);
    }
}
