using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public class VectorIndexTests
{
    [Fact]
    public void Equal_scores_come_in_the_order_of_their_ids()
    {
        using var index = VectorIndex.CreateExact(2, VectorMetric.DotProduct);
        index.Upsert([9, 4, 7, 2], [1, 0, 1, 0, 1, 0, 0, 1]);
        var results = new VectorMatch[2];

        index.Search([1, 0], results).Should().Be(2);

        results.Select(match => match.Id).Should().Equal(4, 7);
    }

    [Fact]
    public void A_search_returns_no_more_than_there_is_and_a_huge_batch_place_is_marked_empty()
    {
        using var index = VectorIndex.CreateExact(1, VectorMetric.DotProduct);
        index.Upsert([1], [2f]);
        var results = new VectorMatch[3];

        index.Search([1f], results).Should().Be(1);
        index.SearchBatch([1f, -1f], [], 0);
        var batch = new VectorMatch[6];
        index.SearchBatch([1f, -1f], batch, 3);

        batch.Should().Equal(new VectorMatch(1, 2), VectorMatch.None, VectorMatch.None, new VectorMatch(1, -2), VectorMatch.None, VectorMatch.None);
    }

    [Fact]
    public void Nothing_is_found_in_an_empty_index_nor_when_nothing_is_allowed()
    {
        using var index = VectorIndex.CreateExact(2, VectorMetric.Cosine);
        var results = new VectorMatch[3];
        index.Search([1, 0], results).Should().Be(0);

        index.Upsert([-5, 3], [1, 0, 0, 1]);
        index.Search([1, 0], results, new VectorSearchSettings { AllowedIds = ReadOnlyMemory<ulong>.Empty }).Should().Be(0);
        index.Search([1, 0], results, new VectorSearchSettings { AllowedIds = new ulong[] { ulong.MaxValue } }).Should().Be(1, "a negative id is in no bitmap");
        index.Search([1, 0], results, new VectorSearchSettings { Filter = id => id < 0 }).Should().Be(1);
        results[0].Id.Should().Be(-5);
    }

    [Theory]
    [InlineData(float.NaN, "*row 1 (id 8) is not a number (NaN) at component 2*check what computed it*")]
    [InlineData(float.PositiveInfinity, "*row 1 (id 8) is infinite at component 2*")]
    public void A_vector_that_is_not_finite_is_refused_by_name_and_nothing_is_stored(float bad, string message)
    {
        foreach (var metric in Enum.GetValues<VectorMetric>())
        {
            using var index = VectorIndex.CreateExact(3, metric);

            var upsert = () => index.Upsert([7, 8], [1, 2, 3, 4, 5, bad]);
            var search = () => index.Search([1, 2, bad], new VectorMatch[1]);

            upsert.Should().Throw<ArgumentException>().WithMessage(message);
            search.Should().Throw<ArgumentException>().WithMessage("The query is*at component 2*");
            index.Count.Should().Be(0);
        }
    }

    [Fact]
    public void A_zero_vector_is_refused_for_cosine_only()
    {
        foreach (var metric in Enum.GetValues<VectorMetric>())
        {
            using var index = VectorIndex.CreateExact(2, metric);
            var act = () => index.Upsert([5], [0, 0]);
            if (metric == VectorMetric.Cosine)
                act.Should().Throw<ArgumentException>().WithMessage("*row 0 (id 5) is all zeros*another metric*");
            else
                act.Should().NotThrow();
        }
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(1e-30f)]
    [InlineData(1e-40f)]
    [InlineData(1f)]
    public void Cosine_does_not_depend_on_the_length_even_where_its_square_leaves_single_precision(float scale)
    {
        using var index = VectorIndex.CreateExact(2, VectorMetric.Cosine);
        index.Upsert([1, 2], [3 * scale, 4 * scale, -4 * scale, 3 * scale]);
        var results = new VectorMatch[2];

        index.Search([3 * scale, 4 * scale], results).Should().Be(2);

        results[0].Id.Should().Be(1);
        results[0].Score.Should().BeApproximately(1, 1e-4f);
        results[1].Score.Should().BeApproximately(0, 1e-4f);
        var copy = new float[2];
        index.TryCopyVector(1, copy).Should().BeTrue();
        copy.Should().Equal([3 * scale, 4 * scale], "a stored vector comes back bit for bit");
    }

    [Fact]
    public void A_vector_whose_scores_would_overflow_is_refused()
    {
        using var index = VectorIndex.CreateExact(2, VectorMetric.Euclidean);
        var act = () => index.Upsert([5], [float.MaxValue, 0]);

        act.Should().Throw<ArgumentException>().WithMessage("*row 0 (id 5)*Scale the vectors down*");
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        using var index = VectorIndex.CreateExact(3, VectorMetric.Cosine);

        ((Action)(() => index.Upsert([1, 2], [1, 2, 3]))).Should().Throw<ArgumentException>().WithMessage("2 ids need 6 values (3 for each), but 3 were given*");
        ((Action)(() => index.Search([1, 2], new VectorMatch[1]))).Should().Throw<ArgumentException>().WithMessage("The query has 2 values*3 dimensions*");
        ((Action)(() => index.SearchBatch([1, 2, 3, 4], new VectorMatch[1], 1))).Should().Throw<ArgumentException>().WithMessage("*whole number of queries*");
        ((Action)(() => index.SearchBatch([1, 2, 3], new VectorMatch[1], 1_000_000_000))).Should().Throw<ArgumentException>().WithMessage("*1000000000 places, but there are 1*");
        ((Action)(() => VectorIndex.CreateExact(0, VectorMetric.Cosine))).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => VectorIndex.CreateExact(int.MaxValue, VectorMetric.Cosine))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*16777216*");
        ((Action)(() => VectorIndex.CreateExact(3, (VectorMetric)9))).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*Cosine, DotProduct*");
    }

    [Fact]
    public void Of_a_repeated_id_the_last_vector_counts()
    {
        using var index = VectorIndex.CreateExact(1, VectorMetric.DotProduct);
        index.Upsert([1, 2, 1], [10, 20, 30]);
        var results = new VectorMatch[2];

        index.Count.Should().Be(2);
        index.Search([1f], results);
        results.Should().Equal(new VectorMatch(1, 30), new VectorMatch(2, 20));
    }

    [Fact]
    public void A_cancelled_search_stops_and_a_disposed_index_says_so()
    {
        var index = VectorIndex.CreateExact(1, VectorMetric.DotProduct);
        index.Upsert([1], [1f]);
        using var source = new CancellationTokenSource();
        source.Cancel();

        ((Action)(() => index.Search([1f], new VectorMatch[1], new VectorSearchSettings { CancellationToken = source.Token }))).Should().Throw<OperationCanceledException>();
        index.Dispose();
        index.Dispose();
        ((Action)(() => index.Search([1f], new VectorMatch[1]))).Should().Throw<ObjectDisposedException>();
        ((Action)(() => index.Upsert([1], [1f]))).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public async Task Readers_and_a_writer_at_once_only_ever_see_whole_vectors()
    {
        // Every vector is one number repeated, so a row that is read while half written would score between the multiples of 64.
        const int Dimensions = 64;
        using var index = VectorIndex.CreateExact(Dimensions, VectorMetric.DotProduct);
        var (random, ones) = (new Random(5), Enumerable.Repeat(1f, Dimensions).ToArray());

        await Concurrently.RunAsync(writes: 20_000, looks: 100, _ =>
        {
            var id = random.Next(300);
            if (random.Next(3) == 0)
                index.Remove(id);
            else
                index.Upsert([id], Enumerable.Repeat((float)(id + 1), Dimensions).ToArray());
        }, Reader(), Reader(), Reader());

        Action<int> Reader()
        {
            var results = new VectorMatch[50];
            return _ =>
            {
                var found = index.Search(ones, results);
                for (var i = 0; i < found; i++)
                    results[i].Score.Should().Be((results[i].Id + 1) * Dimensions);
            };
        }
    }

    [DataFact("vectors", "text-384", "gt.ibin")]
    public void Exact_search_of_real_embeddings_finds_the_published_neighbours()
    {
        const int Dimensions = 384, Rows = 100_000, Queries = 20;
        var folder = TestData.Path("vectors", "text-384");
        var scales = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "scales.f32"))).ToArray();
        using var stream = new ZstdSharp.DecompressionStream(File.OpenRead(Path.Combine(folder, "base.i8.zst")));
        using var index = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine, new ExactIndexOptions { InitialCapacity = Rows });
        var packed = new byte[Dimensions];
        var row = new float[Dimensions];
        for (var id = 0; id < Rows; id++)
        {
            stream.ReadExactly(packed);
            for (var i = 0; i < Dimensions; i++)
                row[i] = (sbyte)packed[i] * scales[i];
            index.Upsert([id], row);
        }

        var queries = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "query.fbin")).AsSpan(8));
        var truth = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(Path.Combine(folder, "gt.ibin")));
        var results = new VectorMatch[10];
        for (var query = 0; query < Queries; query++)
        {
            index.Search(queries.Slice(query * Dimensions, Dimensions), results);
            results.Select(match => (int)match.Id).Should().BeEquivalentTo(truth.Slice(2 + query * truth[1], 10).ToArray(), $"query {query}");
        }
    }
}
