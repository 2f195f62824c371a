using System.Globalization;
using GenAI.Core.Benchmarks.Suites;
using GenAI.Core.Indexing;

namespace GenAI.Core.Benchmarks.Peers;

/// <summary>hnswlib, where g++ and libhnswlib-dev are installed.</summary>
internal static class HnswGraph
{
    private const int MaxNeighbors = 16;
    private const int BuildBreadth = 200;

    /// <summary>The seconds that building takes on two threads, and a curve of recall and time; null and the reason where hnswlib is absent.</summary>
    public static (double Build, RecallPoint[] Curve)? Run(GraphSet set, int runs, out string reason)
    {
        // Where the header is not installed for all, HNSWLIB_INCLUDE names the folder that has hnswlib/hnswlib.h.
        string[] include = Environment.GetEnvironmentVariable("HNSWLIB_INCLUDE") is { Length: > 0 } path ? [$"-I{path}"] : [];
        using var driver = NativeDriver.Compile("hnsw-graph", "g++ and libhnswlib-dev", out reason, ["-pthread", .. include]);
        var lines = driver?.Run(
            out reason, set.Rows, set.QueryCount, set.Dimensions, set.Metric == VectorMetric.Euclidean ? "l2" : "ip", MaxNeighbors, BuildBreadth, 2, runs,
            driver.Write("base.f32", set.Vectors), driver.Write("query.f32", set.Queries), driver.Write("truth.i32", set.Truth))?.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines is null)
            return null;
        var points = lines.Skip(1).Select(line => line.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray());
        return (double.Parse(lines[0], CultureInfo.InvariantCulture), [.. points.Select(point => new RecallPoint(point[1], point[2] / set.QueryCount))]);
    }
}
