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
        using var parallel = new OnnxEmbeddingGenerator(model.Path, new() { BatchDelay = Delay, Workers = Environment.ProcessorCount });
        using var runtime = new RuntimeAlone(model.Graph);
        Action<int>[] calls =
        [
            caller => generator.GenerateVectorAsync(texts[caller]).GetAwaiter().GetResult(),
            caller => parallel.GenerateVectorAsync(texts[caller]).GetAwaiter().GetResult(),
            caller => runtime.Run(ids[caller]),
        ];

        var lone = calls.Select(call => Lone(call, rounds * 10)).ToArray();
        var runs = report.Quick ? 1 : 3;
        Array.ForEach(calls, call => Together(call, 1));
        var together = Enumerable.Range(0, runs).Select(_ => calls.Select(call => Together(call, rounds)).ToArray()).ToArray();
        double Speed(int call) => Measure.Median([.. together.Select(run => Callers * rounds / run[call].Seconds)]);
        double Ratio(int call) => Measure.Median([.. together.Select(run => run[^1].Seconds / run[call].Seconds)]);
        double P99(int call) => Measure.Percentile([.. together.SelectMany(run => run[call].Milliseconds)], 0.99);

        string[] names = ["embedder", "embedder-with-a-worker-per-processor", "unbatched"];
        for (var call = 0; call < calls.Length; call++)
        {
            var (name, loneP99) = ($"onnx/64-callers/{names[call]}", Measure.Percentile(lone[call], 0.99));
            var floors = call == 0;
            report.Higher($"{name}/speed", Speed(call), "texts/s", runs);
            report.Lower($"{name}/lone-call/p50", Measure.Median(lone[call]), "ms", lone[call].Length);
            report.Lower($"{name}/lone-call/p99", loneP99, "ms", lone[call].Length);
            report.Lower($"{name}/p99", P99(call), "ms", runs * rounds * Callers, floors ? 2 * loneP99 + Delay.TotalMilliseconds : null);
            if (call < calls.Length - 1)
                report.Higher($"{name}/ratio-to-unbatched", Ratio(call), "ratio", runs, floors ? 3 : null);
        }
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
