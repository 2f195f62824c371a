using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

/// <summary>What the graph finds against what the exact index does.</summary>
public class GraphRecallTests
{
    // The promise of the default breadth, and what deleting may cost.
    private const double RecallFloor = 0.95;
    private const double RecallLostByDeleting = 0.01;

    private const int Dimensions = 48;
    private const int Rows = 6000;
    private const int Queries = 100;

    public static TheoryData<VectorMetric, float> Sets => new()
    {
        { VectorMetric.Cosine, 0 }, { VectorMetric.Euclidean, 0 }, { VectorMetric.DotProduct, 0 },
        { VectorMetric.Cosine, 2 }, { VectorMetric.Euclidean, 1 }, { VectorMetric.DotProduct, 1 },
    };

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_default_breadth_finds_the_promised_part(VectorMetric metric, float lengths)
    {
        var vectors = GraphData.Clustered(1, Rows, Dimensions, lengths: lengths);
        using var exact = VectorIndex.CreateExact(Dimensions, metric);
        using var graph = VectorIndex.CreateGraph(Dimensions, metric);
        exact.Upsert(GraphData.Ids(0, Rows), vectors);
        graph.Upsert(GraphData.Ids(0, Rows), vectors);
        var queries = GraphData.Clustered(2, Queries, Dimensions, lengths: lengths);

        GraphData.Recall(exact, graph, queries, 10).Should().BeGreaterThanOrEqualTo(RecallFloor);
        GraphData.Recall(exact, graph, queries, 1).Should().BeGreaterThanOrEqualTo(RecallFloor);
        GraphData.Recall(exact, graph, queries, 100).Should().BeGreaterThanOrEqualTo(RecallFloor);
        GraphReach.Unreached(graph).Should().BeEmpty();
    }

    /// <summary>Long rows: the signs of their codes are read first, and most rows are not looked at any further.</summary>
    [Theory]
    [MemberData(nameof(Sets))]
    public void Vectors_whose_signs_are_read_first_are_found_at_the_promised_rate(VectorMetric metric, float lengths)
    {
        const int Wide = 520, Few = 3000;
        var vectors = GraphData.Clustered(1, Few, Wide, lengths: lengths);
        using var exact = VectorIndex.CreateExact(Wide, metric);
        using var graph = VectorIndex.CreateGraph(Wide, metric);
        exact.Upsert(GraphData.Ids(0, Few), vectors);
        graph.Upsert(GraphData.Ids(0, Few), vectors);

        // Inner products of vectors of different lengths find 0.94 at a breadth of 48, with signs and without; 0.99 at this one.
        var settings = new VectorSearchSettings { SearchBreadth = 64, Cost = new VectorSearchCost() };
        GraphData.Recall(exact, graph, GraphData.Clustered(2, 50, Wide, lengths: lengths), 10, settings).Should().BeGreaterThanOrEqualTo(RecallFloor);
        settings.Cost!.Plan.Should().Be(VectorSearchPlan.Walk);
        GraphReach.Unreached(graph).Should().BeEmpty();
    }

    [DataFact("vectors", "text-384", "query.fbin")]
    public void Text_embeddings_are_found_at_the_promised_rate()
    {
        var vectors = GraphData.Text();
        var stored = vectors[..(1800 * 384)];
        using var exact = VectorIndex.CreateExact(384, VectorMetric.Cosine);
        using var graph = VectorIndex.CreateGraph(384, VectorMetric.Cosine);
        exact.Upsert(GraphData.Ids(0, 1800), stored);
        graph.Upsert(GraphData.Ids(0, 1800), stored);

        // A breadth at which a walk pays already, so that it is not a scan that is measured.
        var settings = new VectorSearchSettings { SearchBreadth = 64, Cost = new VectorSearchCost() };
        GraphData.Recall(exact, graph, vectors[(1800 * 384)..], 10, settings).Should().BeGreaterThanOrEqualTo(RecallFloor);
        settings.Cost!.Plan.Should().Be(VectorSearchPlan.Walk);
    }

