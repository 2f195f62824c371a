using System.Numerics;
using System.Runtime.InteropServices;
using GenAI.Core.Indexing;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>Exact vector search, against the time that this machine needs to read the vectors once.</summary>
internal static class SearchSuite
{
    private const int Dimensions = 384;

    public static void Run(BenchmarkReport report)
    {
        var rows = report.Quick ? 20_000 : 100_000;
        var runs = report.Quick ? 5 : 31;
        var (vectors, queries, truth, truthWidth) = Load(rows, report);
        var ids = new long[rows];
        for (var i = 0; i < rows; i++)
            ids[i] = i;

        using var index = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine, new ExactIndexOptions { InitialCapacity = rows });
        index.Upsert(ids, vectors);
        MeasureScan(report, index, vectors, queries, runs);
        MeasureBatch(report, index, queries, runs);
        MeasureRecall(report, index, queries, truth, truthWidth);
        MeasureCollection(report, vectors, queries, runs);
    }

    private static void MeasureScan(BenchmarkReport report, VectorIndex index, float[] vectors, float[] queries, int runs)
    {
        var results = new VectorMatch[10];
        var next = 0;
        ReadOnlySpan<float> Query() => queries.AsSpan(next++ % (queries.Length / Dimensions) * Dimensions, Dimensions);
        var oneThread = new VectorSearchSettings { MaxDegreeOfParallelism = 1 };

        // The sum of the values is as little work as a read can be; what it takes is the memory's.
        var sink = 0f;
        var (search, read, ratio) = Measure.Pair(runs, () => index.Search(Query(), results, oneThread), () => sink += ReadOnce(vectors));
        report.Higher("read/one-thread/bandwidth", vectors.Length * sizeof(float) / read / 1e9, "GB/s", runs);
        report.Lower("read/one-thread/time", read * 1e3, "ms", runs);
        report.Lower($"exact/{index.Count}x{Dimensions}/one-query/one-thread", search * 1e3, "ms", runs);
        report.Lower("exact/one-query/ratio-to-bandwidth", ratio, "ratio", runs, floor: 1.3);
        report.Lower("exact/one-query/all-threads", Measure.Seconds(runs, () => index.Search(Query(), results)) * 1e3, "ms", runs);
        GC.KeepAlive(sink);

        foreach (var share in (int[])[2, 10, 100])
        {
            var allowed = new ulong[(index.Count + 63) / 64];
            for (var i = 0; i < index.Count; i += share)
                allowed[i / 64] |= 1UL << i % 64;
            var filtered = new VectorSearchSettings { MaxDegreeOfParallelism = 1, AllowedIds = allowed };
            report.Lower($"exact/one-query/allowed-1-of-{share}", Measure.Seconds(runs, () => index.Search(Query(), results, filtered)) * 1e3, "ms", runs);
        }

        foreach (var metric in (VectorMetric[])[VectorMetric.DotProduct, VectorMetric.Euclidean, VectorMetric.Manhattan, VectorMetric.Hamming])
        {
            using var other = VectorIndex.CreateExact(Dimensions, metric, new ExactIndexOptions { InitialCapacity = index.Count });
            other.Upsert([.. Enumerable.Range(0, index.Count).Select(id => (long)id)], vectors);
            report.Lower($"exact/one-query/{metric}", Measure.Seconds(Math.Min(runs, 9), () => other.Search(Query(), results, oneThread)) * 1e3, "ms", Math.Min(runs, 9));
        }
    }

    private static void MeasureBatch(BenchmarkReport report, VectorIndex index, float[] queries, int runs)
    {
        var count = Math.Min(64, queries.Length / Dimensions);
        var results = new VectorMatch[count * 10];
        foreach (var (name, threads) in ((string, int)[])[("one-thread", 1), ("all-threads", 0)])
        {
            var seconds = Measure.Seconds(Math.Min(runs, 5), () => index.SearchBatch(queries.AsSpan(0, count * Dimensions), results, 10, new VectorSearchSettings { MaxDegreeOfParallelism = threads }));
            report.Higher($"exact/batch-of-{count}/{name}", count / seconds, "queries/s", Math.Min(runs, 5));
        }
    }

    private static void MeasureRecall(BenchmarkReport report, VectorIndex index, float[] queries, int[]? truth, int truthWidth)
    {
        if (truth is null)
        {
            report.Absent("exact/recall@10", "the ground truth of text-384 is not here, or not all rows were loaded");
            return;
        }

        var count = Math.Min(200, queries.Length / Dimensions);
        var results = new VectorMatch[10];
        var found = 0;
        for (var query = 0; query < count; query++)
        {
            index.Search(queries.AsSpan(query * Dimensions, Dimensions), results);
            var expected = truth.AsSpan(query * truthWidth, 10);
            foreach (var match in results)
                found += expected.Contains((int)match.Id) ? 1 : 0;
        }

        report.Higher("exact/recall@10", found / (count * 10.0), "recall", count, floor: 0.999);
    }

    private static void MeasureCollection(BenchmarkReport report, float[] vectors, float[] queries, int runs)
    {
        var count = vectors.Length / Dimensions;
        var collection = new LocalVectorStore().GetDynamicCollection("benchmark", new VectorStoreCollectionDefinition
        {
            Properties =
            [
                new VectorStoreKeyProperty("Key", typeof(int)),
                new VectorStoreDataProperty("Group", typeof(int)) { IsIndexed = true },
                new VectorStoreDataProperty("Plain", typeof(int)),
                new VectorStoreDataProperty("Name", typeof(string)),
                new VectorStoreVectorProperty("Vector", typeof(ReadOnlyMemory<float>), Dimensions),
            ],
        });
        collection.EnsureCollectionExistsAsync().GetAwaiter().GetResult();
        var seconds = Measure.Once(() =>
        {
            foreach (var batch in Enumerable.Range(0, count).Chunk(1000))
            {
                collection.UpsertAsync(batch.Select(key => new Dictionary<string, object?>
                {
                    ["Key"] = key,
                    ["Group"] = key % 100,
                    ["Plain"] = key % 100,
                    ["Name"] = $"row {key}",
                    ["Vector"] = new ReadOnlyMemory<float>(vectors, key * Dimensions, Dimensions),
                })).GetAwaiter().GetResult();
            }
        });
        report.Higher("collection/upsert", count / seconds, "records/s", 1);

        var next = 0;
        ReadOnlyMemory<float> Query() => queries.AsMemory(next++ % (queries.Length / Dimensions) * Dimensions, Dimensions);
        var wanted = 7;
        (string Name, VectorSearchOptions<Dictionary<string, object?>>? Options)[] searches =
        [
            ("unfiltered", null),
            ("filtered-by-index", new() { Filter = record => (int)record["Group"]! == wanted }),
            ("filtered-by-scan", new() { Filter = record => (int)record["Plain"]! == wanted }),
            ("filtered-by-text", new() { Filter = record => ((string)record["Name"]!).EndsWith('7') }),
        ];
        foreach (var (name, options) in searches)
        {
            var time = Measure.Seconds(runs, () => Drain(collection.SearchAsync(Query(), 10, options)));
            report.Lower($"collection/search/{name}", time * 1e3, "ms", runs);
        }
    }

    private static void Drain<T>(IAsyncEnumerable<T> results)
    {
        var enumerator = results.GetAsyncEnumerator();
        while (enumerator.MoveNextAsync().AsTask().GetAwaiter().GetResult())
        {
        }
    }

    private static float ReadOnce(float[] values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Vector<float> a = default, b = default, c = default, d = default;
        for (var i = 0; i + 3 < vectors.Length; i += 4)
        {
            a += vectors[i];
            b += vectors[i + 1];
            c += vectors[i + 2];
            d += vectors[i + 3];
        }

        return Vector.Sum(a + b + c + d);
    }

    // Random vectors stand in where text-384 is absent.
    private static (float[] Vectors, float[] Queries, int[]? Truth, int TruthWidth) Load(int rows, BenchmarkReport report)
    {
        if (VectorSet.Text(rows) is not { } set)
        {
            report.Absent("data/text-384", "not here; random vectors stand in");
            var random = new Random(1);
            return (RandomVectors(random, rows), RandomVectors(random, 200), null, 0);
        }

        var truth = MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(BenchmarkData.Find("vectors", "text-384", "gt.ibin")!)).ToArray();
        return (set.Vectors, set.Queries, rows == 100_000 ? truth[2..] : null, truth[1]);
    }

    private static float[] RandomVectors(Random random, int rows)
    {
        var vectors = new float[rows * Dimensions];
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] = random.NextSingle() - 0.5f;
        for (var row = 0; row < rows; row++)
            Normalize(vectors.AsSpan(row * Dimensions, Dimensions));
        return vectors;
    }

    private static void Normalize(Span<float> vector) =>
        System.Numerics.Tensors.TensorPrimitives.Divide(vector, System.Numerics.Tensors.TensorPrimitives.Norm(vector), vector);
}
