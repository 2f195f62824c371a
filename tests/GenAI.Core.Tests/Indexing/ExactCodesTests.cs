using CsCheck;
using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

/// <summary>An index with codes must find what one without them finds, to the last bit.</summary>
public class ExactCodesTests
{
    private static readonly VectorMetric[] CodedMetrics = [VectorMetric.Cosine, VectorMetric.DotProduct, VectorMetric.Euclidean];

    public static TheoryData<VectorMetric, string> Cases
    {
        get
        {
            var cases = new TheoryData<VectorMetric, string>();
            foreach (var metric in CodedMetrics)
            {
                foreach (var kind in HostileVectors.Kinds)
                    cases.Add(metric, kind);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Codes_change_nothing_but_the_bytes_read(VectorMetric metric, string kind)
    {
        var random = new Random(11);
        foreach (var (dimensions, rows) in ((int, int)[])[(1, 300), (2, 600), (7, 300), (16, 800), (100, 1100), (257, 300)])
        {
            using var pair = new IndexPair(dimensions, metric);
            pair.Upsert(HostileVectors.Make(kind, random, rows, dimensions));
            var queries = HostileVectors.Make(kind, random, 6, dimensions).Concat(HostileVectors.Make("normal", random, 3, dimensions)).Concat(pair.Row(rows / 2)).ToArray();
            foreach (var top in (int[])[1, 10, rows + 5])
                pair.ShouldAgree(queries, top, default);
            pair.ShouldAgree(queries, 10, new VectorSearchSettings { Filter = id => id % 5 == 2 });
            pair.ShouldAgree(queries, 10, new VectorSearchSettings { AllowedIds = new ulong[] { 0xF0F0_F0F0_F0F0_F0F0, 0, ulong.MaxValue } });
        }
    }

    [Theory]
    [InlineData(VectorMetric.Cosine)]
    [InlineData(VectorMetric.DotProduct)]
    [InlineData(VectorMetric.Euclidean)]
    [InlineData(VectorMetric.Manhattan)]
    [InlineData(VectorMetric.Hamming)]
    public void Every_length_agrees(VectorMetric metric)
    {
        var random = new Random(12);
        for (var dimensions = 1; dimensions <= 257; dimensions++)
        {
            using var pair = new IndexPair(dimensions, metric);
            pair.Upsert(HostileVectors.Make("normal", random, 70, dimensions));
            pair.ShouldAgree(HostileVectors.Make("normal", random, 5, dimensions), 3, default);
        }
    }

    [Theory]
    [InlineData(VectorMetric.Cosine)]
    [InlineData(VectorMetric.DotProduct)]
    [InlineData(VectorMetric.Euclidean)]
    public void Any_sequence_of_writes_leaves_codes_that_agree(VectorMetric metric)
    {
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 60], Gen.Int[0, HostileVectors.Kinds.Count - 1], Gen.Int).Holds(60,
            (dimensions, steps, kind, seed) =>
            {
                var random = new Random(seed);
                using var pair = new IndexPair(dimensions, metric);
                for (var step = 0; step < steps; step++)
                {
                    if (random.Next(3) == 0)
                        pair.Remove(random.Next(200));
                    else
                        pair.Upsert(HostileVectors.Make(HostileVectors.Kinds[kind], random, random.Next(1, 9), dimensions), random.Next(200));
                    if (step % 8 == 0)
                        pair.ShouldAgree(HostileVectors.Make(HostileVectors.Kinds[kind], random, 5, dimensions), random.Next(1, 12), default);
                }

                pair.ShouldAgree(HostileVectors.Make("normal", random, 2, dimensions), 4, default);
            });
    }

    [Fact]
    public void Codes_start_by_themselves_when_the_index_is_large_enough_and_are_counted()
    {
        const int Dimensions = 40, Rows = 5000;
        var random = new Random(13);
        using var index = VectorIndex.CreateExact(Dimensions, VectorMetric.DotProduct);
        using var plain = VectorIndex.CreateExact(Dimensions, VectorMetric.DotProduct, new ExactIndexOptions { Codes = ExactCodes.None });
        var vectors = HostileVectors.Make("normal", random, Rows, Dimensions);
        for (var first = 0; first < Rows; first += 1000)
        {
            long[] ids = [.. Enumerable.Range(first, 1000).Select(id => (long)id)];
            index.Upsert(ids, vectors.AsSpan(first * Dimensions, 1000 * Dimensions));
            plain.Upsert(ids, vectors.AsSpan(first * Dimensions, 1000 * Dimensions));
            if (first < 3000)
                index.Memory.Codes.Should().Be(0, "a small index is scanned as fast without codes");
        }

        index.Memory.Codes.Should().BeInRange(Rows * (Dimensions / 2 + 12), 2 * Rows * (Dimensions / 2 + 12));
        plain.Memory.Codes.Should().Be(0);
        VectorMatch[] coded = new VectorMatch[10], expected = new VectorMatch[10];
        for (var query = 0; query < 20; query++)
        {
            var values = HostileVectors.Make("normal", random, 1, Dimensions);
            index.Search(values, coded);
            plain.Search(values, expected);
            coded.Should().Equal(expected);
        }
    }

    /// <summary>Coding all rows in the write that reached the threshold made that one write as long as thousands.</summary>
    [Fact]
    public void Codes_that_start_late_are_made_a_few_at_each_write_and_agree_whatever_is_written_meanwhile()
    {
        const int Dimensions = 24, Before = 4090;
        var random = new Random(15);
        using var index = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine);
        using var plain = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine, new ExactIndexOptions { Codes = ExactCodes.None });
        Upsert(0, Before);
        var (writes, query, cost) = (0, HostileVectors.Make("normal", random, 1, Dimensions), new VectorSearchCost());
        VectorMatch[] coded = new VectorMatch[10], expected = new VectorMatch[10];
        for (; cost.CodesRead == 0 && writes < 200; writes++)
        {
            // More than one row in sixteen goes, so that others are moved into their places.
            for (var i = 0; i < 8; i++)
            {
                var id = random.Next(Before);
                index.Remove(id).Should().Be(plain.Remove(id));
            }

            Upsert(Before + random.Next(60), 8);
            Upsert(random.Next(Before), 1);
            index.Search(query, coded, new VectorSearchSettings { Cost = cost });
            plain.Search(query, expected);
            coded.Should().Equal(expected);
        }

