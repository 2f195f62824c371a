using System.Buffers.Binary;
using CsCheck;
using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Storage;

public class ManifestTests
{
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 40];

    private static readonly Gen<ManifestSegment> Segments = Gen.Select(Gen.String[0, 30], Gen.ULong, Gen.Long, Bytes)
        .Select(value => new ManifestSegment { FileName = Utf8(value.Item1), FileId = value.Item2, Length = value.Item3, Metadata = value.Item4 });

    private static readonly Gen<ManifestCollection> Collections = Gen.Select(Gen.String[0, 30], Gen.Long, Bytes, Segments.Array[0, 5])
        .Select(value => new ManifestCollection { Name = Utf8(value.Item1), CheckpointSequence = value.Item2, Metadata = value.Item3, Segments = value.Item4 });

    private static readonly Gen<Manifest> Manifests = Gen.Select(Gen.ULong, Gen.Long, Gen.Long, Bytes, Collections.Array[0, 4])
        .Select(value => new Manifest { StoreId = value.Item1, CheckpointSequence = value.Item2, DurableSequence = value.Item3, NextFileNumber = 17, Metadata = value.Item4, Collections = value.Item5 });

    [Fact]
    public void A_manifest_comes_back_as_it_was_written() => Manifests.Holds(200, manifest =>
    {
        var folder = new FaultFolder();
        var written = ManifestFile.Write(folder, manifest);

        written.Generation.Should().Be(1);
        ManifestFile.Read(folder).Should().BeEquivalentTo(manifest, options => options.Excluding(value => value.Generation)
            .Using<ReadOnlyMemory<byte>>(pair => pair.Subject.ToArray().Should().Equal(pair.Expectation.ToArray())).WhenTypeIs<ReadOnlyMemory<byte>>());
        folder.Counters.ManifestBytes.Should().Be(folder.GetTotalLength());
    });

    [Fact]
    public void The_highest_generation_counts_and_those_before_are_deleted()
    {
        var folder = new FaultFolder();
        ManifestFile.Read(folder).Should().BeNull();
        var first = ManifestFile.Write(folder, Example(1));
        var second = ManifestFile.Write(folder, Example(2, first.Generation));

        second.Generation.Should().Be(2);
        folder.List().Should().Equal(StorageNames.Manifest(2));
        ManifestFile.Read(folder)!.CheckpointSequence.Should().Be(2);
    }

    [Fact]
    public void Until_the_new_one_is_durable_the_one_before_counts()
    {
        for (var step = 1; ; step++)
        {
            var folder = new FaultFolder();
            var first = ManifestFile.Write(folder, Example(1));
            folder.Plan(FaultKind.Tear, step);
            var ended = Record.Exception(() => ManifestFile.Write(folder, Example(2, first.Generation))) is not null;
            foreach (var aftermath in Enum.GetValues<Aftermath>())
            {
                for (var seed = 0; seed < 20; seed++)
                    ManifestFile.Read(folder.Restart(aftermath, seed))!.CheckpointSequence.Should().BeOneOf([ended ? 1 : 2, 2], "step {0}, {1}, seed {2}", step, aftermath, seed);
            }

            if (!ended)
                break;
        }
    }

    [Fact]
    public void A_damaged_manifest_is_an_error_even_where_an_older_one_is_left()
    {
        var folder = new FaultFolder();
        ManifestFile.Write(folder, Example(1));
        var old = folder[StorageNames.Manifest(1)];
        ManifestFile.Write(folder, Example(2, 1));
        var name = StorageNames.Manifest(2);
        folder[StorageNames.Manifest(1)] = old;

        for (long bit = 0; bit < folder.GetLength(name) * 8; bit++)
        {
            var damaged = Damage.Flip(folder, name, bit);
            damaged.Invoking(f => ManifestFile.Read(f)).Should().Throw<CorruptDataException>("bit {0} was turned", bit).Which.Path.Should().Be("/fault/" + name);
        }

        for (var length = 0; length < folder.GetLength(name); length++)
        {
            var cut = Damage.With(folder, name, folder[name][..length]);
            cut.Invoking(f => ManifestFile.Read(f)).Should().Throw<CorruptDataException>();
        }
    }

    [Fact]
    public void A_manifest_under_another_name_or_of_a_newer_version_is_refused()
    {
        var folder = new FaultFolder();
        ManifestFile.Write(folder, Example(1));
        var bytes = folder[StorageNames.Manifest(1)];
        folder[StorageNames.Manifest(5)] = bytes;
        folder.Invoking(f => ManifestFile.Read(f)).Should().Throw<CorruptDataException>().WithMessage("*another generation*");

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), 2);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan()[^8..], Checksum.Of(bytes.AsSpan(0, bytes.Length - 8)));
        var newer = new FaultFolder { [StorageNames.Manifest(1)] = bytes };
        newer.Invoking(f => ManifestFile.Read(f)).Should().Throw<NotSupportedException>().WithMessage("*format version 2*");
    }

    [Fact]
    public void A_reader_begins_again_when_the_writer_has_replaced_what_it_was_opening()
    {
        var folder = new FaultFolder();
        ManifestFile.Write(folder, Example(1));
        var tries = new List<long>();

        var opened = ManifestFile.OpenCurrent(folder, manifest =>
        {
            tries.Add(manifest!.Generation);
            if (tries.Count <= 2)
            {
                ManifestFile.Write(folder, Example(tries.Count, manifest.Generation));
                throw new CorruptDataException("/fault/segment", 0, "The segment is missing.");
            }

            return manifest.Generation;
        });

        opened.Should().Be(3);
        tries.Should().Equal(1, 2, 3);
        folder.Invoking(f => ManifestFile.OpenCurrent<long>(f, _ => throw new CorruptDataException("/fault/segment", 0, "Really."))).Should().Throw<CorruptDataException>("nobody replaced anything");
    }

    internal static Manifest Example(long checkpoint, long generation = 0) => new()
    {
        Generation = generation,
        StoreId = 42,
        CheckpointSequence = checkpoint,
        Metadata = new byte[] { 1, 2, 3 },
        Collections =
        [
            new ManifestCollection { Name = "notes", Segments = [new ManifestSegment { FileName = StorageNames.Segment(1), FileId = 7, Length = 8 }] },
            new ManifestCollection { Name = "leer" },
        ],
    };

    // Half a surrogate pair is no text that could be written.
    private static string Utf8(string text) => string.Concat(text.Where(letter => !char.IsSurrogate(letter)));
}
