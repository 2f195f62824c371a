using System.Collections.Concurrent;
using System.Diagnostics;
using GenAI.Core.Onnx;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Benchmarks.Onnx;

/// <summary>Sixty-four callers with one short text each, again and again: through the embedder, and each with a run of its own.</summary>
internal static class ConcurrencyRows
{
    private const int Callers = 64;
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(1);

    public static void Run(BenchmarkReport report, BenchmarkModel model)
    {
        if (!report.Wants("onnx/64-callers/"))
            return;
        var rounds = report.Quick ? 2 : 10;
        var random = new Random(29);
        var lengths = Enumerable.Range(0, Callers).Select(_ => random.Next(6, 21)).ToArray();
        var texts = lengths.Select(length => model.Text(length, random)).ToArray();
        var ids = lengths.Select(length => new[] { model.Ids(length, random) }).ToArray();

        using var generator = new OnnxEmbeddingGenerator(model.Path, new() { BatchDelay = Delay });
        using var runtime = new RuntimeAlone(model.Graph);
        void Embed(int caller) => generator.GenerateVectorAsync(texts[caller]).GetAwaiter().GetResult();
        void RunAlone(int caller) => runtime.Run(ids[caller]);

        var lone = Lone(Embed, rounds * 10);
        Together(Embed, 1);
        Together(RunAlone, 1);
        var (seconds, times) = Together(Embed, rounds);
        var (unbatched, unbatchedTimes) = Together(RunAlone, rounds);

        var (loneP50, loneP99, p99) = (Measure.Percentile(lone, 0.5), Measure.Percentile(lone, 0.99), Measure.Percentile(times, 0.99));
        report.Higher("onnx/64-callers/embedder", Callers * rounds / seconds, "texts/s", 1);
        report.Higher("onnx/64-callers/unbatched", Callers * rounds / unbatched, "texts/s", 1);
        report.Higher("onnx/64-callers/ratio-to-unbatched", unbatched / seconds, "ratio", 1, floor: 3);
        report.Lower("onnx/64-callers/lone-call/p50", loneP50, "ms", lone.Length);
        report.Lower("onnx/64-callers/lone-call/p99", loneP99, "ms", lone.Length);
        report.Lower("onnx/64-callers/embedder/p99", p99, "ms", times.Length, floor: 2 * loneP99 + Delay.TotalMilliseconds);
        report.Lower("onnx/64-callers/unbatched/p99", Measure.Percentile(unbatchedTimes, 0.99), "ms", unbatchedTimes.Length);
    }

    private static double[] Lone(Action<int> call, int times)
    {
        for (var i = 0; i < 10; i++)
            call(i % Callers);
        return [.. Enumerable.Range(0, times).Select(i => Measure.Once(() => call(i % Callers)) * 1000)];
    }

    private static (double Seconds, double[] Milliseconds) Together(Action<int> call, int rounds)
    {
        var times = new ConcurrentBag<double>();
        using var start = new ManualResetEventSlim();
        var threads = Enumerable.Range(0, Callers).Select(caller => new Thread(() =>
        {
            start.Wait();
            for (var i = 0; i < rounds; i++)
                times.Add(Measure.Once(() => call(caller)) * 1000);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        var started = Stopwatch.GetTimestamp();
        start.Set();
        threads.ForEach(thread => thread.Join());
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, [.. times]);
    }
}
