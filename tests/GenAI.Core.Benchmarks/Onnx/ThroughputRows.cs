using GenAI.Core.Onnx;

namespace GenAI.Core.Benchmarks.Onnx;

/// <summary>Tokens a second: the embedder from texts to vectors, ONNX Runtime by itself on the best packing that was found, and one text per run.</summary>
internal static class ThroughputRows
{
    public static void Run(BenchmarkReport report, BenchmarkModel model)
    {
        Run(report, model, "mixed-5-512", 5, 512, report.Quick ? 12 : 96, floors: true);
        Run(report, model, "short-5-24", 5, 24, report.Quick ? 100 : 1000, floors: false);
    }

    private static void Run(BenchmarkReport report, BenchmarkModel model, string name, int least, int most, int count, bool floors)
    {
        var runs = report.Quick ? 1 : 3;
        var random = new Random(23);
        var lengths = Enumerable.Range(0, count).Select(_ => random.Next(least, most + 1)).ToArray();
        var texts = lengths.Select(length => model.Text(length, random)).ToArray();
        var ids = lengths.Select(length => model.Ids(length, random)).ToArray();
        double tokens = lengths.Sum();

        using var runtime = new RuntimeAlone(model.Graph);
        var packed = new[] { 512, 1024, 4096, 16_384 }.Select(budget => RuntimeAlone.Pack(ids, budget))
            .MinBy(batches => Measure.Once(() => runtime.Run(batches)))!;
        var single = RuntimeAlone.Pack(ids, 1);

        using var generator = new OnnxEmbeddingGenerator(model.Path);
        using var parallel = new OnnxEmbeddingGenerator(model.Path, new() { Workers = Environment.ProcessorCount });
        void Ours() => generator.GenerateAsync(texts).GetAwaiter().GetResult();
        void Parallel() => parallel.GenerateAsync(texts).GetAwaiter().GetResult();

        var (ours, alone, ratio) = Measure.Pair(runs, Ours, () => runtime.Run(packed));
        var (workers, one, singleRatio) = Measure.Pair(runs, Parallel, () => runtime.Run(single));
        var (_, _, oursToOne) = Measure.Pair(runs, Ours, () => runtime.Run(single));
        var (_, _, workersToAlone) = Measure.Pair(runs, Parallel, () => runtime.Run(packed));

        report.Higher($"onnx/{name}/embedder", tokens / ours, "tokens/s", runs);
        report.Higher($"onnx/{name}/embedder-with-a-worker-per-processor", tokens / workers, "tokens/s", runs);
        report.Higher($"onnx/{name}/runtime-alone-packed", tokens / alone, "tokens/s", runs);
        report.Higher($"onnx/{name}/runtime-alone-one-text-per-run", tokens / one, "tokens/s", runs);
        report.Higher($"onnx/{name}/ratio-to-runtime-alone", 1 / ratio, "ratio", runs, floors ? 0.9 : null);
        report.Higher($"onnx/{name}/workers/ratio-to-runtime-alone", 1 / workersToAlone, "ratio", runs);
        report.Higher($"onnx/{name}/ratio-to-one-text-per-run", 1 / oursToOne, "ratio", runs, floors ? 4 : null);
        report.Higher($"onnx/{name}/workers/ratio-to-one-text-per-run", 1 / singleRatio, "ratio", runs);
    }
}
