using GenAI.Core.Benchmarks.Peers;
using GenAI.Core.Indexing;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>The graph on one thread against hnswlib in the same run: queries per second at a recall, and building on two threads.</summary>
internal static class GraphRows
{
    private static readonly int[] Breadths = [10, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256, 384, 512];
    private static readonly double[] Recalls = [0.95, 0.99];

    public static void Run(BenchmarkReport report)
    {
        var (rows, queries) = report.Quick ? (20_000, 500) : (100_000, 2000);
        Measured(report, "graph/text-384", () => GraphSet.Text(rows, queries), buildFloor: 0.5);
        Measured(report, "graph/mnist-784", () => GraphSet.Digits(rows, queries), buildFloor: null);
        Measured(report, "graph/clustered-384", () => GraphSet.Clustered(rows, queries), buildFloor: null);
        if (report.Wants("graph/checked-reads"))
            GraphCheckedReads.Run(report);
    }

    private static void Measured(BenchmarkReport report, string group, Func<GraphSet?> load, double? buildFloor)
    {
        if (!report.Wants(group))
            return;
        if (load() is { } set)
            Measured(report, set, buildFloor);
        else
            report.Absent(group, "the data set is not here");
    }

    private static void Measured(BenchmarkReport report, GraphSet set, double? buildFloor)
    {
        var (name, runs) = ($"graph/{set.Name}", report.Quick ? 3 : 5);
        using var index = VectorIndex.CreateGraph(set.Dimensions, set.Metric, new GraphIndexOptions { MaxDegreeOfParallelism = 2 });
        var build = Measure.Once(() => index.Upsert(GraphSet.Ids(0, set.Rows), set.Vectors));
        report.Lower($"{name}/build", build, "s", 1);
        var memory = index.Memory;
        report.Lower($"{name}/memory/codes-and-links", (double)(memory.Codes + memory.Links) / set.Rows, "B/vector", 1, floor: 1.5 * set.Dimensions + 8 * 2 * new GraphIndexOptions().MaxNeighbors);
        report.Lower($"{name}/memory/total", (double)memory.Total / set.Rows, "B/vector", 1);

        // Before and after the peer, for the machine's speed drifts.
        var before = Curve(set, index, runs);
        var peer = HnswGraph.Run(set, runs, out var reason);
        var after = Curve(set, index, runs);
        RecallPoint[] curve = [.. before.Zip(after, (a, b) => new RecallPoint(a.Recall, (a.Seconds + b.Seconds) / 2))];
        if (peer is null)
            report.Absent($"{name}/hnswlib", reason);
        else
            report.Lower($"{name}/build/ratio-to-hnswlib", build / peer.Value.Build, "ratio", 1, buildFloor);
        foreach (var recall in Recalls)
            Compare(report, $"{name}/recall-{recall:0.00}", curve, peer?.Curve, recall, runs);

        Default(report, name, set, index);
        GraphFilterRows.Run(report, name, set, index);
        GraphLoadRows.Run(report, name, set, index);
    }

    private static void Compare(BenchmarkReport report, string name, RecallPoint[] curve, RecallPoint[]? peer, double recall, int runs)
    {
        if (RecallPoint.QueriesPerSecond(curve, recall) is not { } ours)
        {
            report.Absent($"{name}/queries", $"no breadth reaches it; {curve[^1].Recall:0.0000} is the most");
            return;
        }

        report.Higher($"{name}/queries", ours, "1/s", 2 * runs);
        if (peer is null)
            return;
        if (RecallPoint.QueriesPerSecond(peer, recall) is not { } theirs)
        {
            report.Absent($"{name}/hnswlib", $"no ef reaches it; {peer[^1].Recall:0.0000} is the most");
            return;
        }

        report.Higher($"{name}/hnswlib", theirs, "1/s", runs);
        report.Higher($"{name}/times-hnswlib", ours / theirs, "ratio", 2 * runs, floor: 3.5);
    }

    private static RecallPoint[] Curve(GraphSet set, VectorIndex index, int runs)
    {
        var results = new VectorMatch[GraphSet.Top];
        var curve = new List<RecallPoint>();
        foreach (var breadth in Breadths)
        {
            var settings = new VectorSearchSettings { SearchBreadth = breadth };
            var hits = 0;
            var seconds = Measure.Seconds(runs, () =>
            {
                hits = 0;
                for (var query = 0; query < set.QueryCount; query++)
                    hits += set.Hits(query, results.AsSpan(0, index.Search(set.Query(query), results, settings)));
            });
            curve.Add(new RecallPoint(hits / (double)(GraphSet.Top * set.QueryCount), seconds / set.QueryCount));
            if (curve[^1].Recall >= Recalls[^1])
                break;
        }

        return [.. curve];
    }

    private static void Default(BenchmarkReport report, string name, GraphSet set, VectorIndex index)
    {
        var (results, hits) = (new VectorMatch[GraphSet.Top], 0);
        var seconds = Measure.Once(() =>
        {
            for (var query = 0; query < set.QueryCount; query++)
                hits += set.Hits(query, results.AsSpan(0, index.Search(set.Query(query), results)));
        });
        report.Higher($"{name}/default-breadth/recall@10", hits / (double)(GraphSet.Top * set.QueryCount), "recall", set.QueryCount, floor: 0.95);
        report.Higher($"{name}/default-breadth/queries", set.QueryCount / seconds, "1/s", 1);
    }
}
