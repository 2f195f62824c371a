using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public class GraphMemoryTests
{
    private const int Dimensions = 64;
    private const int Batch = 200;

    /// <summary>Memory ends in many places: while rows are reserved, and while a batch is being linked.</summary>
    [Theory]
    [InlineData(3_000_000, 1)]
    [InlineData(3_400_000, 1)]
    [InlineData(4_100_000, 2)]
    [InlineData(5_000_000, 2)]
    public void Without_memory_a_batch_is_refused_with_figures_and_the_index_stays_as_it_was(long most, int threads)
    {
        using var index = new GraphIndex(Dimensions, VectorMetric.Euclidean, new GraphIndexOptions { MaxDegreeOfParallelism = threads }, new NativeLimit(most));
        var random = new Random(5);
        var stored = new List<float[]>();
        Exception? refused = null;
        while (refused is null)
        {
            var vectors = VectorOracle.Real(random, Batch * Dimensions);
            try
            {
                index.Upsert(GraphData.Ids(stored.Count, Batch), vectors);
                stored.AddRange(vectors.Chunk(Dimensions));
            }
            catch (OutOfMemoryException exception)
            {
                refused = exception;
            }
        }

        refused.Message.Should().MatchRegex(@"^There is no memory for [\d,]+ vectors of 64 dimensions: they take [\d,]+ bytes.*The index is as it was");
        stored.Count.Should().BeGreaterThan(1000);
        ShouldBeWhole(index, stored.Count, id => stored[(int)id]);

        // What was refused fits when others have left.
        for (var id = 0; id < stored.Count / 2; id++)
            index.Remove(id).Should().BeTrue();
        index.Upsert(GraphData.Ids(0, Batch), [.. stored.Take(Batch).SelectMany(vector => vector)]);
        index.Count.Should().Be(stored.Count - stored.Count / 2 + Batch);
        ShouldBeWhole(index, Batch, id => stored[(int)id]);
    }

    [Fact]
    public void Where_even_the_first_batch_finds_no_memory_a_smaller_one_is_taken()
    {
        using var index = new GraphIndex(Dimensions, VectorMetric.Cosine, new GraphIndexOptions { MaxDegreeOfParallelism = 1 }, new NativeLimit(2_500_000));
        var vectors = VectorOracle.Real(new Random(6), 5000 * Dimensions);
        ((Action)(() => index.Upsert(GraphData.Ids(0, 5000), vectors))).Should().Throw<InsufficientMemoryException>();
        index.Count.Should().Be(0);
        index.Search(vectors.AsSpan(0, Dimensions), new VectorMatch[1]).Should().Be(0);
        index.Upsert(GraphData.Ids(0, Batch), vectors.AsSpan(0, Batch * Dimensions));
        ShouldBeWhole(index, Batch, id => vectors.AsSpan((int)id * Dimensions, Dimensions).ToArray());
    }

    private static void ShouldBeWhole(GraphIndex index, int count, Func<long, float[]> vector)
    {
        var results = new VectorMatch[1];
        GraphReach.Unreached(index).Should().BeEmpty();
        for (var id = 0L; id < count; id += 17)
        {
            index.Search(vector(id), results).Should().Be(1);
            results[0].Id.Should().Be(id);
        }
    }
}
