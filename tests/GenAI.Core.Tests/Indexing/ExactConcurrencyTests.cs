using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

/// <summary>Searches beside a writer: they wait for nothing, and see each batch whole or not at all.</summary>
public class ExactConcurrencyTests
{
    private const int Dimensions = 64;

    [Theory]
    [InlineData(ExactCodes.None, 1)]
    [InlineData(ExactCodes.FourBit, 1)]
    [InlineData(ExactCodes.FourBit, 4)]
    public async Task Every_search_sees_one_whole_state(ExactCodes codes, int threads)
    {
        // A batch gives all of its ids one stamp. A vector is the stamp and a checksum of id and stamp, repeated: a torn one would not fit.
        // Stamps come again after so many: up to here they are exact in single precision.
        const int Ids = 150, Batches = 60, Stamps = 10_000, Looks = 5, Others = 600;
        using var index = VectorIndex.CreateExact(Dimensions, VectorMetric.DotProduct, new ExactIndexOptions { Codes = codes });
        long[] ids = [.. Enumerable.Range(0, Ids).Select(id => (long)id)];
        index.Upsert(ids, Stamped(0, Ids));
        var (random, ones) = (new Random(91), Enumerable.Repeat(1f, Dimensions).ToArray());

        await Concurrently.RunAsync(Batches, Looks, batch =>
        {
            index.Upsert(ids, Stamped((batch + 1) % Stamps, Ids));

            // Rows come and go around them, so that rows are moved and memory is given back. Their scores are lower.
            for (var other = 0; other < 20; other++)
            {
                long id = 1_000_000 + random.Next(Others);
                if (random.Next(2) == 0)
                    index.Remove(id);
                else
                    index.Upsert([id], [.. Enumerable.Repeat(-1f, Dimensions)]);
            }
        }, Reader(0), Reader(1), Reader(2));

        index.Count.Should().BeGreaterThanOrEqualTo(Ids);

        Action<int> Reader(int reader)
        {
            var (results, copy, allowed) = (new VectorMatch[2 * Ids], new float[Dimensions], Enumerable.Repeat(ulong.MaxValue, 3).ToArray());
            var settings = new VectorSearchSettings { MaxDegreeOfParallelism = threads, AllowedIds = reader == 2 ? allowed : default(ReadOnlyMemory<ulong>?) };
            return _ =>
            {
                if (reader == 0)
                    index.SearchBatch([.. ones, .. ones], results, Ids, settings);
                else
                    index.Search(ones, results.AsSpan(0, Ids), settings);
                var stamp = (long)MathF.Round(results[0].Score / Dimensions) >> 8;
                var found = results.Take(Ids).ToList();
                found.Where(match => match.Id is < 0 or >= Ids || match.Score != Value(stamp, match.Id) * Dimensions).Should().BeEmpty("the stamp is {0}", stamp);
                found.DistinctBy(match => match.Id).Should().HaveCount(Ids);

                var id = stamp % Ids;
                index.TryCopyVector(id, copy).Should().BeTrue();
                copy.Should().OnlyContain(value => value == Value((long)copy[0] >> 8, id));
            };
        }
    }

