using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

/// <summary>Filters on a graph, at every selectivity, and with what they allow anywhere: near the query, far from it, or spread.</summary>
public sealed class GraphFilterTests(GraphFilterTests.Indexes indexes) : IClassFixture<GraphFilterTests.Indexes>
{
    private const double RecallFloor = 0.95;
    private const int Dimensions = 32;
    private const int Rows = 20_000;

    public static TheoryData<double> Selectivities => [1, 0.9, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001, 0.0001];

    [Theory]
    [MemberData(nameof(Selectivities))]
    public void Filters_that_have_nothing_to_do_with_the_query(double selectivity)
    {
        var random = new Random(11);
        Check([.. Enumerable.Range(0, Rows).Where(_ => random.NextDouble() < selectivity).Select(id => (long)id)], GraphData.Clustered(2, 20, Dimensions));
    }

    [Theory]
    [MemberData(nameof(Selectivities))]
    public void Filters_that_allow_what_is_nearest(double selectivity)
    {
        CheckEach(3, query => [.. indexes.Ranked(query).Take((int)(selectivity * Rows))]);
    }

    [Theory]
    [MemberData(nameof(Selectivities))]
    public void Filters_that_allow_what_is_farthest(double selectivity)
    {
        CheckEach(4, query => [.. indexes.Ranked(query).TakeLast((int)(selectivity * Rows))]);
    }

    [Fact]
    public void Every_plan_is_taken_somewhere_and_its_cost_is_told()
    {
        var query = GraphData.Clustered(2, 1, Dimensions);
        var results = new VectorMatch[10];
        VectorSearchPlan Plan(double selectivity)
        {
            var cost = new VectorSearchCost();
            var random = new Random(1);
            var allowed = new ulong[(Rows + 63) / 64];
            for (var id = 0; id < Rows; id++)
                allowed[id >> 6] |= random.NextDouble() < selectivity ? 1UL << id : 0;
            indexes.Graph.Search(query, results, new VectorSearchSettings { AllowedIds = allowed, SearchBreadth = 24, Cost = cost });
            cost.CodesRead.Should().BePositive();
            cost.VectorsRead.Should().BeGreaterThanOrEqualTo(10);
            cost.BytesRead.Should().BeGreaterThanOrEqualTo(cost.CodesRead * 64 + cost.VectorsRead * Dimensions * sizeof(float));
            return cost.Plan;
        }

        Plan(0.9).Should().Be(VectorSearchPlan.Walk);
        Plan(0.2).Should().Be(VectorSearchPlan.FilteredWalk);
        Plan(0.01).Should().Be(VectorSearchPlan.Scan);
    }

    private void Check(HashSet<long> allowed, float[] queries)
    {
        foreach (var recall in Recalls(allowed, queries))
            recall.Should().BeGreaterThanOrEqualTo(RecallFloor);
    }

    // A filter of its own for each query; recall is the mean over queries.
    private void CheckEach(int seed, Func<float[], HashSet<long>> allowed)
    {
        var queries = GraphData.Clustered(seed, 20, Dimensions).Chunk(Dimensions).ToArray();
        var recalls = queries.Select(query => Recalls(allowed(query), query)).ToArray();
        for (var way = 0; way < recalls[0].Length; way++)
            recalls.Average(each => each[way]).Should().BeGreaterThanOrEqualTo(RecallFloor);
    }

    private double[] Recalls(HashSet<long> allowed, float[] queries)
    {
        var bitmap = new ulong[(Rows + 63) / 64];
        foreach (var id in allowed)
            bitmap[id >> 6] |= 1UL << (int)(id & 63);
        VectorSearchSettings[] ways =
        [
            new() { AllowedIds = bitmap },
            new() { Filter = allowed.Contains },
            new() { AllowedIds = Enumerable.Repeat(ulong.MaxValue, Rows / 64 + 500).ToArray(), Filter = allowed.Contains },
        ];
        return [.. ways.Select(way => GraphData.Recall(indexes.Exact, indexes.Graph, queries, 10, way))];
    }

    public sealed class Indexes : IDisposable
    {
        private readonly float[] _vectors = GraphData.Clustered(1, Rows, Dimensions);

        public Indexes()
        {
            Exact.Upsert(GraphData.Ids(0, Rows), _vectors);
            Graph.Upsert(GraphData.Ids(0, Rows), _vectors);
        }

        public VectorIndex Exact { get; } = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine);

        public VectorIndex Graph { get; } = VectorIndex.CreateGraph(Dimensions, VectorMetric.Cosine);

        /// <summary>All ids, nearest first.</summary>
        public IEnumerable<long> Ranked(float[] query)
        {
            var all = new VectorMatch[Rows];
            Exact.Search(query, all);
            return all.Select(match => match.Id);
        }

        public void Dispose()
        {
            Exact.Dispose();
            Graph.Dispose();
        }
    }
}
