using GenAI.Core.VectorStores;
using Microsoft.Extensions.VectorData;

namespace Guides;

internal static class VectorStores
{
    public static async Task RunAsync()
    {
        // <snippet:vector-store>
        using var store = new LocalVectorStore();
        var hotels = store.GetCollection<string, Hotel>("hotels");
        await hotels.EnsureCollectionExistsAsync();
        await hotels.UpsertAsync([
            new Hotel { Id = "a", Name = "Alpenblick", City = "Zurich", Vector = new float[] { 1, 0, 0, 0 } },
            new Hotel { Id = "b", Name = "Seeblick", City = "Lucerne", Vector = new float[] { 0, 1, 0, 0 } },
        ]);

        var options = new VectorSearchOptions<Hotel> { Filter = hotel => hotel.City == "Zurich" };
        await foreach (var hit in hotels.SearchAsync(new ReadOnlyMemory<float>([1, 0, 0, 0]), top: 3, options))
            Console.WriteLine($"{hit.Record.Name} {hit.Score}");

        var hybrid = (IKeywordHybridSearchable<Hotel>)hotels;
        await foreach (var hit in hybrid.HybridSearchAsync(new ReadOnlyMemory<float>([1, 0, 0, 0]), ["seeblick"], top: 3))
            Console.WriteLine($"{hit.Record.Name} {hit.Score}");
        // </snippet:vector-store>
    }

    public static async Task ChooseIndexesAsync()
    {
        // <snippet:vector-store-indexing>
        using var store = new LocalVectorStore(new()
        {
            SearchBreadth = 200,
            Indexing = new() { GraphThreshold = 20_000, Graph = new() { MaxNeighbors = 24, BuildBreadth = 200 } },
        });
        var hotels = (LocalCollection<string, Hotel>)store.GetCollection<string, Hotel>("hotels");
        await hotels.EnsureCollectionExistsAsync();

        foreach (var vectors in hotels.GetStatistics().Vectors)
            Console.WriteLine($"{vectors.Property}: {vectors.Count} vectors, searched by {vectors.Kind}, {vectors.BytesPerVector} bytes each");
        // </snippet:vector-store-indexing>
    }

    // <snippet:vector-store-record>
    private sealed class Hotel
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreData(IsFullTextIndexed = true)]
        public string Name { get; set; } = "";

        [VectorStoreData(IsIndexed = true)]
        public string City { get; set; } = "";

        [VectorStoreVector(4, DistanceFunction = DistanceFunction.CosineSimilarity)]
        public ReadOnlyMemory<float> Vector { get; set; }
    }
    // </snippet:vector-store-record>
}
