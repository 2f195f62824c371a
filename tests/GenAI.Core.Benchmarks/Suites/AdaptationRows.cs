using GenAI.Core.Benchmarks.Retrieval;
using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;
using GenAI.Core.Training;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>What an adaptation to 200 questions of one source and its sections does to 200 others of it, and to questions of other sources.</summary>
internal static class AdaptationRows
{
    public static void Add(BenchmarkReport report, string path)
    {
        if (BenchmarkData.Find("corpus-docs") is not { } folder)
        {
            report.Absent("embedding/adaptation", "the data set corpus-docs is not here");
            return;
        }

        var data = AdaptationData.Read(folder);
        var adapted = Path.Combine(Directory.CreateTempSubdirectory("genai-core-adapted-").FullName, "adapted.staticmodel");
        try
        {
            // As samples/TrainEmbedder adapts.
            var options = new StaticEmbeddingTrainingOptions { Name = "adapted", StartFrom = path, Steps = 300, BatchSize = 256, LearningRate = 0.003, WeightDecay = 3, ValidationInterval = 50 };
            new StaticEmbeddingTrainer(options).TrainAsync(data.Pairs.ToAsyncEnumerable(), adapted).GetAwaiter().GetResult();
            var (before, after) = (Recall(path, data), Recall(adapted, data));
            report.Higher("embedding/adaptation/source-before", before.Own, "recall@10", data.Own.Count);
            report.Higher("embedding/adaptation/source-gains", Gain(after.Own, before.Own, data.Own.Count), "recall@10", data.Own.Count, 0.05);
            report.Higher("embedding/adaptation/rest-before", before.Remaining, "recall@10", data.Remaining.Count);
            report.Higher("embedding/adaptation/rest-gains", Gain(after.Remaining, before.Remaining, data.Remaining.Count), "recall@10", data.Remaining.Count);
            report.Higher("embedding/adaptation/others-before", before.Others, "recall@10", data.Others.Count);
            report.Higher("embedding/adaptation/others-gain", Gain(after.Others, before.Others, data.Others.Count), "recall@10", data.Others.Count, -0.01);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(adapted)!, recursive: true);
        }
    }

    // Of whole questions, so that a gain of ten of two hundred is 0.05 and not a rounding less.
    private static double Gain(double after, double before, int questions) => Math.Round((after - before) * questions) / questions;

    private static (double Own, double Remaining, double Others) Recall(string path, AdaptationData data)
    {
        using var embedder = new StaticEmbeddingGenerator(path);
        using var vectors = VectorIndex.CreateExact(embedder.Dimensions, VectorMetric.Cosine);
        var embed = RetrievalArms.Embed(embedder);
        for (var id = 0; id < data.Sections.Count; id++)
            vectors.Upsert([id], embed(data.Sections[id]));
        IEnumerable<long> Search(string query)
        {
            var found = new VectorMatch[10];
            return found.Take(vectors.Search(embed(query), found)).Select(match => match.Id);
        }

        return (AdaptationData.Recall(data.Own, Search), AdaptationData.Recall(data.Remaining, Search), AdaptationData.Recall(data.Others, Search));
    }
}
