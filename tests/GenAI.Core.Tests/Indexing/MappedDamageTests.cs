using GenAI.Core.Indexing;
using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Indexing;

public class MappedDamageTests
{
    [Fact]
    public void A_flipped_bit_in_any_byte_of_a_section_is_noticed_when_it_is_read()
    {
        using var segment = MappedReadings.Make();
        var wanted = MappedReadings.Columns.ToDictionary(column => column, column => MappedReadings.Of(segment.File.Section, column));
        var random = new Random(2);
        using var file = new FileStream(segment.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        foreach (var (column, offset) in Bytes(segment.File))
        {
            Flip(file, offset, random.Next(8), () =>
            {
                segment.Reopen();
                FluentActions.Invoking(() => MappedReadings.Of(segment.File.Section, column)).Should().Throw<CorruptDataException>("byte {0} of '{1}' was flipped", offset, column)
                    .Which.Path.Should().Be(segment.Path);
            });
        }

        segment.Reopen();
        foreach (var column in MappedReadings.Columns)
            MappedReadings.Of(segment.File.Section, column).Should().Be(wanted[column], "nothing was left flipped");
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1)]
    public void A_flipped_bit_anywhere_in_a_segment_of_many_blocks_never_makes_a_result_wrong(int graphThreshold)
    {
        const int Rows = 3000, Dimensions = 96, Queries = 12;
        using var index = graphThreshold == 1
            ? VectorIndex.CreateGraph(Dimensions, VectorMetric.Cosine, new GraphIndexOptions { BuildBreadth = 24, MaxNeighbors = 6 })
            : VectorIndex.CreateExact(Dimensions, VectorMetric.Cosine, new ExactIndexOptions { Codes = ExactCodes.FourBit });
        index.Upsert(GraphData.Ids(0, Rows), GraphData.Clustered(1, Rows, Dimensions));
        using var segment = SegmentOnDisk.Of(index, Rows, new DynamicIndexOptions { GraphThreshold = graphThreshold, Exact = new ExactIndexOptions { Codes = ExactCodes.FourBit } });
        var (queries, random, results, noticed) = (GraphData.Clustered(2, Queries, Dimensions), new Random(3), new VectorMatch[10], 0);
        var wanted = Enumerable.Range(0, Queries).Select(query => Search(index, query)).ToArray();
        using var file = new FileStream(segment.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        for (var flip = 0; flip < 60; flip++)
        {
            Flip(file, 4096 + random.NextInt64(file.Length - 8192), random.Next(8), () =>
            {
                try
                {
                    segment.Reopen();
                    using var mapped = segment.Vectors();
                    for (var query = 0; query < Queries; query++)
                        Search(mapped, query).Should().Equal(wanted[query]);
                }
                catch (CorruptDataException)
                {
                    noticed++;
                }
            });
        }

        noticed.Should().BeGreaterThan(20);

        VectorMatch[] Search(VectorIndex searched, int query)
        {
            var count = searched.Search(queries.AsSpan(query * Dimensions, Dimensions), results, new VectorSearchSettings { SearchBreadth = 20 });
            return results[..count];
        }
    }

    [Fact]
    public void Several_threads_that_read_a_damaged_segment_first_all_notice()
    {
        using var segment = MappedReadings.Make();
        using var file = new FileStream(segment.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        foreach (var column in MappedReadings.Columns)
        {
            var offset = Bytes(segment.File).First(place => place.Column == column).Offset;
            Flip(file, offset, 3, () =>
            {
                segment.Reopen();
                Parallel.For(0, 8, _ => FluentActions.Invoking(() => MappedReadings.Of(segment.File.Section, column)).Should().Throw<CorruptDataException>());
            });
        }
    }

    [Fact]
    public async Task Several_threads_that_read_a_segment_first_find_the_same()
    {
        using var segment = MappedReadings.Make();
        var wanted = MappedReadings.Columns.Select(column => MappedReadings.Of(segment.File.Section, column)).ToArray();
        for (var round = 0; round < 20; round++)
        {
            segment.Reopen();
            var found = await Task.WhenAll(MappedReadings.Columns.Concat(MappedReadings.Columns).Select(column => Task.Run(() => MappedReadings.Of(segment.File.Section, column))));
            found.Should().Equal([.. wanted, .. wanted]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_section_is_read_beyond_its_ends(bool atEnd)
    {
        using var segment = MappedReadings.Make();
        using var guarded = new GuardedSections(segment.File, atEnd);
        foreach (var column in MappedReadings.Columns)
            MappedReadings.Of(guarded.Find, column).Should().Be(MappedReadings.Of(segment.File.Section, column));
    }

    [Fact]
    public void Sections_whose_checksums_are_right_but_whose_content_is_not_lead_nowhere_else()
    {
        // Whatever they hold: a search ends, with some result or with a complaint, and reads nothing outside (which would end the process).
        using var segment = MappedReadings.Make();
        var random = new Random(77);
        var complaints = 0;
        for (var round = 0; round < 120; round++)
        {
            using var changed = new SegmentOnDisk(writer => CopyChanged(segment.File, writer, random));
            using var guarded = new GuardedSections(changed.File, atEnd: round % 2 == 0);
            foreach (var column in MappedReadings.Columns)
            {
                try
                {
                    MappedReadings.Of(guarded.Find, column);
                    Merge(guarded, column);
                }
                catch (Exception exception) when (exception is CorruptDataException or InvalidDataException)
                {
                    complaints++;
                }
            }
        }

        complaints.Should().BeGreaterThan(40);
    }

    private static void Merge(GuardedSections sections, string column)
    {
        using var merged = new SegmentOnDisk(writer =>
        {
            if (column == "words")
            {
                var words = KeywordSections.Open(sections.Find, column);
                KeywordSectionWriter.Write(writer, column, [new KeywordPiece(words, SegmentOnDisk.All(words.Ids))], words.Ids);
                return;
            }

            using var index = VectorSections.Open(sections.Find, column);
            VectorSectionWriter.Write(writer, column, [new VectorPiece(index, SegmentOnDisk.All(100))], 100, new DynamicIndexOptions { GraphThreshold = column == "graph" ? 1 : int.MaxValue });
        });
    }

    private static void CopyChanged(SegmentFile source, SegmentWriter writer, Random random)
    {
        foreach (var name in source.SectionNames)
        {
            var section = source.Section(name);
            var bytes = section.Span(0, (int)section.Length).ToArray();
            for (var change = random.Next(4); change > 0 && bytes.Length > 0; change--)
            {
                var at = random.Next(bytes.Length);
                switch (random.Next(4))
                {
                    case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                    case 1: bytes.AsSpan(at, Math.Min(random.Next(1, 9), bytes.Length - at)).Fill((byte)(random.Next(3) * 0x7F + random.Next(2))); break;
                    case 2: random.NextBytes(bytes.AsSpan(at, Math.Min(16, bytes.Length - at))); break;
                    default: bytes = random.Next(4) == 0 ? bytes[..at] : bytes; break;
                }
            }

            writer.WriteSection(name, bytes);
        }
    }

    /// <summary>Where the bytes of all sections are in the file.</summary>
    private static unsafe List<(string Column, long Offset)> Bytes(SegmentFile segment)
    {
        var names = segment.SectionNames.ToArray();
        var starts = Array.ConvertAll(names, name => (nint)segment.Section(name).Start);
        var lengths = Array.ConvertAll(names, name => segment.Section(name).Length);
        var places = new List<(string Column, long Offset)>();
        for (var i = 0; i < names.Length; i++)
        {
            for (var at = 0L; at < lengths[i]; at++)
                places.Add((names[i][..names[i].IndexOf('.', StringComparison.Ordinal)], 4096 + starts[i] - starts.Min() + at));
        }

        return places;
    }

    private static void Flip(FileStream file, long offset, int bit, Action look)
    {
        Span<byte> old = stackalloc byte[1];
        file.Position = offset;
        file.ReadExactly(old);
        var original = old[0];
        file.Position = offset;
        file.WriteByte((byte)(original ^ 1 << bit));
        look();
        file.Position = offset;
        file.WriteByte(original);
    }
}
