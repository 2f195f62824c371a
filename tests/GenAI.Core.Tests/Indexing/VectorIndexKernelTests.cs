using CsCheck;
using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public class VectorIndexKernelTests
{
    public static TheoryData<VectorMetric> Metrics => [.. Enum.GetValues<VectorMetric>()];

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Scores_equal_the_scalar_ones_at_every_length(VectorMetric metric)
    {
        var random = new Random(1);
        for (var length = 1; length <= 257; length++)
        {
            using var index = VectorIndex.CreateExact(length, metric);
            var rows = new Dictionary<long, float[]>();
            for (var id = 0; id < 5; id++)
            {
                rows[id] = VectorOracle.Real(random, length);
                index.Upsert([id], rows[id]);
            }

            // One equal component, so that Hamming has something to find.
            var query = VectorOracle.Real(random, length);
            query[length / 2] = rows[3][length / 2];

            var results = new VectorMatch[5];
            index.Search(query, results).Should().Be(5);
            foreach (var match in results)
                match.Score.Should().BeApproximately((float)VectorOracle.Score(metric, query, rows[match.Id]), 1e-5f * length, $"length {length}, id {match.Id}");
        }
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Any_sequence_of_writes_leaves_what_brute_force_finds(VectorMetric metric)
    {
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 120], Gen.Int).Holds(150,
            (dimensions, steps, seed) =>
            {
                var random = new Random(seed);
                var rows = new Dictionary<long, float[]>();
                using var index = VectorIndex.CreateExact(dimensions, metric);
                for (var step = 0; step < steps; step++)
                {
                    var id = random.Next(30);
                    if (random.Next(4) == 0)
                    {
                        index.Remove(id).Should().Be(rows.Remove(id));
                        continue;
                    }

                    var vector = VectorOracle.Whole(random, dimensions);
                    if (metric == VectorMetric.Cosine && Array.TrueForAll(vector, value => value == 0))
                        vector[0] = 1;
                    index.Upsert([id], rows[id] = vector);
                }

                index.Count.Should().Be(rows.Count);
                var query = VectorOracle.Whole(random, dimensions);
                query[0] = 2;
                var even = new ulong[] { 0x5555_5555_5555_5555 };
                foreach (var allowed in (Func<long, bool>?[])[null, id => id % 2 == 0])
                {
                    var settings = new VectorSearchSettings { AllowedIds = allowed is null ? null : (ReadOnlyMemory<ulong>?)even };
                    var top = random.Next(1, 40);
                    var results = new VectorMatch[top];
                    var found = index.Search(query, results, settings);
                    Equal(metric, results.AsSpan(0, found), VectorOracle.Search(metric, rows, query, top, allowed));
                }
            });
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void A_batch_on_any_number_of_threads_equals_one_search_after_the_other(VectorMetric metric)
    {
        const int Dimensions = 64, Rows = 5000, Top = 7;
        var random = new Random(2);
        var vectors = VectorOracle.Real(random, Rows * Dimensions);
        using var index = VectorIndex.CreateExact(Dimensions, metric);
        index.Upsert([.. Enumerable.Range(0, Rows).Select(id => (long)id)], vectors);
        var queries = VectorOracle.Real(random, 23 * Dimensions);

        foreach (var threads in (int[])[0, 1, 3])
        {
            var settings = new VectorSearchSettings { MaxDegreeOfParallelism = threads, Filter = id => id % 3 != 0 };
            var batch = new VectorMatch[23 * Top];
            index.SearchBatch(queries, batch, Top, settings);
            for (var query = 0; query < 23; query++)
            {
                var single = new VectorMatch[Top];
                index.Search(queries.AsSpan(query * Dimensions, Dimensions), single, settings).Should().Be(Top);
                batch.AsSpan(query * Top, Top).ToArray().Should().Equal(single);
            }
        }
    }

    [Fact]
    public void A_large_scan_finds_the_same_on_one_thread_and_on_all()
    {
        const int Dimensions = 512, Rows = 20_000;
        var random = new Random(3);
        using var index = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine, new ExactIndexOptions { InitialCapacity = Rows });
        index.Upsert([.. Enumerable.Range(0, Rows).Select(id => (long)id * 7)], VectorOracle.Real(random, Rows * Dimensions));
        var query = VectorOracle.Real(random, Dimensions);
        VectorMatch[] one = new VectorMatch[50], all = new VectorMatch[50];

        index.Search(query, one, new VectorSearchSettings { MaxDegreeOfParallelism = 1 });
        index.Search(query, all, new VectorSearchSettings { MaxDegreeOfParallelism = 8 });

        all.Should().Equal(one);
    }

    // Cosines of whole numbers are rounded: rows may change places where scores agree to the last bits.
    private static void Equal(VectorMetric metric, ReadOnlySpan<VectorMatch> actual, VectorMatch[] expected)
    {
        if (metric is not (VectorMetric.Cosine or VectorMetric.Euclidean))
        {
            actual.ToArray().Should().Equal(expected);
            return;
        }

        actual.Length.Should().Be(expected.Length);
        for (var i = 0; i < expected.Length; i++)
            actual[i].Score.Should().BeApproximately(expected[i].Score, 1e-5f);
    }
}
