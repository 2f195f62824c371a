using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using GenAI.Core.Benchmarks.Peers;
using GenAI.Core.Indexing;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>
/// Exact search on one thread: against the time of reading the vectors once, a loop of <see cref="TensorPrimitives"/>, and FAISS.
/// </summary>
internal static class ExactRows
{
    private const int Dimensions = VectorSet.Dimensions;
    private const int Top = 10;
    private const int BatchQueries = 100;
    private static readonly VectorSearchSettings OneThread = new() { MaxDegreeOfParallelism = 1 };

    public static void Run(BenchmarkReport report)
    {
        if (report.Wants("exact/text-384"))
        {
            if (VectorSet.Text(report.Quick ? 20_000 : 100_000) is { } text)
                Measured(report, text, withBatch: true);
            else
                report.Absent("exact/text-384", "the data set is not here");
        }

        if (report.Wants("exact/clustered-384"))
            Measured(report, VectorSet.Clustered(report.Quick ? 50_000 : 1_000_000), withBatch: false);
    }

    private static void Measured(BenchmarkReport report, VectorSet set, bool withBatch)
    {
        var (name, runs) = ($"exact/{set.Name}", report.Quick ? 5 : 31);
        using var plain = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine, new ExactIndexOptions { Codes = ExactCodes.None });
        using var index = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine);
        report.Higher($"{name}/upsert", set.Rows / Measure.Once(() => Fill(index, set)), "vectors/s", 1);
        report.Lower($"{name}/memory", (double)index.Memory.Total / set.Rows, "B/vector", 1);
        if (withBatch)
            Fill(plain, set);

        var (results, next, sink) = (new VectorMatch[Top], 0, 0f);
        var (search, read, ratio) = Measure.Pair(runs, () => index.Search(set.Query(next++), results, OneThread), () => sink += ReadOnce(set.Vectors));
        report.Higher($"{name}/read/bandwidth", (double)set.Vectors.Length * sizeof(float) / read / 1e9, "GB/s", runs);
        report.Lower($"{name}/read/time", read * 1e3, "ms", runs);
        report.Lower($"{name}/one-query/time", search * 1e3, "ms", runs);
        report.Lower($"{name}/one-query/ratio-to-read", ratio, "ratio", runs, floor: 0.25);

        var few = Math.Min(runs, 7);
        var loop = Measure.Pair(few, () => Loop(set, set.Query(next++)), () => index.Search(set.Query(next), results, OneThread));
        report.Lower($"{name}/one-query/tensor-primitives-loop", loop.A * 1e3, "ms", few);
        report.Higher($"{name}/one-query/times-faster-than-loop", loop.Ratio, "ratio", few, floor: 5);
        report.Lower($"{name}/one-query/allocated", Allocated(() => index.Search(set.Query(next++), results, OneThread)), "B", 100, floor: 0);
        report.Lower($"{name}/one-query/all-threads", Measure.Seconds(few, () => index.Search(set.Query(next++), results)) * 1e3, "ms", few);

        if (withBatch)
            MeasureBatch(report, name, set, index, plain, few);
        Agree(report, name, set, index);
        GC.KeepAlive(sink);
    }

    private static void MeasureBatch(BenchmarkReport report, string name, VectorSet set, VectorIndex index, VectorIndex plain, int runs)
    {
        var queries = set.Queries[..(BatchQueries * Dimensions)];
        var results = new VectorMatch[BatchQueries * Top];
        var one = new VectorMatch[Top];
        var next = 0;
        report.Lower($"{name}/one-query/without-codes", Measure.Seconds(runs, () => plain.Search(set.Query(next++), one, OneThread)) * 1e3, "ms", runs);
        var batch = Measure.Seconds(runs, () => index.SearchBatch(queries, results, Top, OneThread)) * 1e3 / BatchQueries;
        report.Lower($"{name}/batch-of-100/time", batch, "ms/query", runs);
        var cost = new VectorSearchCost();
        index.SearchBatch(queries, results, Top, OneThread with { Cost = cost });
        report.Lower($"{name}/batch-of-100/vectors-read", cost.VectorsRead / (double)BatchQueries, "1/query", BatchQueries);
        if (FaissFlat.Run(set.Vectors, queries, Dimensions, runs, out var reason) is not { } faiss)
        {
            report.Absent($"{name}/faiss-flat", reason);
            return;
        }

        report.Lower($"{name}/one-query/faiss-flat", faiss.One, "ms", runs);
        report.Lower($"{name}/batch-of-100/faiss-flat", faiss.Batch, "ms/query", runs);
        // Before and after the peer, for the machine's speed drifts.
        var again = Measure.Seconds(runs, () => index.SearchBatch(queries, results, Top, OneThread)) * 1e3 / BatchQueries;
        report.Lower($"{name}/batch-of-100/ratio-to-faiss", (batch + again) / 2 / faiss.Batch, "ratio", 2 * runs, floor: 1.0 / 3);
    }

    // Exact is a claim; a benchmark of something else would be worth nothing.
    private static void Agree(BenchmarkReport report, string name, VectorSet set, VectorIndex index)
    {
        const int Queries = 20;
        var (found, results) = (0, new VectorMatch[Top]);
        for (var query = 0; query < Queries; query++)
        {
            index.Search(set.Query(query), results, OneThread);
            foreach (var (_, id) in Loop(set, set.Query(query)).UnorderedItems.Select(item => (item.Priority, item.Element)))
                found += results.Any(match => match.Id == id) ? 1 : 0;
        }

        report.Higher($"{name}/recall@10", found / (double)(Queries * Top), "recall", Queries, floor: 0.999);
    }

    private static void Fill(VectorIndex index, VectorSet set)
    {
        const int Batch = 10_000;
        for (var first = 0; first < set.Rows; first += Batch)
        {
            long[] ids = [.. Enumerable.Range(first, Math.Min(Batch, set.Rows - first)).Select(id => (long)id)];
            index.Upsert(ids, set.Vectors.AsSpan(first * Dimensions, ids.Length * Dimensions));
        }
    }

    // Of a hundred runs, and no fraction of a byte: what the runtime does once, such as compiling the method again, is not the query's.
    private static double Allocated(Action action)
    {
        const int Runs = 100;
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < Runs; run++)
            action();
        return Math.Floor((GC.GetAllocatedBytesForCurrentThread() - before) / (double)Runs);
    }

    private static PriorityQueue<long, float> Loop(VectorSet set, ReadOnlySpan<float> query)
    {
        var heap = new PriorityQueue<long, float>(Top + 1);
        for (var row = 0; row < set.Rows; row++)
        {
            var score = TensorPrimitives.Dot(query, set.Vectors.AsSpan(row * Dimensions, Dimensions));
            if (heap.Count < Top)
                heap.Enqueue(row, score);
            else if (heap.TryPeek(out _, out var least) && score > least)
                heap.EnqueueDequeue(row, score);
        }

        return heap;
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
}
