using System.Runtime.CompilerServices;
using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public class ExactMemoryTests
{
    private const int Dimensions = 256;

    [Theory]
    [InlineData(ExactCodes.None)]
    [InlineData(ExactCodes.FourBit)]
    public void Without_memory_a_batch_is_refused_with_figures_and_the_index_stays_as_it_was(ExactCodes codes)
    {
        const int Batch = 500;
        using var memory = new IndexMemory(most: 30 << 20);
        using var index = new ExactIndex(Dimensions, VectorMetric.DotProduct, new ExactIndexOptions { Codes = codes }, memory);
        var vectors = Enumerable.Repeat(0.5f, Batch * Dimensions).ToArray();
        var (first, message) = (0L, "");
        for (; message.Length == 0; first += Batch)
        {
            for (var i = 0; i < Batch; i++)
                vectors[i * Dimensions] = 1 + first + i;
            try
            {
                index.Upsert([.. Enumerable.Range((int)first, Batch).Select(id => (long)id)], vectors);
            }
            catch (OutOfMemoryException exception)
            {
                message = exception.Message;
                first -= Batch;
            }
        }

        message.Should().MatchRegex(@"^There is no memory for [\d,]+ vectors of 256 dimensions: they take [\d,]+ bytes.*The index is as it was");
        first.Should().BeGreaterThan(10_000);
        index.Count.Should().Be((int)first);
        var (query, results) = (new float[Dimensions], new VectorMatch[3]);
        query[0] = 1;
        index.Search(query, results).Should().Be(3);
        results[0].Id.Should().Be(first - 1);
        index.TryCopyVector(first, query).Should().BeFalse();

        // What was refused fits when others have left, however often it is tried.
        for (var round = 0; round < 3; round++)
        {
            for (var id = round * 4000; id < (round + 1) * 4000; id++)
                index.Remove(id).Should().BeTrue();
            index.Upsert([.. Enumerable.Range((int)first + round * Batch, Batch).Select(id => (long)id)], vectors);
        }

        index.Count.Should().Be((int)first + 3 * (Batch - 4000));
        memory.Bytes.Should().BeLessThanOrEqualTo(30 << 20);
    }

    [Fact]
    public void More_vectors_than_an_index_can_hold_are_refused_at_once()
    {
        var create = () => VectorIndex.CreateExact(4, VectorMetric.Cosine, new ExactIndexOptions { InitialCapacity = int.MaxValue });

        create.Should().Throw<OutOfMemoryException>().WithMessage("There is no memory for 2,147,483,647 vectors of 4 dimensions*");
    }

    [Fact]
    public void Memory_is_given_back_when_vectors_are_removed_and_when_the_index_is_disposed_of()
    {
        const int Rows = 16_000;
        var random = new Random(81);
        var index = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine);
        index.Upsert([.. Enumerable.Range(0, Rows).Select(id => (long)id)], VectorOracle.Real(random, Rows * Dimensions));
        var full = index.Memory;
        full.Vectors.Should().BeInRange(Rows * Dimensions * 4L, Rows * Dimensions * 4L + (8 << 20));
        full.Codes.Should().BeInRange(Rows * Dimensions / 2L, Rows * (Dimensions / 2 + 8L) + (8 << 20));
        full.Other.Should().BeInRange(Rows * 36L, Rows * 80L + (8 << 20));

        for (var id = 0; id < Rows - 100; id++)
            index.Remove(id).Should().BeTrue();

        index.Memory.Vectors.Should().BeLessThanOrEqualTo(16 << 20, "of two blocks one is spare");
        index.Count.Should().Be(100);
        index.Search(VectorOracle.Real(random, Dimensions), new VectorMatch[200]).Should().Be(100);
        index.Dispose();
    }

    [Fact]
    public void Replacing_everything_at_once_does_not_leave_an_index_twice_as_large()
    {
        const int Rows = 9_000;
        var random = new Random(82);
        using var index = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine);
        long[] ids = [.. Enumerable.Range(0, Rows).Select(id => (long)id)];
        for (var round = 0; round < 3; round++)
            index.Upsert(ids, VectorOracle.Real(random, Rows * Dimensions));

        index.Memory.Vectors.Should().BeLessThan(Rows * Dimensions * 4L * 5 / 4 + (16 << 20));
        index.Count.Should().Be(Rows);
        var cost = new VectorSearchCost();
        index.Search(VectorOracle.Real(random, Dimensions), new VectorMatch[10], new VectorSearchSettings { Cost = cost });
        cost.Plan.Should().Be(VectorSearchPlan.Scan);
        cost.CodesRead.Should().BeInRange(Rows, Rows * 9 / 8);
        cost.VectorsRead.Should().BeInRange(10, Rows);
        cost.BytesRead.Should().BeGreaterThan(cost.CodesRead * Dimensions / 2);
    }

    [Fact]
    public void The_finaliser_frees_what_nobody_disposed_of()
    {
        var memory = Forget();
        for (var i = 0; i < 10 && memory.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        memory.IsAlive.Should().BeFalse("the index can be collected, with its finaliser");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forget()
    {
        var index = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine);
        index.Upsert([1], [.. Enumerable.Repeat(1f, Dimensions)]);
        index.Search([.. Enumerable.Repeat(1f, Dimensions)], new VectorMatch[1]);
        return new WeakReference(index, trackResurrection: true);
    }
}
