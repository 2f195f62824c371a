using GenAI.Core.Onnx;

namespace GenAI.Core.Benchmarks.Onnx;

/// <summary>Tokens a second: the embedder from texts to vectors, ONNX Runtime by itself on the best packing that was found, and one text per run.</summary>
/// <remarks>One text per run is what Semantic Kernel's connector does. Runs of 512 are what code does that pads every text to the model's length.</remarks>
internal static class ThroughputRows
{
    private const int PaddedTexts = 24;

    public static void Run(BenchmarkReport report, BenchmarkModel model)
    {
        Run(report, model, "mixed-5-512", 5, 512, report.Quick ? 12 : 48, floors: true);
        Run(report, model, "short-5-24", 5, 24, report.Quick ? 100 : 400, floors: false);
    }

    private static void Run(BenchmarkReport report, BenchmarkModel model, string name, int least, int most, int count, bool floors)
    {
        if (!report.Wants($"onnx/{name}/"))
            return;
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
        var seconds = InTurn(
            runs,
            () => generator.GenerateAsync(texts).GetAwaiter().GetResult(),
            () => parallel.GenerateAsync(texts).GetAwaiter().GetResult(),
            () => runtime.Run(packed),
            () => runtime.Run(single));
        double Speed(int action) => tokens / Measure.Median([.. seconds.Select(run => run[action])]);
        double Ratio(int action, int other) => Measure.Median([.. seconds.Select(run => run[other] / run[action])]);

        report.Higher($"onnx/{name}/embedder", Speed(0), "tokens/s", runs);
        report.Higher($"onnx/{name}/embedder-with-a-worker-per-processor", Speed(1), "tokens/s", runs);
        report.Higher($"onnx/{name}/runtime-alone-packed", Speed(2), "tokens/s", runs);
        report.Higher($"onnx/{name}/runtime-alone-one-text-per-run", Speed(3), "tokens/s", runs);
        report.Higher($"onnx/{name}/ratio-to-runtime-alone", Ratio(0, 2), "ratio", runs, floors ? 0.9 : null);
        report.Higher($"onnx/{name}/workers/ratio-to-runtime-alone", Ratio(1, 2), "ratio", runs);
        report.Higher($"onnx/{name}/ratio-to-one-text-per-run", Ratio(0, 3), "ratio", runs, floors ? 4 : null);
        report.Higher($"onnx/{name}/workers/ratio-to-one-text-per-run", Ratio(1, 3), "ratio", runs);

        // Of each text as many tokens count as it has; the run takes 512 whatever they are.
        var padded = ids.Take(PaddedTexts).ToArray();
        var paddedSpeed = padded.Sum(text => (double)text.Length) / Measure.Seconds(runs, () => runtime.Run(padded.Select(text => new[] { text }), columns: 512));
        report.Higher($"onnx/{name}/runtime-alone-one-text-per-run-of-512", paddedSpeed, "tokens/s", runs);
        report.Higher($"onnx/{name}/ratio-to-one-text-per-run-of-512", Speed(0) / paddedSpeed, "ratio", runs);
    }

    // The seconds of each action in each run, after one run that is not counted: A B C D, A B C D, so that ratios hold when the machine's speed drifts.
    private static double[][] InTurn(int runs, params Action[] actions)
    {
        foreach (var action in actions)
            action();
        return [.. Enumerable.Range(0, runs).Select(_ => Array.ConvertAll(actions, Measure.Once))];
    }
}
