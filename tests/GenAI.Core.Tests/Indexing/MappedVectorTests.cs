using CsCheck;
using GenAI.Core.Indexing;
using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Indexing;

public class MappedVectorTests
{
    private const int Top = 12;

    public static TheoryData<VectorMetric, ExactCodes> Plans
    {
        get
        {
            var plans = new TheoryData<VectorMetric, ExactCodes>();
            foreach (var metric in Enum.GetValues<VectorMetric>())
            {
                plans.Add(metric, ExactCodes.None);
                plans.Add(metric, ExactCodes.FourBit);
            }

            return plans;
        }
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public void A_segment_finds_what_the_index_that_it_was_written_from_finds_to_the_last_bit(VectorMetric metric, ExactCodes codes)
    {
        var random = new Random(81);
        foreach (var dimensions in (int[])[1, 17, 96])
        {
            foreach (var kind in HostileVectors.Kinds)
            {
                const int Rows = 150;
                var options = new DynamicIndexOptions { Exact = new ExactIndexOptions { Codes = codes } };
                using var index = VectorIndex.CreateExact(dimensions, metric, options.Exact);
                index.Upsert(GraphData.Ids(0, Rows), HostileVectors.Make(kind, random, Rows, dimensions));
                using var segment = SegmentOnDisk.Of(index, Rows, options);
                using var mapped = segment.Vectors();

                mapped.Count.Should().Be(Rows);
                AssertSame(index, mapped, HostileVectors.Make(kind, random, 6, dimensions), [Allowed(random, Rows, 0.4), Allowed(random, Rows, 0.02)]);
                AssertSameVectors(index, mapped, Rows);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public void Several_segments_and_what_is_in_memory_find_what_one_index_of_all_finds(VectorMetric metric, ExactCodes codes)
    {
        // Ids from 0 on, in random pieces; some have no vector, and some are not live.
        var seed = Gen.Int[0, int.MaxValue];
        seed.Holds(25, start =>
        {
            var random = new Random(start);
            var dimensions = random.Next(1, 40);
            var options = new DynamicIndexOptions { Exact = new ExactIndexOptions { Codes = codes } };
            using var all = VectorIndex.CreateExact(dimensions, metric, options.Exact);
            var segments = new List<SegmentOnDisk>();
            var parts = new List<(VectorIndex Index, int First, int Ids)>();
            var first = 0;
            for (var part = random.Next(1, 5); part >= 0; part--)
            {
                var ids = random.Next(0, 130);
                var index = VectorIndex.CreateExact(dimensions, metric, options.Exact);
                foreach (var id in Enumerable.Range(0, ids).Where(_ => random.Next(4) > 0))
                {
                    var vector = VectorOracle.Whole(random, dimensions);
                    vector[0] += 10;
                    index.Upsert([id], vector);
                    all.Upsert([first + id], vector);
                }

                if (part == 0)
                {
                    parts.Add((index, first, ids));
                    break;
                }

                segments.Add(SegmentOnDisk.Of(index, ids, options));
                parts.Add((segments[^1].Vectors(), first, ids));
                index.Dispose();
                first += (ids + 63) / 64 * 64;
            }

            var (found, wanted) = (new VectorMatch[Top], new VectorMatch[Top]);
            foreach (var share in (double[])[1, 0.9, 0.3, 0.01])
            {
                var settings = new VectorSearchSettings { AllowedIds = share == 1 ? (ReadOnlyMemory<ulong>?)null : Allowed(random, first + 192, share), Filter = random.Next(3) == 0 ? id => id % 3 != 1 : null };
                var query = VectorOracle.Whole(random, dimensions);
                query[0] += 10;
                var count = SearchAll(parts, query, found, settings);
                count.Should().Be(all.Search(query, wanted, settings));
                found[..count].Should().Equal(wanted[..count]);
            }

            parts.ForEach(part => part.Index.Dispose());
            segments.ForEach(segment => segment.Dispose());
        });
    }

    // As a table does it: every part is asked for its share of what is allowed, and the best of all count.
    private static int SearchAll(IReadOnlyList<(VectorIndex Index, int First, int Ids)> parts, ReadOnlySpan<float> query, VectorMatch[] results, VectorSearchSettings settings)
    {
        var all = new List<VectorMatch>();
        foreach (var (index, first, ids) in parts)
        {
            var found = new VectorMatch[results.Length];
            var count = index.Search(query, found, settings with
            {
                AllowedIds = settings.AllowedIds?.Slice(first / 64, (ids + 63) / 64),
                Filter = settings.Filter is { } filter ? id => filter(id + first) : null,
            });
            all.AddRange(found.Take(count).Select(match => match with { Id = match.Id + first }));
        }

        all.Sort(VectorMatch.CompareBestFirst);
        all.Take(results.Length).ToArray().CopyTo(results, 0);
        return Math.Min(all.Count, results.Length);
    }

    [Theory]
    [InlineData(VectorMetric.Cosine, 24)]
    [InlineData(VectorMetric.DotProduct, 24)]
    [InlineData(VectorMetric.Euclidean, 24)]
    [InlineData(VectorMetric.Cosine, 513)]
    [InlineData(VectorMetric.Euclidean, 513)]
    public void A_graph_in_a_segment_finds_what_the_graph_that_it_was_written_from_finds_to_the_last_bit(VectorMetric metric, int dimensions)
    {
        const int Rows = 6000;
        using var graph = VectorIndex.CreateGraph(dimensions, metric, new GraphIndexOptions { BuildBreadth = 40, MaxNeighbors = 8 });
        graph.Upsert(GraphData.Ids(0, Rows), GraphData.Clustered(1, Rows, dimensions, lengths: 1));
        using var segment = SegmentOnDisk.Of(graph, Rows, new DynamicIndexOptions { GraphThreshold = 1000 });
        using var mapped = segment.Vectors();
        var random = new Random(5);

        mapped.Kind.Should().Be(VectorIndexKind.Graph);
        foreach (var breadth in (int[])[16, 100, 400])
            AssertSame(graph, mapped, GraphData.Clustered(2, 20, dimensions), [Allowed(random, Rows, 0.9), Allowed(random, Rows, 0.2), Allowed(random, Rows, 0.05), Allowed(random, Rows, 0.001)], breadth);
        AssertSameVectors(graph, mapped, Rows);
    }

    /// <summary>As those that were written before there were signs.</summary>
    [Fact]
    public void A_graph_without_signs_in_a_segment_is_searched_by_its_codes()
    {
        const int Rows = 1000, Dimensions = 513;
        using var graph = VectorIndex.CreateGraph(Dimensions, VectorMetric.Cosine, new GraphIndexOptions { BuildBreadth = 40 });
        graph.Upsert(GraphData.Ids(0, Rows), GraphData.Clustered(1, Rows, Dimensions));
        using var segment = SegmentOnDisk.Of(graph, Rows, new DynamicIndexOptions { GraphThreshold = 1 });
        using var older = new SegmentOnDisk(writer => CopyWithoutSigns(segment.File, writer));
        using var mapped = older.Vectors();
        var settings = new VectorSearchSettings { SearchBreadth = 32, Cost = new VectorSearchCost() };

        GraphData.Recall(graph, mapped, GraphData.Clustered(2, 20, Dimensions), 10, settings, new VectorSearchSettings { SearchBreadth = Rows }).Should().BeGreaterThan(0.95);
        settings.Cost!.Plan.Should().Be(VectorSearchPlan.Walk);
        settings.Cost.BytesRead.Should().BeGreaterThan(settings.Cost.CodesRead * 320);
    }

    private static void CopyWithoutSigns(SegmentFile segment, SegmentWriter writer)
    {
        const int IsCoded = 24;
        foreach (var suffix in (string[])[VectorSections.Values, VectorSections.Factors, VectorSections.Upper, VectorSections.Lower, VectorSections.Links, VectorSections.Head])
        {
            var section = segment.Section("v" + suffix);
            section.VerifyAll();
            var bytes = section.Span(0, (int)section.Length).ToArray();
            if (suffix == VectorSections.Head)
                bytes[IsCoded] = 0;
            writer.WriteSection("v" + suffix, bytes);
        }
    }

    [Fact]
    public void A_graph_in_a_segment_is_searched_as_broadly_as_one_that_an_index_has_become_by_itself()
    {
        const int Rows = 6000, Dimensions = 24;
        var vectors = GraphData.Clustered(1, Rows, Dimensions);
        var options = new GraphIndexOptions { BuildBreadth = 40, MaxDegreeOfParallelism = 1 };
        using var graph = VectorIndex.CreateGraph(Dimensions, VectorMetric.Cosine, options);
        graph.Upsert(GraphData.Ids(0, Rows), vectors);
        using var segment = SegmentOnDisk.Of(graph, Rows, new DynamicIndexOptions { GraphThreshold = 1000 });
        using var mapped = segment.Vectors();
        var (cost, broad) = (new VectorSearchCost(), new VectorSearchCost());

        mapped.Search(vectors.AsSpan(0, Dimensions), new VectorMatch[10], new VectorSearchSettings { Cost = cost });
        graph.Search(vectors.AsSpan(0, Dimensions), new VectorMatch[10], new VectorSearchSettings { Cost = broad, SearchBreadth = Math.Max(192, ((GraphIndex)graph).State.Breadth) });

        cost.CodesRead.Should().Be(broad.CodesRead);
    }

    [Fact]
    public void A_graph_whose_rows_are_in_another_order_than_its_ids_is_written_in_theirs()
    {
        const int Rows = 3000, Dimensions = 16;
        using var graph = VectorIndex.CreateGraph(Dimensions, VectorMetric.Cosine, new GraphIndexOptions { BuildBreadth = 40 });
        var vectors = GraphData.Clustered(3, Rows, Dimensions);
        var ids = GraphData.Ids(0, Rows);
        new Random(4).Shuffle(ids);
        graph.Upsert(ids, vectors);
        using var segment = SegmentOnDisk.Of(graph, Rows, new DynamicIndexOptions { GraphThreshold = 1000 });
        using var mapped = segment.Vectors();

        AssertSameVectors(graph, mapped, Rows);
        GraphData.Recall(graph, mapped, GraphData.Clustered(5, 50, Dimensions), 10, oracle: new VectorSearchSettings { SearchBreadth = Rows }).Should().BeGreaterThan(0.95);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Segments_that_are_merged_leave_out_what_was_removed_and_find_what_one_index_of_the_rest_finds(bool isGraph)
    {
        const int Rows = 1500, Dimensions = 20;
        var random = new Random(9);
        var vectors = GraphData.Clustered(6, 3 * Rows, Dimensions);
        using var all = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine);
        var options = new DynamicIndexOptions { GraphThreshold = isGraph ? 1000 : int.MaxValue, Graph = new GraphIndexOptions { BuildBreadth = 60 }, Exact = new ExactIndexOptions { Codes = ExactCodes.FourBit } };
        var (sources, pieces, next) = (new List<SegmentOnDisk>(), new List<VectorPiece>(), 0);
        for (var part = 0; part < 3; part++)
        {
            using var index = VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine);
            index.Upsert(GraphData.Ids(0, Rows), vectors.AsSpan(part * Rows * Dimensions, Rows * Dimensions));
            sources.Add(SegmentOnDisk.Of(index, Rows, options));
            var newIds = new int[Rows];
            for (var id = 0; id < Rows; id++)
            {
                newIds[id] = random.Next(5) == 0 ? -1 : next++;
                if (newIds[id] >= 0)
                    all.Upsert([newIds[id]], vectors.AsSpan((part * Rows + id) * Dimensions, Dimensions));
            }

            pieces.Add(new VectorPiece(sources[^1].Vectors(), newIds));
        }

        using (var merged = new SegmentOnDisk(writer => VectorSectionWriter.Write(writer, "v", [.. pieces], next, options)))
        {
            using var mapped = merged.Vectors();
            mapped.Kind.Should().Be(isGraph ? VectorIndexKind.Graph : VectorIndexKind.Exact);
            var queries = GraphData.Clustered(7, 30, Dimensions);
            if (isGraph)
                GraphData.Recall(all, mapped, queries, 10).Should().BeGreaterThan(0.95);
            else
                AssertSame(all, mapped, queries, [Allowed(random, next, 0.5)]);
            AssertSameVectors(all, mapped, next);
        }

        pieces.ForEach(piece => piece.Index.Dispose());
        sources.ForEach(source => source.Dispose());
    }

    [Fact]
    public void A_segment_cannot_be_written_to()
    {
        using var index = VectorIndex.CreateExact(4, VectorMetric.DotProduct);
        index.Upsert([0], [1, 2, 3, 4]);
        using var segment = SegmentOnDisk.Of(index, 1);
        using var mapped = segment.Vectors();

        mapped.Invoking(it => it.Upsert([0], [1, 1, 1, 1])).Should().Throw<NotSupportedException>().WithMessage("*in a file*");
        mapped.Invoking(it => it.Remove(0)).Should().Throw<NotSupportedException>();
    }

    [Fact]
    public void A_segment_without_vectors_finds_nothing()
    {
        using var index = VectorIndex.CreateExact(4, VectorMetric.Cosine);
        using var segment = SegmentOnDisk.Of(index, 70);
        using var mapped = segment.Vectors();

        mapped.Search([1, 2, 3, 4], new VectorMatch[3]).Should().Be(0);
        mapped.TryCopyVector(3, new float[4]).Should().BeFalse();
    }

    internal static ulong[] Allowed(Random random, int ids, double share)
    {
        var words = new ulong[(ids + 63) / 64];
        for (var id = 0; id < ids; id++)
            words[id / 64] |= random.NextDouble() < share ? 1UL << (id % 64) : 0;
        return words;
    }

    private static void AssertSame(VectorIndex index, VectorIndex mapped, float[] queries, ulong[][] filters, int breadth = 0)
    {
        var count = queries.Length / index.Dimensions;
        foreach (var filter in (ulong[]?[])[null, .. filters])
        {
            var settings = new VectorSearchSettings { SearchBreadth = breadth, AllowedIds = filter };
            var (wanted, found) = (new VectorMatch[count * Top], new VectorMatch[count * Top]);
            index.SearchBatch(queries, wanted, Top, settings);
            mapped.SearchBatch(queries, found, Top, settings);
            found.Should().Equal(wanted);
            for (var query = 0; query < count; query++)
            {
                var kept = mapped.Search(queries.AsSpan(query * index.Dimensions, index.Dimensions), found, settings);
                kept.Should().Be(index.Search(queries.AsSpan(query * index.Dimensions, index.Dimensions), wanted, settings));
                found.AsSpan(0, kept).SequenceEqual(wanted.AsSpan(0, kept)).Should().BeTrue();
            }
        }
    }

    private static void AssertSameVectors(VectorIndex index, VectorIndex mapped, int ids)
    {
        var (wanted, found) = (new float[index.Dimensions], new float[index.Dimensions]);
        for (var id = -1; id <= ids; id++)
        {
            mapped.TryCopyVector(id, found).Should().Be(index.TryCopyVector(id, wanted));
            found.AsSpan().SequenceEqual(wanted).Should().BeTrue();
        }
    }
}
