using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public class DynamicIndexTests
{
    private const int Dimensions = 24;
    private const int Threshold = 1500;

    // That the graph has everything and is searched; what recall it has by itself is for its own tests.
    private const double LeastRecall = 0.99;
    private static readonly VectorSearchSettings Broad = new() { SearchBreadth = 600 };

    [Theory]
    [InlineData(VectorMetric.Cosine)]
    [InlineData(VectorMetric.DotProduct)]
    [InlineData(VectorMetric.Euclidean)]
    public void It_is_exact_below_the_threshold_and_a_graph_from_there_on(VectorMetric metric)
    {
        using var index = Create(metric);
        using var exact = VectorIndex.CreateExact(Dimensions, metric);
        var vectors = GraphData.Clustered(1, 2000, Dimensions, lengths: 1);
        Put(index, exact, vectors, 0, Threshold - 1);
        index.Kind.Should().Be(VectorIndexKind.Exact);
        SameResults(index, exact, GraphData.Clustered(2, 20, Dimensions));

        Put(index, exact, vectors, Threshold - 1, 2000);
        BecomesGraph(index);

        index.Count.Should().Be(2000);
        GraphData.Recall(exact, index, GraphData.Clustered(3, 50, Dimensions), top: 10, Broad).Should().BeGreaterThanOrEqualTo(LeastRecall);
        SameVectors(index, exact, 2000);
        index.Memory.Links.Should().BePositive();
        Put(index, exact, vectors, 100, 200);
        index.Remove(150).Should().BeTrue();
        index.Remove(150).Should().BeFalse();
        index.Count.Should().Be(1999);
    }

    [Theory]
    [InlineData(VectorMetric.Manhattan)]
    [InlineData(VectorMetric.Hamming)]
    public void It_stays_exact_with_a_metric_that_a_graph_cannot_search_by(VectorMetric metric)
    {
        using var index = new DynamicIndex(2, metric, new DynamicIndexOptions { GraphThreshold = 1 });

        index.Upsert(GraphData.Ids(0, 100), GraphData.Clustered(1, 100, 2));

        (index.Kind, index.IsBuilding).Should().Be((VectorIndexKind.Exact, false));
    }

    [Fact]
    public void What_is_written_while_the_graph_is_built_is_in_it()
    {
        const int Rows = 4000;
        using var index = Create(VectorMetric.Euclidean, Rows);
        using var exact = VectorIndex.CreateExact(Dimensions, VectorMetric.Euclidean);
        var old = GraphData.Clustered(1, Rows, Dimensions);
        var later = GraphData.Clustered(2, Rows + 2000, Dimensions);
        Put(index, exact, old, 0, Rows);
        index.IsBuilding.Should().BeTrue("one thread needs longer for 4,000 vectors than a call takes to return");

        // Replaced, removed, added, removed and added again; some of it surely before the build has come to it, some after.
        for (var id = 0; id < Rows + 2000; id += 7)
        {
            if (id % 3 == 0)
                exact.Remove(id).Should().Be(index.Remove(id));
            if (id % 3 != 0 || id % 2 == 0)
                Put(index, exact, later, id, id + 1);
        }

        BecomesGraph(index);
        index.Count.Should().Be(exact.Count);
        SameVectors(index, exact, Rows + 2000);
        GraphData.Recall(exact, index, GraphData.Clustered(3, 50, Dimensions), top: 10, Broad).Should().BeGreaterThanOrEqualTo(LeastRecall);
    }

    [Fact]
    public void A_writer_that_never_rests_does_not_keep_the_graph_from_being_done()
    {
        using var index = Create(VectorMetric.Cosine);
        var vectors = GraphData.Clustered(1, Threshold, Dimensions);
        index.Upsert(GraphData.Ids(0, Threshold), vectors);

        // Without the pace this would go on for ever: the exact index takes vectors far faster than the graph.
        for (var first = 0; index.Kind == VectorIndexKind.Exact; first = (first + 100) % Threshold)
            index.Upsert(GraphData.Ids(first, 100), vectors.AsSpan(first * Dimensions, 100 * Dimensions));

        index.Count.Should().Be(Threshold);
    }

    [Fact]
    public async Task Readers_see_whole_states_before_during_and_after_the_change()
    {
        const int Rows = 1000, Top = 10;
        var versions = new[] { GraphData.Clustered(1, Rows, Dimensions), GraphData.Clustered(2, Rows, Dimensions) };
        using var index = Create(VectorMetric.Euclidean, Rows);
        index.Upsert(GraphData.Ids(0, Rows - 1), versions[0].AsSpan(0, (Rows - 1) * Dimensions));
        var done = false;
        var readers = Enumerable.Range(0, 2).Select(reader => Task.Run(() =>
        {
            var random = new Random(reader);
            var results = new VectorMatch[Top];
            var kinds = new HashSet<VectorIndexKind>();
            // Until the graph has served each of them, however late it gets a processor.
            while (!Volatile.Read(ref done) || !kinds.Contains(VectorIndexKind.Graph))
            {
                kinds.Add(index.Kind);
                var query = versions[random.Next(2)].AsSpan(random.Next(Rows) * Dimensions, Dimensions).ToArray();
                index.Search(query, results).Should().Be(Top);
                results.DistinctBy(match => match.Id).Count().Should().Be(Top);

                // A score is that of one of the id's two vectors, not of a mixture.
                var torn = results.Where(match => versions.All(all =>
                    Math.Abs(VectorOracle.Score(VectorMetric.Euclidean, query, all.AsSpan((int)match.Id * Dimensions, Dimensions)) - match.Score) > 1e-4));
                torn.Should().BeEmpty();
                index.Count.Should().BeInRange(Rows - 1, Rows);
            }
        })).ToArray();

        index.Upsert([Rows - 1], versions[0].AsSpan((Rows - 1) * Dimensions));
        for (var id = 0; index.Kind == VectorIndexKind.Exact && !readers.Any(reader => reader.IsCompleted); id = (id + 1) % Rows)
            index.Upsert([id], versions[1].AsSpan(id * Dimensions, Dimensions));
        Volatile.Write(ref done, true);

        await Task.WhenAll(readers);
    }

    [Fact]
    public void Disposing_while_a_graph_is_built_ends_it()
    {
        var graphs = new List<GraphIndex>();
        var index = new DynamicIndex(Dimensions, VectorMetric.Cosine, Options(2000), () =>
        {
            graphs.Add(new GraphIndex(Dimensions, VectorMetric.Cosine, new GraphIndexOptions { MaxDegreeOfParallelism = 1 }));
            return graphs[^1];
        });
        index.Upsert(GraphData.Ids(0, 2000), GraphData.Clustered(1, 2000, Dimensions));

        index.Dispose();
        index.Dispose();

        index.IsBuilding.Should().BeFalse();
        graphs.Should().OnlyContain(graph => graph.Memory.Vectors == 0);
        index.Count.Should().Be(0);
        index.Memory.Total.Should().Be(0);
        ((Action)(() => index.Search(new float[Dimensions], new VectorMatch[1]))).Should().Throw<ObjectDisposedException>();
        ((Action)(() => index.SearchBatch(new float[Dimensions], new VectorMatch[1], 1))).Should().Throw<ObjectDisposedException>();
        ((Action)(() => index.Upsert([1], new float[Dimensions]))).Should().Throw<ObjectDisposedException>();
        ((Action)(() => index.Remove(1))).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void A_graph_that_cannot_be_built_leaves_the_exact_index_and_is_tried_again_at_twice_the_size()
    {
        var attempts = 0;
        using var index = new DynamicIndex(Dimensions, VectorMetric.Cosine, Options(400), () => ++attempts == 1
            ? throw new InvalidOperationException("No room.")
            : new GraphIndex(Dimensions, VectorMetric.Cosine, new GraphIndexOptions()));
        using var exact = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine);
        var vectors = GraphData.Clustered(1, 800, Dimensions);
        Put(index, exact, vectors, 0, 400);
        Until(() => !index.IsBuilding);

        index.BuildFault.Should().BeOfType<InvalidOperationException>();
        SameResults(index, exact, GraphData.Clustered(2, 20, Dimensions));
        Put(index, exact, vectors, 400, 799);
        (index.IsBuilding, attempts).Should().Be((false, 1));
        Put(index, exact, vectors, 799, 800);
        BecomesGraph(index);

        index.BuildFault.Should().BeNull();
        attempts.Should().Be(2);
        index.Count.Should().Be(800);
    }

    [Fact]
    public void An_index_that_shrinks_is_exact_again_and_gives_memory_back()
    {
        using var index = Create(VectorMetric.Cosine, 2000);
        using var exact = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine);
        var vectors = GraphData.Clustered(1, 2000, Dimensions, lengths: 1);
        Put(index, exact, vectors, 0, 2000);
        BecomesGraph(index);
        var before = index.Memory.Total;

        for (var id = 0; id < 1500; id++)
            (index.Remove(id), exact.Remove(id)).Should().Be((true, true));
        index.Kind.Should().Be(VectorIndexKind.Graph, "500 of 2,000 are a quarter");
        (index.Remove(1500), exact.Remove(1500)).Should().Be((true, true));

        index.Kind.Should().Be(VectorIndexKind.Exact);
        index.Memory.Total.Should().BeLessThan(before / 2);
        SameVectors(index, exact, 2000);
        SameResults(index, exact, GraphData.Clustered(2, 20, Dimensions));
        Put(index, exact, vectors, 0, 1501);
        BecomesGraph(index);
        SameVectors(index, exact, 2000);
    }

    [Fact]
    public void What_cannot_be_stored_or_searched_for_is_refused_and_changes_nothing()
    {
        using var index = Create(VectorMetric.Cosine);
        index.Upsert([1], GraphData.Clustered(1, 1, Dimensions));

        ((Action)(() => index.Upsert([2, 3], new float[Dimensions]))).Should().Throw<ArgumentException>();
        ((Action)(() => index.Upsert([2], new float[Dimensions]))).Should().Throw<ArgumentException>().WithMessage("*row 0 (id 2)*zeros*");
        ((Action)(() => index.Search(new float[Dimensions - 1], new VectorMatch[1]))).Should().Throw<ArgumentException>();
        ((Action)(() => VectorIndex.CreateDynamic(0, VectorMetric.Cosine))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => VectorIndex.CreateDynamic(1, (VectorMetric)99))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new DynamicIndexOptions { GraphThreshold = 0 })).Should().Throw<ArgumentOutOfRangeException>();
        index.Count.Should().Be(1);
    }

    [Fact]
    public void A_search_allocates_nothing_once_warm()
    {
        using var index = Create(VectorMetric.Cosine, 100);
        index.Upsert(GraphData.Ids(0, 3000), GraphData.Clustered(1, 3000, Dimensions));
        BecomesGraph(index);
        var (query, results) = (GraphData.Clustered(2, 1, Dimensions), new VectorMatch[10]);
        for (var i = 0; i < 100; i++)
            index.Search(query, results);

        Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
                index.Search(query, results);
        }).Should().Be(0);
    }

    internal static void Until(Func<bool> condition) =>
        SpinWait.SpinUntil(condition, TimeSpan.FromMinutes(2)).Should().BeTrue("it takes no two minutes");

    private static DynamicIndex Create(VectorMetric metric, int threshold = Threshold) => new(Dimensions, metric, Options(threshold));

    private static DynamicIndexOptions Options(int threshold) =>
        new() { GraphThreshold = threshold, Graph = new GraphIndexOptions { MaxDegreeOfParallelism = 1 } };

    private static void BecomesGraph(DynamicIndex index)
    {
        Until(() => !index.IsBuilding);
        index.Kind.Should().Be(VectorIndexKind.Graph);
    }

    private static void Put(VectorIndex index, VectorIndex exact, float[] vectors, int first, int end)
    {
        var ids = GraphData.Ids(first, end - first);
        var rows = vectors.AsSpan(first * Dimensions, (end - first) * Dimensions);
        index.Upsert(ids, rows);
        exact.Upsert(ids, rows);
    }

    private static void SameResults(VectorIndex index, VectorIndex exact, float[] queries)
    {
        var (results, truth) = (new VectorMatch[queries.Length / Dimensions * 10], new VectorMatch[queries.Length / Dimensions * 10]);
        index.SearchBatch(queries, results, 10);
        exact.SearchBatch(queries, truth, 10);
        results.Should().Equal(truth);
    }

    private static void SameVectors(VectorIndex index, VectorIndex exact, int ids)
    {
        var (copy, original) = (new float[Dimensions], new float[Dimensions]);
        for (var id = 0; id < ids; id++)
        {
            var isThere = exact.TryCopyVector(id, original);
            index.TryCopyVector(id, copy).Should().Be(isThere);
            if (isThere)
                copy.AsSpan().SequenceEqual(original).Should().BeTrue();
        }
    }
}
