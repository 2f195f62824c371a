using System.Numerics.Tensors;
using GenAI.Core.Indexing;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>Reads that are checked while a writer replaces and removes vectors: each score must be that of a vector that its id has had.</summary>
internal static class GraphCheckedReads
{
    private const int Dimensions = 16;
    private const int Ids = 4000;
    private const int Top = 10;

    public static void Run(BenchmarkReport report)
    {
        var searches = report.Quick ? 100_000 : 1_000_000;
        var random = new Random(7);
        float[][] versions = [Vectors(random), Vectors(random)];
        using var index = VectorIndex.CreateGraph(Dimensions, VectorMetric.Euclidean);
        index.Upsert(GraphSet.Ids(0, Ids), versions[0]);
        var (done, writes) = (false, 0);
        var writer = Task.Factory.StartNew(
            () =>
            {
                for (var choice = new Random(8); !Volatile.Read(ref done); writes++)
                {
                    var id = choice.Next(Ids / 2);
                    if (choice.Next(4) == 0)
                        index.Remove(id);
                    else
                        index.Upsert([id], versions[choice.Next(2)].AsSpan(id * Dimensions, Dimensions));
                }
            },
            TaskCreationOptions.LongRunning);

        var torn = 0L;
        var results = new VectorMatch[Top];
        var settings = new VectorSearchSettings { SearchBreadth = 16 };
        for (var search = 0; search < searches; search++)
        {
            var query = versions[search & 1].AsSpan(random.Next(Ids) * Dimensions, Dimensions);
            var found = index.Search(query, results, settings);
            torn += Top - found;
            for (var i = 0; i < found; i++)
            {
                var isTorn = !Is(versions[0], query, results[i]) && !Is(versions[1], query, results[i]);
                for (var j = 0; j < i; j++)
                    isTorn |= results[j].Id == results[i].Id;
                torn += isTorn ? 1 : 0;
            }
        }

        Volatile.Write(ref done, true);
        writer.Wait();
        report.Higher("graph/checked-reads", (double)searches * Top, "reads", 1, floor: report.Quick ? null : 1e7);
        report.Lower("graph/checked-reads/torn", torn, "reads", 1, floor: 0);
        report.Higher("graph/checked-reads/writes-meanwhile", writes, "writes", 1);
    }

    // Sums in another order differ by their rounding; half of another vector would change a distance of about 3 by tenths.
    private static bool Is(float[] vectors, ReadOnlySpan<float> query, VectorMatch match) =>
        MathF.Abs(TensorPrimitives.Distance(query, vectors.AsSpan((int)match.Id * Dimensions, Dimensions)) + match.Score) <= 1e-5f;

    private static float[] Vectors(Random random)
    {
        var values = new float[Ids * Dimensions];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.NextSingle() * 2 - 1;
        return values;
    }
}
