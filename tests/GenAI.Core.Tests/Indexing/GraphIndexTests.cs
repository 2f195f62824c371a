using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public class GraphIndexTests
{
    public static TheoryData<VectorMetric> Metrics => [VectorMetric.Cosine, VectorMetric.DotProduct, VectorMetric.Euclidean];

    [Theory]
    [InlineData(VectorMetric.Manhattan)]
    [InlineData(VectorMetric.Hamming)]
    public void A_metric_that_codes_cannot_tell_is_refused_with_the_remedy(VectorMetric metric)
    {
        var create = () => VectorIndex.CreateGraph(4, metric);

        create.Should().Throw<ArgumentException>().WithMessage($"*{metric}*CreateExact*");
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void A_small_graph_answers_as_the_exact_index_does(VectorMetric metric)
    {
        var random = new Random(7);
        foreach (var dimensions in (int[])[1, 2, 3, 7, 16, 60, 61, 64, 100, 128, 129, 188, 192, 257])
        {
            using var exact = VectorIndex.CreateExact(dimensions, metric);
            using var graph = VectorIndex.CreateGraph(dimensions, metric);
            var vectors = VectorOracle.Real(random, 40 * dimensions);
            exact.Upsert(GraphData.Ids(0, 40), vectors);
            graph.Upsert(GraphData.Ids(0, 40), vectors);

            foreach (var top in (int[])[1, 10, 40, 100])
            {
                var (expected, results) = (new VectorMatch[top], new VectorMatch[top]);
                var query = VectorOracle.Real(random, dimensions);
                graph.Search(query, results).Should().Be(exact.Search(query, expected));
                results.Select(match => match.Score).Should().Equal(expected.Select(match => match.Score), $"{dimensions} dimensions, top {top}");
            }
        }
    }

    [Fact]
    public void An_empty_index_finds_nothing_and_one_that_was_emptied_starts_again()
    {
        using var graph = VectorIndex.CreateGraph(3, VectorMetric.Cosine, new GraphIndexOptions { MaxDegreeOfParallelism = 1 });
        var results = new VectorMatch[5];
        graph.Search([1, 0, 0], results).Should().Be(0);
        graph.Search([1, 0, 0], []).Should().Be(0);

        for (var round = 0; round < 3; round++)
        {
            var vectors = GraphData.Clustered(round, 200, 3);
            graph.Upsert(GraphData.Ids(0, 200), vectors);
            graph.Count.Should().Be(200);
            graph.Search([1, 0, 0], results).Should().Be(5);
            for (var id = 0; id < 200; id++)
                graph.Remove(id).Should().BeTrue();
            graph.Count.Should().Be(0);
            graph.Remove(7).Should().BeFalse();
            graph.Search([1, 0, 0], results).Should().Be(0);
        }
    }

    [Fact]
    public void Duplicates_by_the_thousand_do_not_hide_what_lies_behind_them()
    {
        const int Copies = 5000;
        var random = new Random(3);
        using var graph = VectorIndex.CreateGraph(16, VectorMetric.Euclidean);
        var same = VectorOracle.Real(random, 16);
        var others = VectorOracle.Real(random, 3000 * 16);
        graph.Upsert(GraphData.Ids(0, Copies), Enumerable.Repeat(same, Copies).SelectMany(vector => vector).ToArray());
        graph.Upsert(GraphData.Ids(Copies, 3000), others);
        var results = new VectorMatch[10];

        graph.Search(same, results).Should().Be(10);
        results.Should().OnlyContain(match => match.Score == 0);

        GraphReach.Unreached(graph).Should().BeEmpty();
        var found = 0;
        for (var i = 0; i < 100; i++)
        {
            graph.Search(others.AsSpan(i * 16, 16), results);
            found += results[0].Id == Copies + i ? 1 : 0;
        }

        found.Should().BeGreaterThanOrEqualTo(99);
    }

    /// <summary>Lengths are kept in a unit that the first vectors tell. In it, one that was 10^20 times as long was infinitely far from everything, and never found.</summary>
    [Theory]
    [InlineData(VectorMetric.Euclidean)]
    [InlineData(VectorMetric.DotProduct)]
    public void A_vector_that_is_longer_than_the_first_ones_beyond_measure_is_found(VectorMetric metric)
    {
        const int Dimensions = 8;
        var random = new Random(8);
        using var graph = VectorIndex.CreateGraph(Dimensions, metric);
        graph.Upsert(GraphData.Ids(0, 40), [.. VectorOracle.Real(random, 40 * Dimensions).Select(value => value * 1e-40f)]);
        graph.Upsert(GraphData.Ids(40, 20), VectorOracle.Real(random, 20 * Dimensions));
        graph.Upsert([60], [.. Enumerable.Repeat(1e17f, Dimensions)]);

        var results = new VectorMatch[61];
        foreach (var query in (float[])[1, 1e-40f, 1e17f])
        {
            foreach (var breadth in (int[])[0, 4])
            {
                graph.Search([.. Enumerable.Repeat(query, Dimensions)], results, new VectorSearchSettings { SearchBreadth = breadth }).Should().Be(61);
                results.Select(match => match.Id).Order().Should().Equal(GraphData.Ids(0, 61));
                results.Select(match => match.Score).Should().BeInDescendingOrder();
            }
        }
    }

    [Fact]
    public void The_last_vector_of_a_repeated_id_counts_and_an_update_replaces()
    {
        using var graph = VectorIndex.CreateGraph(2, VectorMetric.Euclidean);
        graph.Upsert([5, 6, 5], [0, 0, 1, 1, 9, 9]);
        graph.Count.Should().Be(2);
        var results = new VectorMatch[3];
        graph.Search([9, 9], results).Should().Be(2);
        results[0].Should().Be(new VectorMatch(5, 0));

        graph.Upsert([5], [-3, 0]);
        graph.Count.Should().Be(2);
        graph.Search([9, 9], results).Should().Be(2);
        results[0].Id.Should().Be(6);
        graph.Search([-3, 0], results);
        results[0].Should().Be(new VectorMatch(5, 0));
        var copy = new float[2];
        graph.TryCopyVector(5, copy).Should().BeTrue();
        copy.Should().Equal(-3, 0);
        graph.TryCopyVector(7, copy).Should().BeFalse();
    }

    [Fact]
    public void Bad_input_is_refused_by_name_and_leaves_the_index_as_it_was()
    {
        using var graph = VectorIndex.CreateGraph(2, VectorMetric.Cosine);
        graph.Upsert([1], [1, 0]);
        ((Action)(() => graph.Upsert([2], [1]))).Should().Throw<ArgumentException>().WithMessage("*1 ids need 2 values*");
        ((Action)(() => graph.Upsert([2, 3], [1, 1, 0, 0]))).Should().Throw<ArgumentException>().WithMessage("*row 1 (id 3) is all zeros*");
        ((Action)(() => graph.Upsert([2, 3], [1, float.NaN, 1, 1]))).Should().Throw<ArgumentException>().WithMessage("*row 0 (id 2)*NaN*");
        ((Action)(() => graph.Search([1], new VectorMatch[1]))).Should().Throw<ArgumentException>().WithMessage("*1 values*2 dimensions*");
        ((Action)(() => graph.Search([0, 0], new VectorMatch[1]))).Should().Throw<ArgumentException>();
        ((Action)(() => graph.SearchBatch([1, 0, 1], new VectorMatch[1], 1))).Should().Throw<ArgumentException>();
        ((Action)(() => graph.SearchBatch([1, 0], new VectorMatch[1], 2))).Should().Throw<ArgumentException>();
        ((Action)(() => graph.SearchBatch([1, 0], [], -1))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new GraphIndexOptions { MaxNeighbors = 1 })).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => _ = new GraphIndexOptions { BuildBreadth = 0 })).Should().Throw<ArgumentOutOfRangeException>();
        graph.Count.Should().Be(1);
        graph.Upsert([], []);
        graph.Count.Should().Be(1);
    }

    [Fact]
    public void After_it_was_disposed_of_an_index_says_so()
    {
        var graph = VectorIndex.CreateGraph(2, VectorMetric.Cosine);
        graph.Upsert([1], [1, 0]);
        graph.Dispose();
        graph.Dispose();

        ((Action)(() => graph.Upsert([2], [1, 0]))).Should().Throw<ObjectDisposedException>();
        ((Action)(() => graph.Remove(1))).Should().Throw<ObjectDisposedException>();
        ((Action)(() => graph.Search([1, 0], new VectorMatch[1]))).Should().Throw<ObjectDisposedException>();
        ((Action)(() => graph.SearchBatch([1, 0], new VectorMatch[1], 1))).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void A_batch_finds_what_single_searches_find_on_any_number_of_threads()
    {
        const int Dimensions = 24, Queries = 50, Top = 7;
        using var graph = VectorIndex.CreateGraph(Dimensions, VectorMetric.DotProduct);
        graph.Upsert(GraphData.Ids(0, 5000), GraphData.Clustered(1, 5000, Dimensions));
        var queries = GraphData.Clustered(2, Queries, Dimensions);
        foreach (var threads in (int[])[0, 1, 3])
        {
            var settings = new VectorSearchSettings { MaxDegreeOfParallelism = threads, SearchBreadth = 20 };
            var results = new VectorMatch[Queries * Top];
            graph.SearchBatch(queries, results, Top, settings);
            for (var i = 0; i < Queries; i++)
            {
                var one = new VectorMatch[Top];
                graph.Search(queries.AsSpan(i * Dimensions, Dimensions), one, settings);
                results[(i * Top)..((i + 1) * Top)].Should().Equal(one);
            }
        }
    }

    [Fact]
    public void A_search_allocates_nothing_once_it_is_warm()
    {
        const int Dimensions = 32;
        using var graph = VectorIndex.CreateGraph(Dimensions, VectorMetric.Cosine);
        graph.Upsert(GraphData.Ids(0, 6000), GraphData.Clustered(1, 6000, Dimensions));
        var query = GraphData.Clustered(2, 1, Dimensions);
        var results = new VectorMatch[10];
        var cost = new VectorSearchCost();
        VectorSearchSettings[] ways =
        [
            default,
            new() { SearchBreadth = 20, Cost = cost },
            new() { SearchBreadth = 20, AllowedIds = Enumerable.Repeat(0x0101010101010101UL, 94).ToArray() },
            new() { SearchBreadth = 20, AllowedIds = new ulong[] { 0xFF } },
            new() { SearchBreadth = 20, Filter = static id => id % 3 == 0 },
        ];
        foreach (var way in ways)
        {
            for (var i = 0; i < 50; i++)
                graph.Search(query, results, way);
            Allocations.Least(() =>
            {
                for (var i = 0; i < 200; i++)
                    graph.Search(query, results, way);
            }).Should().Be(0);
        }
    }

    [Fact]
    public void Memory_stays_within_what_is_documented()
    {
        const int Dimensions = 384, Rows = 20_000, MaxNeighbors = 16;
        using var graph = VectorIndex.CreateGraph(Dimensions, VectorMetric.Cosine, new GraphIndexOptions { MaxNeighbors = MaxNeighbors, BuildBreadth = 16, InitialCapacity = Rows });
        graph.Upsert(GraphData.Ids(0, 100), GraphData.Clustered(1, 100, Dimensions));

        var memory = graph.Memory;

        var rows = (Rows + 1023) / 1024 * 1024;
        (memory.Codes + memory.Links).Should().BeLessThanOrEqualTo((long)(rows * (1.5 * Dimensions + 8 * 2 * MaxNeighbors)));
        memory.Vectors.Should().BeGreaterThanOrEqualTo(rows * Dimensions * sizeof(float));
        memory.Total.Should().Be(memory.Codes + memory.Links + memory.Vectors + memory.Other);
    }
}