    [Theory]
    [InlineData(1e-3f)]
    [InlineData(1e-2f)]
    public void Tight_clusters_are_told_apart(float spread)
    {
        var vectors = GraphData.Clustered(1, Rows, Dimensions, spread: spread);
        using var exact = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine);
        using var graph = VectorIndex.CreateGraph(Dimensions, VectorMetric.Cosine);
        exact.Upsert(GraphData.Ids(0, Rows), vectors);
        graph.Upsert(GraphData.Ids(0, Rows), vectors);

        // A cluster has 120 vectors.
        var settings = new VectorSearchSettings { SearchBreadth = 200 };
        GraphData.Recall(exact, graph, GraphData.Clustered(2, Queries, Dimensions, spread: spread), 10, settings).Should().BeGreaterThanOrEqualTo(RecallFloor);
    }

    [Fact]
    public void Deleting_and_reinserting_half_costs_no_recall()
    {
        var (vectors, others) = (GraphData.Clustered(1, Rows, Dimensions), GraphData.Clustered(3, Rows, Dimensions));
        using var exact = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine);
        using var fresh = VectorIndex.CreateGraph(Dimensions, VectorMetric.Cosine);
        using var graph = VectorIndex.CreateGraph(Dimensions, VectorMetric.Cosine);
        graph.Upsert(GraphData.Ids(0, Rows), vectors);
        for (var id = 0; id < Rows; id += 2)
            graph.Remove(id).Should().BeTrue();
        GraphReach.Unreached(graph).Should().BeEmpty();
        for (var id = 0; id < Rows; id += 2)
        {
            others.AsSpan(id * Dimensions, Dimensions).CopyTo(vectors.AsSpan(id * Dimensions));
            graph.Upsert([id], vectors.AsSpan(id * Dimensions, Dimensions));
        }

        exact.Upsert(GraphData.Ids(0, Rows), vectors);
        fresh.Upsert(GraphData.Ids(0, Rows), vectors);
        var (queries, narrow) = (GraphData.Clustered(2, Queries, Dimensions), new VectorSearchSettings { SearchBreadth = 32 });

        graph.Count.Should().Be(Rows);
        GraphReach.Unreached(graph).Should().BeEmpty();
        GraphData.Recall(exact, graph, queries, 10, narrow).Should().BeGreaterThanOrEqualTo(GraphData.Recall(exact, fresh, queries, 10, narrow) - RecallLostByDeleting);
    }

    [Fact]
    public void Deleting_all_that_is_near_leaves_the_rest_to_be_found()
    {
        var vectors = GraphData.Clustered(1, Rows, Dimensions);
        using var exact = VectorIndex.CreateExact(Dimensions, VectorMetric.Euclidean);
        using var graph = VectorIndex.CreateGraph(Dimensions, VectorMetric.Euclidean);
        exact.Upsert(GraphData.Ids(0, Rows), vectors);
        graph.Upsert(GraphData.Ids(0, Rows), vectors);
        var query = vectors[..Dimensions];
        var near = new VectorMatch[800];
        exact.Search(query, near);
        foreach (var match in near)
        {
            exact.Remove(match.Id);
            graph.Remove(match.Id);
        }

        GraphData.Recall(exact, graph, query, 100).Should().BeGreaterThanOrEqualTo(RecallFloor);
    }

    [Fact]
    public void The_same_calls_on_one_thread_make_the_same_graph()
    {
        var vectors = GraphData.Clustered(1, 3000, Dimensions);
        var graphs = new List<int[]>();
        for (var round = 0; round < 2; round++)
        {
            using var graph = VectorIndex.CreateGraph(Dimensions, VectorMetric.Cosine, new GraphIndexOptions { Seed = 5, MaxDegreeOfParallelism = 1 });
            graph.Upsert(GraphData.Ids(0, 2000), vectors.AsSpan(0, 2000 * Dimensions));
            for (var id = 0; id < 700; id++)
                graph.Remove(id);
            graph.Upsert(GraphData.Ids(2000, 1000), vectors.AsSpan(2000 * Dimensions));
            graphs.Add(GraphReach.Links(graph));
        }

        graphs[1].Should().Equal(graphs[0]);
    }
}
