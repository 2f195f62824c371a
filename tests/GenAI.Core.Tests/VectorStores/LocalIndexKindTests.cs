using GenAI.Core.Indexing;
using GenAI.Core.Tests.Indexing;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Tests.VectorStores;

/// <summary>What a collection promises whatever kind of index it has; the answer of every vector compared with the query is the oracle.</summary>
public class LocalIndexKindTests
{
    private const int Dimensions = 16;
    private const int Records = 400;
    private const int GraphThreshold = 150;

    // Of the records at every rank, over all queries of a test. Exact kinds have all of them.
    private const double LeastRecall = 0.97;

    private static readonly string[] Kinds = [IndexKind.Flat, IndexKind.QuantizedFlat, IndexKind.Hnsw, IndexKind.Dynamic];

    private static readonly string[] Distances =
    [
        DistanceFunction.CosineSimilarity, DistanceFunction.CosineDistance, DistanceFunction.DotProductSimilarity, DistanceFunction.NegativeDotProductSimilarity,
        DistanceFunction.EuclideanDistance, DistanceFunction.EuclideanSquaredDistance, DistanceFunction.ManhattanDistance, DistanceFunction.HammingDistance,
    ];

    public static TheoryData<string> EveryKind => [.. Kinds];

    public static TheoryData<string, string> EveryKindAndDistance
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var kind in Kinds)
            {
                foreach (var distance in Distances)
                    data.Add(kind, distance);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(EveryKindAndDistance))]
    public async Task Every_kind_returns_what_the_filter_top_and_skip_ask_for_with_the_scores_of_the_distance(string kind, string distance)
    {
        var (collection, vectors) = await FillAsync(kind, distance);
        await ChangeAsync(collection, vectors);
        var recall = new Recall();
        foreach (var (seed, filter) in Filters().Index())
        {
            var query = GraphData.Clustered(100 + seed, 1, Dimensions);
            var allowed = vectors.Where(entry => filter.Matches(entry.Key)).ToDictionary();
            var truth = Oracle(distance, allowed, query);
            foreach (var (skip, top) in ((int, int)[])[(0, 1), (0, 10), (3, 10), (0, Records * 2), (allowed.Count, 5), (Math.Max(0, allowed.Count - 2), 5), (int.MaxValue, 3)])
            {
                var found = await collection.SearchAsync(query, top, new() { Filter = filter.Expression, Skip = skip, IncludeVectors = true }).ReadAllAsync();

                found.Should().HaveCount(Math.Clamp(allowed.Count - skip, 0, top));
                found.Select(hit => hit.Record["Number"]).Should().OnlyHaveUniqueItems();
                for (var i = 0; i < found.Count; i++)
                {
                    var number = (int)found[i].Record["Number"]!;
                    filter.Matches(number).Should().BeTrue();
                    Close(found[i].Score!.Value, Score(distance, vectors[number], query)).Should().BeTrue("the score is exact");
                    ((ReadOnlyMemory<float>)found[i].Record["Vector"]!).Span.SequenceEqual(vectors[number]).Should().BeTrue("vectors come back bit for bit");
                    recall.Add(Close(found[i].Score!.Value, truth[skip + i]));
                }
            }
        }

        recall.Share.Should().BeGreaterThanOrEqualTo(IsApproximate(kind, distance) ? LeastRecall : 1);
    }

    [Theory]
    [MemberData(nameof(EveryKindAndDistance))]
    public async Task A_threshold_keeps_what_reaches_it_and_nothing_else(string kind, string distance)
    {
        var (collection, vectors) = await FillAsync(kind, distance);
        var query = GraphData.Clustered(100, 1, Dimensions);
        var truth = Oracle(distance, vectors, query);
        var threshold = (truth[19] + truth[20]) / 2;

        var found = await collection.SearchAsync(query, Records, new() { ScoreThreshold = threshold }).ReadAllAsync();
        var second = await collection.SearchAsync(query, Records, new() { ScoreThreshold = threshold, Skip = 5 }).ReadAllAsync();

        var expected = truth.Count(score => HigherIsBetter(distance) ? score >= threshold : score <= threshold);
        found.Count.Should().BeInRange(IsApproximate(kind, distance) ? expected - 1 : expected, expected);
        second.Select(hit => hit.Record["Key"]).Should().Equal(found.Skip(5).Select(hit => hit.Record["Key"]));
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Both_arms_of_a_hybrid_search_obey_one_filter_and_return_as_many_as_there_are(string kind)
    {
        var (collection, vectors) = await FillAsync(kind, DistanceFunction.CosineSimilarity);
        await ChangeAsync(collection, vectors);
        foreach (var filter in Filters())
        {
            var matches = vectors.Keys.Count(filter.Matches);
            foreach (var (skip, top) in ((int, int)[])[(0, 5), (2, 5), (0, Records * 2)])
            {
                var found = await ((IKeywordHybridSearchable<Dictionary<string, object?>>)collection)
                    .HybridSearchAsync(GraphData.Clustered(7, 1, Dimensions), ["every"], top, new() { Filter = filter.Expression, Skip = skip }).ReadAllAsync();

                found.Should().HaveCount(Math.Clamp(matches - skip, 0, top));
                found.Where(hit => !filter.Matches((int)hit.Record["Number"]!)).Should().BeEmpty();
                found.Should().BeInDescendingOrder(hit => hit.Score);
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Readers_see_whole_batches_while_a_writer_replaces_them(string kind)
    {
        const int Batches = 60, Rows = 200, Top = 1000;
        var collection = await OpenAsync(kind, DistanceFunction.EuclideanDistance);
        await collection.UpsertAsync(Batch(0));

        // A batch has keys of its own every other time, so that readers would see rows come, go and move. So many batches and no more: a writer that went on until readers had looked five times, which is what
        // other tests of concurrency do, took 15 to 49 seconds with a graph, and once did not end in eight minutes. Each reader looks once more when there are no more.
        var done = false;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var last = false;
            for (var look = 0; !last; look++)
            {
                last = Volatile.Read(ref done);
                await LookAsync(look);
            }
        })).ToArray();
        for (var batch = 0; batch < Batches && !readers.Any(reader => reader.IsFaulted); batch++)
            await ((LocalCollection<object, Dictionary<string, object?>>)collection).ReplaceAsync(Keys(batch), Batch(batch + 1), default);
        Volatile.Write(ref done, true);
        await Task.WhenAll(readers);

        async Task LookAsync(int look)
        {
            var found = await collection.SearchAsync(Vector(look % Rows), Top, new() { IncludeVectors = true, Filter = look % 3 == 0 ? record => (int)record["Number"]! >= 0 : null }).ReadAllAsync();
            found.Should().HaveCount(Rows);
            var batch = (int)found[0].Record["Number"]! / Rows;
            found.Select(hit => (int)hit.Record["Number"]!).Order().Should().Equal(Enumerable.Range(batch * Rows, Rows));
            ((ReadOnlyMemory<float>)found[0].Record["Vector"]!).Span.SequenceEqual(Vector((int)found[0].Record["Number"]!).Span).Should().BeTrue();
            (await collection.GetAsync(record => true, Top).ReadAllAsync()).Should().HaveCount(Rows);
        }

        static object[] Keys(int batch) => [.. Enumerable.Range(0, Rows).Select(row => (object)$"{(batch % 2 == 0 ? 'a' : 'b')}{row}")];

        static Dictionary<string, object?>[] Batch(int batch) =>
            [.. Enumerable.Range(0, Rows).Select(row => Record($"{(batch % 2 == 0 ? 'a' : 'b')}{row}", (batch * Rows) + row, Vector((batch * Rows) + row)))];

        static ReadOnlyMemory<float> Vector(int number) => GraphData.Clustered(number, 1, Dimensions);
    }

    [Fact]
    public async Task A_dynamic_collection_says_what_it_searches_by_and_keeps_vectors_once()
    {
        var collection = (LocalCollection<object, Dictionary<string, object?>>)await OpenAsync(null, null);
        await collection.UpsertAsync(Enumerable.Range(0, GraphThreshold - 1).Select(i => Record($"k{i}", i, GraphData.Clustered(i, 1, Dimensions))));
        var small = collection.GetStatistics().Vectors.Single();
        await collection.UpsertAsync(Enumerable.Range(0, 5000).Select(i => Record($"k{i}", i, GraphData.Clustered(i, 1, Dimensions))));
        DynamicIndexTests.Until(() => collection.GetStatistics().Vectors[0].Kind == VectorIndexKind.Graph);
        var large = collection.GetStatistics();

        (small.Property, small.IndexKind, small.Kind, small.Count).Should().Be(("Vector", IndexKind.Dynamic, VectorIndexKind.Exact, GraphThreshold - 1));
        (large.Count, large.Vectors[0].Count, large.Vectors[0].IsBuilding, large.Vectors[0].BuildFault).Should().Be((5000, 5000, false, (Exception?)null));
        large.Vectors[0].Memory.Links.Should().BePositive();
        large.Vectors[0].BytesPerVector.Should().BeGreaterThan(4 * Dimensions);
        large.Vectors[0].Memory.Vectors.Should().BeInRange(4L * Dimensions * 5000, 2 * 4L * Dimensions * 5000, "values are kept once, with room to grow");
    }

    [Theory]
    [InlineData(IndexKind.Flat, VectorIndexKind.Exact, false)]
    [InlineData(IndexKind.QuantizedFlat, VectorIndexKind.Exact, true)]
    [InlineData(IndexKind.Hnsw, VectorIndexKind.Graph, true)]
    [InlineData(IndexKind.Dynamic, VectorIndexKind.Exact, false)]
    public async Task Each_kind_is_the_index_that_it_names(string kind, VectorIndexKind searchedBy, bool hasCodes)
    {
        var collection = (LocalCollection<object, Dictionary<string, object?>>)await OpenAsync(kind, null);
        await collection.UpsertAsync(Enumerable.Range(0, 100).Select(i => Record($"k{i}", i, GraphData.Clustered(i, 1, Dimensions))));

        var statistics = collection.GetStatistics().Vectors.Single();

        (statistics.IndexKind, statistics.Kind, statistics.Memory.Codes > 0).Should().Be((kind, searchedBy, hasCodes));
    }

    [Fact]
    public async Task A_collection_that_was_deleted_gives_its_memory_back_and_says_that_it_is_gone()
    {
        var store = new LocalVectorStore();
        var collection = (LocalCollection<object, Dictionary<string, object?>>)store.GetDynamicCollection("notes", TestRecords.Notes(dimensions: Dimensions, indexKind: IndexKind.Hnsw));
        await collection.EnsureCollectionExistsAsync();
        await collection.UpsertAsync(Record("k", 1, GraphData.Clustered(1, 1, Dimensions)));
        await store.EnsureCollectionDeletedAsync("notes");

        ((Action)(() => collection.GetStatistics())).Should().Throw<VectorStoreException>();
        await collection.EnsureCollectionExistsAsync();
        collection.GetStatistics().Count.Should().Be(0);
        (await collection.SearchAsync(GraphData.Clustered(1, 1, Dimensions), 5).ReadAllAsync()).Should().BeEmpty();
    }

    [Fact]
    public void A_breadth_is_not_negative()
    {
        ((Action)(() => _ = new LocalVectorStoreOptions { SearchBreadth = -1 })).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new LocalCollectionOptions { SearchBreadth = -1 })).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static async Task<(VectorStoreCollection<object, Dictionary<string, object?>> Collection, Dictionary<int, float[]> Vectors)> FillAsync(string kind, string distance)
    {
        var collection = await OpenAsync(kind, distance);
        var vectors = Enumerable.Range(0, Records).ToDictionary(number => number, number => GraphData.Clustered(number, 1, Dimensions));
        await collection.UpsertAsync(vectors.Select(entry => Record($"k{entry.Key}", entry.Key, entry.Value)));
        if (kind == IndexKind.Dynamic && CanBeGraph(distance))
            DynamicIndexTests.Until(() => ((LocalCollection<object, Dictionary<string, object?>>)collection).GetStatistics().Vectors[0].Kind == VectorIndexKind.Graph);
        return (collection, vectors);
    }

    /// <summary>Deletes, replaces and adds.</summary>
    private static async Task ChangeAsync(VectorStoreCollection<object, Dictionary<string, object?>> collection, Dictionary<int, float[]> vectors)
    {
        var random = new Random(5);
        for (var change = 0; change < 200; change++)
        {
            var number = random.Next(Records + 50);
            if (change % 3 == 0)
            {
                vectors.Remove(number);
                await collection.DeleteAsync($"k{number}");
            }
            else
            {
                vectors[number] = GraphData.Clustered(1000 + change, 1, Dimensions);
                await collection.UpsertAsync(Record($"k{number}", number, vectors[number]));
            }
        }
    }

    private static IEnumerable<(System.Linq.Expressions.Expression<Func<Dictionary<string, object?>, bool>>? Expression, Func<int, bool> Matches)> Filters()
    {
        yield return (null, _ => true);
        yield return (record => (int)record["Number"]! >= 0, _ => true);
        yield return (record => (int)record["Number"]! < 200, number => number < 200);
        yield return (record => (int)record["Number"]! >= 380, number => number >= 380);
        yield return (record => (int)record["Number"]! == 17 || (int)record["Number"]! == 230, number => number is 17 or 230);
        yield return (record => (int)record["Number"]! < 0, _ => false);
    }

    private static Dictionary<string, object?> Record(string key, int number, ReadOnlyMemory<float> vector) =>
        new() { ["Key"] = key, ["Text"] = $"every record {number}", ["Number"] = number, ["Vector"] = vector };

    private static async Task<VectorStoreCollection<object, Dictionary<string, object?>>> OpenAsync(string? kind, string? distance)
    {
        var indexing = new DynamicIndexOptions { GraphThreshold = GraphThreshold, Graph = new GraphIndexOptions { BuildBreadth = 64 } };
        var store = new LocalVectorStore(new() { Indexing = indexing, SearchBreadth = 100 });
        var collection = store.GetDynamicCollection("notes", TestRecords.Notes(distance, Dimensions, kind));
        await collection.EnsureCollectionExistsAsync();
        return collection;
    }

    private static bool CanBeGraph(string distance) => distance is not (DistanceFunction.ManhattanDistance or DistanceFunction.HammingDistance);

    private static bool IsApproximate(string kind, string distance) => kind is IndexKind.Hnsw or IndexKind.Dynamic && CanBeGraph(distance);

    private static bool HigherIsBetter(string distance) => distance is DistanceFunction.CosineSimilarity or DistanceFunction.DotProductSimilarity;

    private static bool Close(double left, double right) => Math.Abs(left - right) <= 1e-4 * Math.Max(1, Math.Abs(right));

    private static double[] Oracle(string distance, Dictionary<int, float[]> vectors, float[] query)
    {
        var scores = vectors.Values.Select(vector => Score(distance, vector, query));
        return [.. HigherIsBetter(distance) ? scores.OrderDescending() : scores.Order()];
    }

    private static double Score(string distance, float[] vector, float[] query) => distance switch
    {
        DistanceFunction.CosineSimilarity => VectorOracle.Score(VectorMetric.Cosine, query, vector),
        DistanceFunction.CosineDistance => 1 - VectorOracle.Score(VectorMetric.Cosine, query, vector),
        DistanceFunction.DotProductSimilarity => VectorOracle.Score(VectorMetric.DotProduct, query, vector),
        DistanceFunction.NegativeDotProductSimilarity => -VectorOracle.Score(VectorMetric.DotProduct, query, vector),
        DistanceFunction.EuclideanDistance => -VectorOracle.Score(VectorMetric.Euclidean, query, vector),
        DistanceFunction.EuclideanSquaredDistance => Math.Pow(VectorOracle.Score(VectorMetric.Euclidean, query, vector), 2),
        DistanceFunction.ManhattanDistance => -VectorOracle.Score(VectorMetric.Manhattan, query, vector),
        _ => -VectorOracle.Score(VectorMetric.Hamming, query, vector),
    };

    /// <summary>How many of the results were those of the oracle.</summary>
    private sealed class Recall
    {
        private int _right;
        private int _all;

        public double Share => _all == 0 ? 1 : (double)_right / _all;

        public void Add(bool isRight)
        {
            _right += isRight ? 1 : 0;
            _all++;
        }
    }
}
