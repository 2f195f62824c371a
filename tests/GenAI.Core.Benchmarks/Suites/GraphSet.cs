using System.Runtime.InteropServices;
using GenAI.Core.Indexing;
using ZstdSharp;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>Vectors, queries from the same source, and the true ten of each, which the exact index tells.</summary>
internal sealed record GraphSet(string Name, int Dimensions, VectorMetric Metric, float[] Vectors, float[] Queries)
{
    public const int Top = 10;

    public int Rows => Vectors.Length / Dimensions;

    public int QueryCount => Queries.Length / Dimensions;

    public int[] Truth { get; } = Exact(Dimensions, Metric, Vectors, Queries);

    public ReadOnlySpan<float> Query(int number) => Queries.AsSpan(number % QueryCount * Dimensions, Dimensions);

    public static GraphSet? Text(int rows, int queries) =>
        VectorSet.Text(rows) is { } set ? new GraphSet("text-384", VectorSet.Dimensions, VectorMetric.Cosine, set.Vectors, First(set.Queries, queries * VectorSet.Dimensions)) : null;

    public static GraphSet Clustered(int rows, int queries)
    {
        // As many as of the other sets: a hundred queries are over before the runtime has compiled what they run for good.
        var set = VectorSet.Clustered(rows, queries);
        return new GraphSet("clustered-384", VectorSet.Dimensions, VectorMetric.Cosine, set.Vectors, set.Queries);
    }

    /// <summary>Deformed handwritten digits by Euclidean distance; null where the data is absent.</summary>
    public static GraphSet? Digits(int rows, int queries)
    {
        const int Pixels = 784;
        if (BenchmarkData.Find("vectors", "mnist-784", "base.u8.zst") is not { } path)
            return null;
        using var stream = new DecompressionStream(File.OpenRead(path));
        var packed = new byte[rows * Pixels];
        stream.ReadExactly(packed);
        var asked = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(path)!, "query.u8bin"))[(2 * sizeof(int))..];
        return new GraphSet("mnist-784", Pixels, VectorMetric.Euclidean, Array.ConvertAll(packed, value => (float)value), First(Array.ConvertAll(asked, value => (float)value), queries * Pixels));
    }

    /// <summary>How many of the true ten are among those found.</summary>
    public int Hits(int query, ReadOnlySpan<VectorMatch> found)
    {
        var hits = 0;
        foreach (var match in found)
            hits += Truth.AsSpan(query * Top, Top).Contains((int)match.Id) ? 1 : 0;
        return hits;
    }

    public static long[] Ids(int first, int count) => [.. Enumerable.Range(first, count).Select(id => (long)id)];

    private static float[] First(float[] values, int count) => count < values.Length ? values[..count] : values;

    private static int[] Exact(int dimensions, VectorMetric metric, float[] vectors, float[] queries)
    {
        using var index = VectorIndex.CreateExact(dimensions, metric);
        const int Batch = 10_000;
        for (var first = 0; first < vectors.Length / dimensions; first += Batch)
        {
            var ids = Ids(first, Math.Min(Batch, (vectors.Length / dimensions) - first));
            index.Upsert(ids, vectors.AsSpan(first * dimensions, ids.Length * dimensions));
        }

        var results = new VectorMatch[queries.Length / dimensions * Top];
        index.SearchBatch(queries, results, Top);
        return Array.ConvertAll(results, match => (int)match.Id);
    }
}
