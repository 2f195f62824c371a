using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public class GraphConcurrencyTests
{
    private const int Dimensions = 16;

    [Fact]
    public async Task Readers_see_whole_vectors_while_a_writer_replaces_and_removes_them()
    {
        const int Ids = 3000, Versions = 4, Writes = 6000, Looks = 100, Top = 10;
        var vectors = Enumerable.Range(0, Versions).Select(version => GraphData.Clustered(version, Ids, Dimensions)).ToArray();
        using var graph = VectorIndex.CreateGraph(Dimensions, VectorMetric.Euclidean, new GraphIndexOptions { BuildBreadth = 32 });
        graph.Upsert(GraphData.Ids(0, Ids), vectors[0]);
        var writer = new Random(99);

        await Concurrently.RunAsync(Writes, Looks, write =>
        {
            var id = writer.Next(Ids / 2);
            if (write % 3 == 0)
                graph.Remove(id);
            else
                graph.Upsert([id], vectors[writer.Next(Versions)].AsSpan(id * Dimensions, Dimensions));
        }, Reader(0), Reader(1));

        GraphReach.Unreached(graph).Should().BeEmpty();

        Action<int> Reader(int seed)
        {
            var (random, results) = (new Random(seed), new VectorMatch[Top]);
            return _ =>
            {
                var query = vectors[random.Next(Versions)].AsSpan(random.Next(Ids) * Dimensions, Dimensions).ToArray();
                graph.Search(query, results, new VectorSearchSettings { SearchBreadth = 20 }).Should().Be(Top);
                results.DistinctBy(match => match.Id).Should().HaveCount(Top);
                foreach (var match in results)
                {
                    // The score must be that of one of the vectors that the id has ever had, not of a mixture.
                    var possible = vectors.Select(all => VectorOracle.Score(VectorMetric.Euclidean, query, all.AsSpan((int)match.Id * Dimensions, Dimensions)));
                    possible.Should().Contain(score => Math.Abs(score - match.Score) <= 1e-4);
                }
            };
        }
    }

    [Fact]
    public async Task A_batch_appears_at_once()
    {
        const int Rows = 2000;
        using var graph = VectorIndex.CreateGraph(Dimensions, VectorMetric.Cosine, new GraphIndexOptions { BuildBreadth = 32 });
        var vectors = GraphData.Clustered(1, Rows, Dimensions);
        graph.Upsert(GraphData.Ids(0, Rows), vectors);
        var results = new VectorMatch[2 * Rows];

        await Concurrently.RunAsync(writes: 5, looks: 5, round => graph.Upsert(GraphData.Ids(0, Rows), GraphData.Clustered(round, Rows, Dimensions)), _ =>
        {
            var found = graph.Search(vectors.AsSpan(0, Dimensions), results);
            found.Should().Be(Rows);
            results[..found].DistinctBy(match => match.Id).Should().HaveCount(Rows);
        });
    }

    /// <summary>Removing took the id away at once, so that a search by a bitmap that had begun before found too few.</summary>
    [Fact]
    public void A_search_by_allowed_ids_goes_on_to_see_what_is_removed_and_replaced_meanwhile()
    {
        const int Dimensions = 4, Ids = 200;
        using var index = VectorIndex.CreateGraph(Dimensions, VectorMetric.Euclidean);
        var vectors = VectorOracle.Real(new Random(3), Ids * Dimensions);
        index.Upsert(GraphData.Ids(0, Ids), vectors);
        var (results, written) = (new VectorMatch[Ids], false);
        var found = index.Search(vectors.AsSpan(0, Dimensions), results, new VectorSearchSettings
        {
            AllowedIds = Enumerable.Repeat(ulong.MaxValue, 4).ToArray(),
            Filter = _ =>
            {
                if (!written)
                {
                    written = true;
                    Task.Run(() =>
                    {
                        for (var id = 0; id < Ids; id++)
                            index.Remove(id).Should().BeTrue();
                        index.Remove(0).Should().BeFalse("it is not there any more");
                        index.TryCopyVector(0, new float[Dimensions]).Should().BeFalse();
                        index.Upsert([1, 2], [9, 9, 9, 9, 8, 8, 8, 8]);
                    }).GetAwaiter().GetResult();
                }

                return true;
            },
        });

        found.Should().Be(Ids);
        results.Select(match => match.Id).Order().Should().Equal(GraphData.Ids(0, Ids));
        results.Should().OnlyContain(match => match.Score > -4, "the vectors are the ones that there were");
        index.Count.Should().Be(2);
    }

    [Fact]
    public async Task Disposing_waits_for_the_searches_that_run()
    {
        var vectors = GraphData.Clustered(1, 4000, Dimensions);
        for (var round = 0; round < 5; round++)
        {
            var graph = VectorIndex.CreateGraph(Dimensions, VectorMetric.Cosine, new GraphIndexOptions { BuildBreadth = 16 });
            graph.Upsert(GraphData.Ids(0, 4000), vectors);
            var started = new CountdownEvent(2);
            var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
            {
                var results = new VectorMatch[10];
                started.Signal();
                try
                {
                    while (true)
                        graph.Search(vectors.AsSpan(0, Dimensions), results, new VectorSearchSettings { SearchBreadth = 20 });
                }
                catch (ObjectDisposedException)
                {
                    return true;
                }
            })).ToArray();
            started.Wait();

            graph.Dispose();

            (await Task.WhenAll(readers)).Should().AllBeEquivalentTo(true);
        }
    }
}
