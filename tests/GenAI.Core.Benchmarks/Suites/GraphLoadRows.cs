using System.Diagnostics;
using GenAI.Core.Indexing;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>The graph under filters and under writes, and what a query allocates.</summary>
internal static class GraphLoadRows
{
    private static readonly double[] Selectivities = [0.5, 0.1, 0.01, 0.001];

    public static void Run(BenchmarkReport report, string name, GraphSet set, VectorIndex index)
    {
        foreach (var selectivity in Selectivities)
            Filtered(report, name, set, index, selectivity);
        var (next, results) = (0, new VectorMatch[GraphSet.Top]);
        report.Lower($"{name}/allocated", Allocated(() => index.Search(set.Query(next++), results)), "B", 100, floor: 0);
        UnderWrites(report, name, set, index);
    }

    private static void Filtered(BenchmarkReport report, string name, GraphSet set, VectorIndex index, double selectivity)
    {
        var random = new Random(5);
        var allowed = new ulong[(set.Rows + 63) / 64];
        for (var id = 0; id < set.Rows; id++)
            allowed[id >> 6] |= random.NextDouble() < selectivity ? 1UL << id : 0;
        var (settings, runs, queries) = (new VectorSearchSettings { AllowedIds = allowed }, report.Quick ? 3 : 5, Math.Min(200, set.QueryCount));
        var results = new VectorMatch[GraphSet.Top];
        void All(VectorSearchSettings with)
        {
            for (var query = 0; query < queries; query++)
                index.Search(set.Query(query), results, with);
        }

        var (filtered, _, ratio) = Measure.Pair(runs, () => All(settings), () => All(default));
        report.Lower($"{name}/filtered-{selectivity}/time", filtered / queries * 1e6, "us", runs);
        report.Lower($"{name}/filtered-{selectivity}/ratio-to-unfiltered", ratio, "ratio", runs, floor: selectivity == 0.01 ? 2 : null);

        using var exact = VectorIndex.CreateExact(set.Dimensions, set.Metric);
        var ids = Enumerable.Range(0, set.Rows).Where(id => (allowed[id >> 6] >> id & 1) != 0).ToArray();
        foreach (var id in ids)
            exact.Upsert([id], set.Vectors.AsSpan(id * set.Dimensions, set.Dimensions));
        var (hits, wanted, truth) = (0, 0, new VectorMatch[GraphSet.Top]);
        for (var query = 0; query < queries; query++)
        {
            var count = exact.Search(set.Query(query), truth);
            var found = index.Search(set.Query(query), results, settings);
            wanted += count;
            hits += truth[..count].Count(match => results[..found].Any(other => other.Id == match.Id));
        }

        report.Higher($"{name}/filtered-{selectivity}/recall@10", (double)hits / wanted, "recall", queries, floor: 0.95);
    }

    private static void UnderWrites(BenchmarkReport report, string name, GraphSet set, VectorIndex index)
    {
        var samples = report.Quick ? 2000 : 20_000;
        var idle = Latencies(set, index, samples);
        var done = false;
        var writes = 0;
        var writer = Task.Factory.StartNew(
            () =>
            {
                var random = new Random(6);
                for (; !Volatile.Read(ref done); writes++)
                {
                    var id = random.Next(set.Rows);
                    index.Upsert([id], set.Vectors.AsSpan(id * set.Dimensions, set.Dimensions));
                }
            },
            TaskCreationOptions.LongRunning);
        var start = Stopwatch.GetTimestamp();
        var busy = Latencies(set, index, samples);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Volatile.Write(ref done, true);
        writer.Wait();
        var (quiet, loaded) = (Measure.Percentile(idle, 0.99), Measure.Percentile(busy, 0.99));
        report.Lower($"{name}/reader/idle/p99", quiet * 1e6, "us", samples);
        report.Lower($"{name}/reader/with-writer/p99", loaded * 1e6, "us", samples);
        report.Lower($"{name}/reader/with-writer/ratio-of-p99", loaded / quiet, "ratio", samples, floor: 3);
        report.Higher($"{name}/writer/upserts", writes / elapsed, "1/s", 1);
    }

    private static double[] Latencies(GraphSet set, VectorIndex index, int samples)
    {
        var (results, seconds) = (new VectorMatch[GraphSet.Top], new double[samples]);
        for (var i = 0; i < samples; i++)
        {
            var start = Stopwatch.GetTimestamp();
            index.Search(set.Query(i), results);
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return seconds;
    }

    // Of a hundred runs, and no fraction of a byte: what the runtime does once is not the query's.
    private static double Allocated(Action action)
    {
        const int Runs = 100;
        for (var run = 0; run < Runs; run++)
            action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < Runs; run++)
            action();
        return Math.Floor((GC.GetAllocatedBytesForCurrentThread() - before) / (double)Runs);
    }
}
