using System.Diagnostics;
using System.Globalization;
using GenAI.Core.Indexing;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>
/// What is found under filters from 100% to 0.01% that ignore the query, allow what is nearest to it, or what is farthest: recall@10 of the
/// exact filtered answer, results that are missing, and the time beside an unfiltered search.
/// </summary>
internal static class GraphFilterRows
{
    private static readonly double[] Selectivities = [1, 0.5, 0.25, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001];

    public static void Run(BenchmarkReport report, string name, GraphSet set, VectorIndex index)
    {
        var queries = report.Quick ? 5 : 20;
        var (orders, bitmap, results) = (Orders(set, queries), new ulong[(set.Rows + 63) / 64], new VectorMatch[GraphSet.Top]);
        var plain = Microseconds(queries, query => index.Search(set.Query(query), results));
        foreach (var kind in (string[])["random", "nearest", "farthest"])
        {
            var (least, leastAt, missing, slowest, slowestAt) = (1.0, 1.0, 0, 0.0, 1.0);
            foreach (var selectivity in Selectivities)
            {
                var count = Math.Max(1, (int)(selectivity * set.Rows));
                var (hits, wanted, seconds) = (0, 0, 0.0);
                for (var query = 0; query < queries; query++)
                {
                    Allow(kind, orders[query], count, bitmap);
                    var start = Stopwatch.GetTimestamp();
                    var found = index.Search(set.Query(query), results, new VectorSearchSettings { AllowedIds = bitmap });
                    seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
                    var truth = orders[query].Where(id => (bitmap[id >> 6] >> id & 1) != 0).Take(GraphSet.Top).ToArray();
                    missing += truth.Length - found;
                    wanted += truth.Length;
                    hits += truth.Count(id => results.AsSpan(0, found).ToArray().Any(match => match.Id == id));
                }

                var recall = (double)hits / wanted;
                if (recall < least)
                    (least, leastAt) = (recall, selectivity);
                if (seconds / queries * 1e6 > slowest)
                    (slowest, slowestAt) = (seconds / queries * 1e6, selectivity);
            }

            report.Higher($"{name}/filters-{kind}/least-recall@10/at-{Percent(leastAt)}", least, "recall", queries * Selectivities.Length, floor: 0.95);
            report.Lower($"{name}/filters-{kind}/missing-results", missing, "results", queries * Selectivities.Length, floor: 0);
            report.Lower($"{name}/filters-{kind}/slowest-to-unfiltered/at-{Percent(slowestAt)}", slowest / plain, "ratio", queries);
        }
    }

    private static string Percent(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static double Microseconds(int queries, Action<int> search)
    {
        for (var query = 0; query < queries; query++)
            search(query);
        return Measure.Once(() =>
        {
            for (var query = 0; query < queries; query++)
                search(query);
        }) / queries * 1e6;
    }

    /// <summary>For each query all ids, nearest first.</summary>
    private static int[][] Orders(GraphSet set, int queries)
    {
        using var exact = VectorIndex.CreateExact(set.Dimensions, set.Metric, new ExactIndexOptions { Codes = ExactCodes.None });
        exact.Upsert(GraphSet.Ids(0, set.Rows), set.Vectors);
        var all = new VectorMatch[set.Rows];
        return [.. Enumerable.Range(0, queries).Select(query =>
        {
            exact.Search(set.Query(query), all);
            return Array.ConvertAll(all, match => (int)match.Id);
        })];
    }

    private static void Allow(string kind, int[] order, int count, ulong[] bitmap)
    {
        Array.Clear(bitmap);
        if (kind == "random")
        {
            // A stretch of a permutation: exactly so many, and others for each query.
            for (var i = 0; i < count; i++)
                Set((int)((i * 48_271L + order[0]) % order.Length));
            return;
        }

        foreach (var id in kind == "nearest" ? order.AsSpan(0, count) : order.AsSpan(order.Length - count))
            Set(id);

        void Set(int id) => bitmap[id >> 6] |= 1UL << id;
    }
}
