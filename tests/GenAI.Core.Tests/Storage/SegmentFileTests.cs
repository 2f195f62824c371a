using System.Buffers.Binary;
using CsCheck;
using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Storage;

public class SegmentFileTests
{
    private const string Name = "0000000000000000001.segment";

    [Fact]
    public void Sections_come_back_as_they_were_written_and_start_at_pages()
    {
        var sizes = Gen.Int[0, 200_000].Array[0, 6];
        sizes.Holds(40, lengths =>
        {
            var folder = new FaultFolder();
            using (var writer = new SegmentWriter(folder, Name))
            {
                for (var i = 0; i < lengths.Length; i++)
                    WriteInPieces(writer, $"s{i}", Pattern(i, lengths[i]), piece: 1 + lengths[i] / 3);
                var entry = writer.Complete();
                entry.Length.Should().Be(folder.GetLength(Name));
            }

            folder.List().Should().Equal(Name);
            using var segment = SegmentFile.Open(folder, Name);
            segment.SectionNames.Should().HaveCount(lengths.Length);
            for (var i = 0; i < lengths.Length; i++)
            {
                var section = segment.Section($"s{i}");
                section.Length.Should().Be(lengths[i]);
                Offset(section).Should().Match(offset => offset % 4096 == 0);
                section.VerifyAll();
                section.Span(0, lengths[i]).SequenceEqual(Pattern(i, lengths[i])).Should().BeTrue();
            }

            segment.VerifyFile();
        });
    }

    [Fact]
    public void A_turned_bit_anywhere_is_noticed_by_opening_or_verifying()
    {
        var folder = Segment([70_000, 5, 66_000]);
        var bits = folder.GetLength(Name) * 8;
        var footer = FooterOffset(folder) * 8;
        var chance = new Random(5);
        // Every bit of the header and of the footer, and others at random.
        var chosen = Enumerable.Range(0, SegmentFormat.HeaderBytes * 8).Select(bit => (long)bit)
            .Concat(Enumerable.Range(0, (int)(bits - footer)).Select(bit => footer + bit))
            .Concat(Enumerable.Range(0, 2_000).Select(_ => chance.NextInt64(bits)));

        foreach (var bit in chosen)
        {
            var damaged = Damage.Flip(folder, Name, bit);
            var refusal = Damage.Refusal(() =>
            {
                using var segment = SegmentFile.Open(damaged, Name);
                segment.VerifyFile();
            });
            refusal.Should().BeOfType<CorruptDataException>("bit {0} was turned", bit).Which.Path.Should().Be("/fault/" + Name);
        }
    }

    [Fact]
    public void Damage_is_noticed_by_who_verifies_the_range_and_names_the_block()
    {
        var folder = Segment([200_000]);
        var damaged = Damage.Flip(folder, Name, (4096 + 100_000L) * 8);
        using var segment = SegmentFile.Open(damaged, Name);
        var section = segment.Section("s0");

        section.Verify(0, 90_000);
        section.Verify(110_000, 90_000);
        // The range that ends just before the block, and the one that reaches into it by a byte.
        const int Block = 50;
        section.Verify(0, Block * SegmentFormat.BlockBytes - 4096);
        var verify = () => section.Verify(0, Block * SegmentFormat.BlockBytes - 4096 + 1);

        verify.Should().Throw<CorruptDataException>().Where(error => error.Offset == Block * SegmentFormat.BlockBytes).WithMessage($"*block {Block}*Restore the folder from a backup, or delete it and ingest again*");
        verify.Should().Throw<CorruptDataException>("it stays damaged");
        segment.Invoking(s => s.VerifyFile()).Should().Throw<CorruptDataException>();
    }

    [Fact]
    public unsafe void A_block_is_read_once_for_its_checksum_however_often_it_is_verified()
    {
        using var segment = SegmentFile.Open(Segment([100]), Name);
        var section = segment.Section("s0");
        section.VerifyAll();

        // The mapping of the tests is memory that can be written: if the block were read again, it would not pass.
        section.Start[50] ^= 1;
        section.VerifyAll();
        segment.Invoking(s => s.VerifyFile()).Should().Throw<CorruptDataException>("this one reads everything again");
        section.Start[50] ^= 1;
        segment.VerifyFile();
    }