    [Theory]
    [InlineData(ExactCodes.None)]
    [InlineData(ExactCodes.FourBit)]
    public void A_write_does_not_wait_for_a_search_which_goes_on_to_see_what_there_was(ExactCodes codes)
    {
        const int Ids = 500;
        using var index = VectorIndex.CreateExact(Dimensions, VectorMetric.DotProduct, new ExactIndexOptions { Codes = codes });
        long[] ids = [.. Enumerable.Range(0, Ids).Select(id => (long)id)];
        index.Upsert(ids, Stamped(1, Ids));
        var results = new VectorMatch[Ids];
        var written = false;

        // The filter is called while the search runs: a lock that both need would never be free.
        var found = index.Search([.. Enumerable.Repeat(1f, Dimensions)], results, new VectorSearchSettings
        {
            Filter = _ =>
            {
                if (!written)
                {
                    written = true;
                    Task.Run(() =>
                    {
                        index.Upsert(ids, Stamped(2, Ids));
                        for (var id = 0; id < Ids; id += 2)
                            index.Remove(id);
                        for (var round = 0; round < 5; round++)
                            index.Upsert([.. ids.Select(id => id + 7000)], Stamped(3, Ids));
                    }).GetAwaiter().GetResult();
                    index.Count.Should().Be(Ids + Ids / 2);
                }

                return true;
            },
        });

        found.Should().Be(Ids);
        results.Select(match => match.Id).Order().Should().Equal(ids);
        results.Should().OnlyContain(match => match.Score == Value(1, match.Id) * Dimensions);
        index.Search([.. Enumerable.Repeat(1f, Dimensions)], results).Should().Be(Ids);
        results[0].Id.Should().BeGreaterThanOrEqualTo(7000);
    }

    [Fact]
    public async Task Dispose_waits_for_searches_and_those_that_come_later_are_told()
    {
        var index = VectorIndex.CreateExact(Dimensions, VectorMetric.DotProduct);
        index.Upsert([1, 2], Stamped(1, 2));
        Task? disposal = null;
        var found = index.Search([.. Enumerable.Repeat(1f, Dimensions)], new VectorMatch[2], new VectorSearchSettings
        {
            Filter = _ =>
            {
                disposal ??= Task.Run(index.Dispose);
                while (index.Count != 0)
                    Thread.Yield();
                disposal.IsCompleted.Should().BeFalse();
                return true;
            },
        });

        found.Should().Be(2);
        await disposal!;
        ((Action)(() => index.Remove(1))).Should().Throw<ObjectDisposedException>();
        ((Action)(() => index.SearchBatch(new float[Dimensions], new VectorMatch[1], 1))).Should().Throw<ObjectDisposedException>();
        ((Action)(() => index.TryCopyVector(1, new float[Dimensions]))).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void A_filter_that_throws_ends_the_search_on_every_thread_and_the_next_one_is_unharmed()
    {
        const int Rows = 50_000, Wide = 384;
        var random = new Random(92);
        using var index = VectorIndex.CreateExact(Wide, VectorMetric.Cosine, new ExactIndexOptions { Codes = ExactCodes.None });
        index.Upsert([.. Enumerable.Range(0, Rows).Select(id => (long)id)], VectorOracle.Real(random, Rows * Wide));
        var query = VectorOracle.Real(random, Wide);
        VectorMatch[] one = new VectorMatch[5], all = new VectorMatch[5];
        var settings = new VectorSearchSettings { MaxDegreeOfParallelism = 4, Filter = id => id > Rows / 2 ? throw new InvalidOperationException("no") : true };

        ((Action)(() => index.Search(query, all, settings))).Should().Throw<InvalidOperationException>().WithMessage("no");
        for (var round = 0; round < 20; round++)
        {
            index.Search(query, all, new VectorSearchSettings { MaxDegreeOfParallelism = 4 }).Should().Be(5);
            index.Search(query, one, new VectorSearchSettings { MaxDegreeOfParallelism = 1 });
            all.Should().Equal(one);
        }
    }

    [Fact]
    public void Searches_of_every_kind_allocate_nothing_on_any_thread() =>
        ChildProcess.Run(ChildProcess.Allocations, "DOTNET_TieredCompilation=0").Should().Equal("0");

    private static float Value(long stamp, long id) => (stamp << 8) + (stamp * 31 + id * 17) % 251;

    private static float[] Stamped(long stamp, int ids)
    {
        var vectors = new float[ids * Dimensions];
        for (var id = 0; id < ids; id++)
            vectors.AsSpan(id * Dimensions, Dimensions).Fill(Value(stamp, id));
        return vectors;
    }
}
