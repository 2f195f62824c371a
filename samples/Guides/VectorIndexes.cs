using GenAI.Core.Indexing;

namespace Guides;

internal static class VectorIndexes
{
    public static void ChooseOptions()
    {
        // <snippet:vector-index-kinds>
        using var exact = VectorIndex.CreateExact(384, VectorMetric.Cosine);
        using var graph = VectorIndex.CreateGraph(384, VectorMetric.Cosine, new GraphIndexOptions { MaxNeighbors = 16, BuildBreadth = 200 });
        using var growing = VectorIndex.CreateDynamic(384, VectorMetric.Cosine, new DynamicIndexOptions { GraphThreshold = 100_000 });
        // </snippet:vector-index-kinds>

        Console.WriteLine($"{exact.Kind} {graph.Kind} {growing.Kind}");
    }

    // <snippet:vector-index-filter>
    public static string NearestAmong(VectorIndex index, ReadOnlySpan<float> query, ReadOnlySpan<long> ids)
    {
        var allowed = new ulong[1024];
        foreach (var id in ids)
            allowed[id / 64] |= 1UL << (int)(id % 64);

        var cost = new VectorSearchCost();
        var nearest = new VectorMatch[10];
        var found = index.Search(query, nearest, new VectorSearchSettings { AllowedIds = allowed, Cost = cost });
        return $"{found} matches by {cost.Plan}: {cost.CodesRead} codes and {cost.VectorsRead} vectors compared, {cost.BytesRead} bytes read";
    }
    // </snippet:vector-index-filter>
}
