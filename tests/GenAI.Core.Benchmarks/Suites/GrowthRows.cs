using System.Diagnostics;
using GenAI.Core.Indexing;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>How long single writes take while an exact index grows to a million vectors: nothing may take longer because there are more.</summary>
internal static class GrowthRows
{
    private const int Batch = 10;

    public static void Run(BenchmarkReport report)
    {
        var rows = report.Quick ? 50_000 : 1_000_000;
        var set = VectorSet.Clustered(10_000);
        using var index = VectorIndex.CreateExact(VectorSet.Dimensions, VectorMetric.Cosine);
        var milliseconds = new double[rows / Batch];
        for (var write = 0; write < milliseconds.Length; write++)
        {
            var (first, ids) = (write * Batch, GraphSet.Ids(write * Batch, Batch));
            var vectors = set.Vectors.AsSpan(first % set.Rows * VectorSet.Dimensions, Batch * VectorSet.Dimensions);
            var start = Stopwatch.GetTimestamp();
            index.Upsert(ids, vectors);
            milliseconds[write] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        var name = $"exact/growing-to-{rows / 1000}k/write-of-{Batch}";
        report.Lower($"{name}/p50", Measure.Median(milliseconds), "ms", milliseconds.Length);
        report.Lower($"{name}/p99", Measure.Percentile(milliseconds, 0.99), "ms", milliseconds.Length);
        report.Lower($"{name}/p99.99", Measure.Percentile(milliseconds, 0.9999), "ms", milliseconds.Length);
        report.Lower($"{name}/slowest", milliseconds.Max(), "ms", milliseconds.Length);
        report.Lower($"{name}/p50-of-last-tenth-to-first", Measure.Median(milliseconds[^(milliseconds.Length / 10)..]) / Measure.Median(milliseconds[..(milliseconds.Length / 10)]), "ratio", milliseconds.Length);
    }
}