        writes.Should().BeInRange(10, 199, "a write codes a hundred rows or so, and codes serve once all have theirs");
        for (var i = 0; i < 20; i++)
        {
            query = HostileVectors.Make("normal", random, 1, Dimensions);
            index.Search(query, coded);
            plain.Search(query, expected);
            coded.Should().Equal(expected);
        }

        void Upsert(int first, int count)
        {
            var vectors = HostileVectors.Make("normal", random, count, Dimensions);
            index.Upsert(GraphData.Ids(first, count), vectors);
            plain.Upsert(GraphData.Ids(first, count), vectors);
        }
    }

    [Fact]
    public void A_search_on_one_thread_allocates_nothing()
    {
        const int Dimensions = 48;
        var random = new Random(14);
        using var index = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine);
        index.Upsert([.. Enumerable.Range(0, 6000).Select(id => (long)id)], HostileVectors.Make("normal", random, 6000, Dimensions));
        var queries = HostileVectors.Make("normal", random, 9, Dimensions);
        var results = new VectorMatch[9 * 5];
        var settings = new VectorSearchSettings { MaxDegreeOfParallelism = 1 };
        void Search()
        {
            index.Search(queries.AsSpan(0, Dimensions), results.AsSpan(0, 5), settings);
            index.SearchBatch(queries, results, 5, settings);
        }

        Search();
        Search();
        Allocations.Least(() =>
        {
            for (var i = 0; i < 10; i++)
                Search();
        }).Should().Be(0);
    }

    [Fact]
    public void A_cancelled_search_through_codes_stops_and_there_are_no_other_codes()
    {
        using var index = VectorIndex.CreateExact(8, VectorMetric.Cosine, new ExactIndexOptions { Codes = ExactCodes.FourBit });
        index.Upsert([1], [1, 2, 3, 4, 5, 6, 7, 8]);
        var settings = new VectorSearchSettings { CancellationToken = new CancellationToken(canceled: true) };

        ((Action)(() => index.Search([1, 2, 3, 4, 5, 6, 7, 8], new VectorMatch[1], settings))).Should().Throw<OperationCanceledException>();
        ((Action)(() => index.SearchBatch([1, 2, 3, 4, 5, 6, 7, 8], new VectorMatch[1], 1, settings))).Should().Throw<OperationCanceledException>();
        ((Action)(() => _ = new ExactIndexOptions { Codes = (ExactCodes)7 })).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*FourBit*");
    }

    private sealed class IndexPair(int dimensions, VectorMetric metric) : IDisposable
    {
        private readonly VectorIndex _coded = VectorIndex.CreateExact(dimensions, metric, new ExactIndexOptions { Codes = ExactCodes.FourBit });
        private readonly VectorIndex _plain = VectorIndex.CreateExact(dimensions, metric, new ExactIndexOptions { Codes = ExactCodes.None });
        private readonly Dictionary<long, float[]> _rows = [];

        public float[] Row(long id) => _rows[id];

        public void Upsert(float[] vectors, int firstId = 0)
        {
            long[] ids = [.. Enumerable.Range(0, vectors.Length / dimensions).Select(row => (long)(firstId + row))];
            _coded.Upsert(ids, vectors);
            _plain.Upsert(ids, vectors);
            foreach (var id in ids)
                _rows[id] = vectors.AsSpan((int)(id - firstId) * dimensions, dimensions).ToArray();
        }

        public void Remove(long id) => _coded.Remove(id).Should().Be(_plain.Remove(id) && _rows.Remove(id));

        public void ShouldAgree(float[] queries, int top, VectorSearchSettings settings)
        {
            var count = queries.Length / dimensions;
            VectorMatch[] coded = new VectorMatch[top], plain = new VectorMatch[top], batch = new VectorMatch[count * top];
            _coded.SearchBatch(queries, batch, top, settings);
            for (var query = 0; query < count; query++)
            {
                var values = queries.AsSpan(query * dimensions, dimensions);
                var found = _coded.Search(values, coded, settings);
                _plain.Search(values, plain, settings).Should().Be(found);
                Differences(coded.AsSpan(0, found), plain.AsSpan(0, found)).Should().BeNull("query {0} of {1} dimensions", query, dimensions);
                Differences(batch.AsSpan(query * top, found), plain.AsSpan(0, found)).Should().BeNull("query {0} of {1} dimensions, in a batch", query, dimensions);
                for (var i = 0; i < found; i += 7)
                    Approximates(plain[i], values);
            }
        }

        public void Dispose()
        {
            _coded.Dispose();
            _plain.Dispose();
        }

        // Faster than an assertion for each match.
        private static string? Differences(ReadOnlySpan<VectorMatch> actual, ReadOnlySpan<VectorMatch> expected)
        {
            for (var i = 0; i < expected.Length; i++)
            {
                if (actual[i].Id != expected[i].Id || BitConverter.SingleToInt32Bits(actual[i].Score) != BitConverter.SingleToInt32Bits(expected[i].Score))
                    return $"place {i}: {actual[i]} instead of {expected[i]}";
            }

            return null;
        }

        private void Approximates(VectorMatch match, ReadOnlySpan<float> query)
        {
            var row = _rows[match.Id];
            var expected = VectorOracle.Score(metric, query, row);
            var scale = metric == VectorMetric.DotProduct ? VectorOracle.Score(metric, query, query) + VectorOracle.Score(metric, row, row) : Math.Abs(expected) + 1e-20;
            Math.Abs(match.Score - expected).Should().BeLessThanOrEqualTo((scale + (metric == VectorMetric.Cosine ? 1 : 0)) * 1e-5 + 1e-21 * dimensions);
        }
    }
}