    [Fact]
    public void A_file_that_is_cut_off_or_longer_is_refused()
    {
        var folder = Segment([10_000, 3]);
        var bytes = folder[Name];
        var lengths = Enumerable.Range(0, 300).Concat(Enumerable.Range(bytes.Length - 300, 300)).Append(4096).Append(8192);

        foreach (var length in lengths)
        {
            var damaged = Damage.With(folder, Name, bytes[..length]);
            damaged.Invoking(_ => SegmentFile.Open(damaged, Name)).Should().Throw<CorruptDataException>("{0} bytes are left", length);
            damaged.Mappings.Should().Be(0);
        }

        foreach (var extra in new[] { 1, 8, 64, 4096 })
        {
            var damaged = Damage.With(folder, Name, [.. bytes, .. new byte[extra]]);
            damaged.Invoking(_ => SegmentFile.Open(damaged, Name)).Should().Throw<CorruptDataException>();
        }
    }

    [Fact]
    public void A_newer_version_is_refused_by_its_number()
    {
        var folder = Segment([10]);
        var bytes = folder[Name];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), 7);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(56), Checksum.Of(bytes.AsSpan(0, 56)));
        var newer = Damage.With(folder, Name, bytes);

        newer.Invoking(_ => SegmentFile.Open(newer, Name)).Should().Throw<NotSupportedException>().WithMessage("*has format version 7*reads up to 1*newer one*Nothing was changed*");
    }

    [Fact]
    public void The_segment_that_the_manifest_names_is_no_other_of_that_name()
    {
        var (folder, entry) = SegmentWithEntry([10]);
        var (other, otherEntry) = SegmentWithEntry([10]);
        other[Name].Should().HaveCount(folder[Name].Length);

        SegmentFile.Open(folder, entry).Dispose();
        folder.Invoking(f => SegmentFile.Open(f, otherEntry)).Should().Throw<CorruptDataException>().WithMessage("*not the segment that the manifest names*");
        folder.Delete(Name);
        folder.Invoking(f => SegmentFile.Open(f, entry)).Should().Throw<CorruptDataException>().WithMessage("*is missing*");
        folder.Mappings.Should().Be(0);
    }

    [Fact]
    public void A_range_that_a_section_does_not_have_is_damage()
    {
        using var segment = SegmentFile.Open(Segment([100]), Name);
        var section = segment.Section("s0");

        section.Span(100, 0).Length.Should().Be(0);
        foreach (var (offset, length) in new[] { (0L, 101), (100L, 1), (-1L, 1), (101L, 0), (long.MaxValue, 1), (5L, int.MaxValue), (5L, -1) })
        {
            section.Invoking(s => s.Span(offset, length).Length).Should().Throw<CorruptDataException>();
            section.Invoking(s => s.Verify(offset, length)).Should().Throw<CorruptDataException>();
        }

        segment.Invoking(s => s.Section("absent")).Should().Throw<CorruptDataException>().WithMessage("*no section 'absent'*");
        segment.TryGetSection("absent", out _).Should().BeFalse();
    }

    [Fact]
    public void A_writer_that_does_not_finish_leaves_nothing()
    {
        var folder = new FaultFolder();
        using (var writer = new SegmentWriter(folder, Name))
            writer.WriteSection("a", new byte[100_000]);

        folder.List().Should().BeEmpty();
    }

    [Fact]
    public void A_full_disk_leaves_nothing_of_a_segment()
    {
        for (var step = 1; ; step++)
        {
            var folder = new FaultFolder();
            folder.Plan(FaultKind.DiskFull, step);
            var write = () =>
            {
                using var writer = new SegmentWriter(folder, Name);
                writer.WriteSection("a", new byte[300_000]);
                writer.Complete();
            };
            if (Record.Exception(write) is null)
                break;
            folder.List().Should().BeEmpty();
            folder.MakeSpace();
            write.Should().NotThrow();
        }
    }

    [Fact]
    public void A_writer_refuses_what_makes_no_file()
    {
        var folder = new FaultFolder();
        using var writer = new SegmentWriter(folder, Name);
        var open = writer.BeginSection("a");
        writer.Invoking(w => w.BeginSection("b")).Should().Throw<InvalidOperationException>();
        writer.Invoking(w => w.Complete()).Should().Throw<InvalidOperationException>();
        open.Dispose();
        open.Invoking(stream => stream.WriteByte(1)).Should().Throw<ObjectDisposedException>();
        foreach (var name in new[] { "a", "", new string('x', 256), new string('ä', 128) })
            writer.Invoking(w => w.BeginSection(name)).Should().Throw<ArgumentException>();
        writer.WriteSection(new string('ä', 127), [1]);
        writer.Complete();
        writer.Invoking(w => w.Complete()).Should().Throw<InvalidOperationException>();
        writer.Invoking(w => w.BeginSection("c")).Should().Throw<InvalidOperationException>();
        using var segment = SegmentFile.Open(folder, Name);
        segment.Section(new string('ä', 127)).Span(0, 1)[0].Should().Be(1);
    }

    [Fact]
    public void A_retired_segment_stays_until_the_last_reader_has_left()
    {
        var folder = Segment([100]);
        var segment = SegmentFile.Open(folder, Name);
        segment.TryEnter().Should().BeTrue();
        segment.TryEnter().Should().BeTrue();

        segment.Retire();
        segment.Retire();
        segment.Dispose();
        folder.Exists(Name).Should().BeTrue();
        folder.Mappings.Should().Be(1);
        segment.Section("s0").VerifyAll();
        segment.TryEnter().Should().BeFalse("those who come now would keep it for ever");
        segment.Exit();
        segment.Section("s0").VerifyAll();
        segment.Exit();

        folder.Exists(Name).Should().BeFalse();
        folder.Mappings.Should().Be(0);
    }

    [Fact]
    public void A_disposed_segment_keeps_its_file()
    {
        var folder = Segment([100]);
        SegmentFile.Open(folder, Name).Dispose();

        folder.Exists(Name).Should().BeTrue();
        folder.Mappings.Should().Be(0);
    }

    [Fact]
    public async Task Many_readers_verify_at_once_while_the_owner_retires_it()
    {
        var folder = Segment([1_000_000]);
        var segment = SegmentFile.Open(folder, Name);
        var pattern = Pattern(0, 1_000_000);
        var readers = Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var (chance, reads) = (new Random(seed), 0);
            while (segment.TryEnter())
            {
                var section = segment.Section("s0");
                var offset = chance.Next(900_000);
                section.Verify(offset, 100_000);
                (section.Span(offset, 1)[0] == pattern[offset]).Should().BeTrue();
                segment.Exit();
                if (++reads == 200)
                    segment.Retire();
            }

            return reads;
        })).ToArray();

        (await Task.WhenAll(readers)).Sum().Should().BeGreaterThanOrEqualTo(200);
        folder.Exists(Name).Should().BeFalse();
        folder.Mappings.Should().Be(0);
    }

    [Fact]
    public void Verifying_a_file_can_be_cancelled()
    {
        using var segment = SegmentFile.Open(Segment([100]), Name);

        segment.Invoking(s => s.VerifyFile(new CancellationToken(canceled: true))).Should().Throw<OperationCanceledException>();
    }

    internal static FaultFolder Segment(int[] lengths) => SegmentWithEntry(lengths).Folder;

    private static (FaultFolder Folder, ManifestSegment Entry) SegmentWithEntry(int[] lengths)
    {
        var folder = new FaultFolder();
        using var writer = new SegmentWriter(folder, Name);
        for (var i = 0; i < lengths.Length; i++)
            writer.WriteSection($"s{i}", Pattern(i, lengths[i]));
        return (folder, writer.Complete());
    }

    private static void WriteInPieces(SegmentWriter writer, string name, byte[] bytes, int piece) => writer.WriteSection(name, stream =>
    {
        for (var at = 0; at < bytes.Length; at += piece)
        {
            stream.Position.Should().Be(at);
            stream.Write(bytes, at, Math.Min(piece, bytes.Length - at));
        }
    });

    private static byte[] Pattern(int seed, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)((i * 2654435761u >> 13) + (uint)seed);
        return bytes;
    }

    private static long FooterOffset(FaultFolder folder) => BinaryPrimitives.ReadInt64LittleEndian(folder[Name].AsSpan()[^64..]);

    private static unsafe long Offset(MappedSection section) => (long)section.Start;
}
