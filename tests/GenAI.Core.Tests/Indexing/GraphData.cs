using System.Runtime.InteropServices;
using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

/// <summary>Vectors for tests of the graph, and how much of the exact answer a result has.</summary>
internal static class GraphData
{
    public static long[] Ids(int first, int count) => [.. Enumerable.Range(first, count).Select(id => (long)id)];

    /// <summary>Vectors around centres, as embeddings are: as far from their centre as the centre is long, and of various lengths.</summary>
    public static float[] Clustered(int seed, int count, int dimensions, int clusters = 50, float spread = 1, float lengths = 0)
    {
        // The centres do not depend on the seed, so that queries come from where the vectors do.
        var centers = Normal(new Random(4711), clusters * dimensions);
        var random = new Random(seed);
        var vectors = Normal(random, count * dimensions);
        for (var row = 0; row < count; row++)
        {
            var center = random.Next(clusters) * dimensions;
            var scale = MathF.Exp(lengths * (random.NextSingle() - 0.5f));
            for (var i = 0; i < dimensions; i++)
                vectors[row * dimensions + i] = scale * (spread * vectors[row * dimensions + i] + centers[center + i]);
        }

        return vectors;
    }

    public static float[] Normal(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }

    /// <summary>Real text embeddings of 384 dimensions: the queries of the data set, which are vectors as good as any.</summary>
    public static float[] Text() =>
        MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(TestData.Path("vectors", "text-384", "query.fbin")).AsSpan(8)).ToArray();

    /// <summary>Which part of the true matches was found; a match as good as the last true one counts, whatever its id.</summary>
    public static double Recall(VectorIndex exact, VectorIndex graph, float[] queries, int top, VectorSearchSettings settings = default, VectorSearchSettings? oracle = null)
    {
        var (truth, results) = (new VectorMatch[top], new VectorMatch[top]);
        var (found, wanted) = (0, 0);
        for (var first = 0; first < queries.Length; first += exact.Dimensions)
        {
            var query = queries.AsSpan(first, exact.Dimensions);
            var count = exact.Search(query, truth, oracle ?? settings with { SearchBreadth = 0 });
            graph.Search(query, results, settings).Should().Be(count, "a graph returns as many as there are");
            wanted += count;
            for (var i = 0; i < count; i++)
                found += results[i].Score >= truth[count - 1].Score - 1e-5f * Math.Abs(truth[count - 1].Score) ? 1 : 0;
        }

        return wanted == 0 ? 1 : (double)found / wanted;
    }
}
