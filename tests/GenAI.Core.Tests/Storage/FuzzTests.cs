using System.Buffers.Binary;
using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Storage;

/// <summary>
/// Mutated files. The parsers may refuse them by a <see cref="CorruptDataException"/> (or, a newer version, by a <see cref="NotSupportedException"/>), and may read what is still whole; they do not
/// crash, hang, allocate more than four times the file, or return something else. Half of the mutants get checksums that fit, so that the code behind the checksums is reached as well.
/// Set GENAI_CORE_FUZZ_SECONDS to run each parser for so long with other mutants; without it a thousand or so, always the same.
/// </summary>
public class FuzzTests
{
    // What the objects around the bytes take: the exception with its message and trace, the reader, a first chunk.
    private const long AllocationBase = 96 << 10;
    private const int ShortRuns = 1_200;

    [Fact]
    public async Task Log()
    {
        var folder = await WriteAheadLogTests.LogAsync(8);
        var name = folder.List()[0];
        var whole = WriteAheadLogTests.Read(folder);
        Run(folder[name], SealLog, (bytes, resealed) =>
        {
            var records = new List<(long Sequence, string)>();
            var mutant = new FaultFolder { [name] = bytes };
            WriteAheadLog.ReadFrom(mutant, 42, 0, 0, (sequence, payload) => records.Add((sequence, payload.Length > 100 ? "" : Convert.ToHexString(payload))));
            records.Select(record => record.Sequence).Should().Equal(Enumerable.Range(1, records.Count).Select(sequence => (long)sequence));
            if (!resealed)
                records.Should().Equal(whole.Take(records.Count));
        });
    }

    [Fact]
    public void Segment()
    {
        var folder = SegmentFileTests.Segment([3_000, 0, 70_000]);
        var name = folder.List()[0];
        Run(folder[name], SealSegment, (bytes, _) =>
        {
            var mutant = new FaultFolder { [name] = bytes };
            using var segment = SegmentFile.Open(mutant, name);
            foreach (var section in segment.SectionNames.Select(segment.Section))
            {
                // Every byte that it says it has can be read.
                section.VerifyAll();
                section.Span(0, (int)section.Length).IndexOf((byte)1);
            }

            segment.VerifyFile();
        });
    }

    [Fact]
    public void Manifest()
    {
        var folder = new FaultFolder();
        ManifestFile.Write(folder, ManifestTests.Example(3));
        var name = folder.List()[0];
        Run(folder[name], SealManifest, (bytes, resealed) =>
        {
            var manifest = ManifestFile.Read(new FaultFolder { [name] = bytes })!;
            if (!resealed)
                manifest.Should().BeEquivalentTo(ManifestTests.Example(3), options => options.Excluding(value => value.Generation).Excluding(value => value.Metadata).Excluding(value => value.Path.EndsWith("Metadata")));
        });
    }

    private static void Run(byte[] original, Action<byte[]> seal, Action<byte[], bool> parse)
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("GENAI_CORE_FUZZ_SECONDS") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        var seed = seconds == 0 ? 20261127 : Environment.TickCount;
        var mutator = new ByteMutator(seed);
        var end = DateTime.UtcNow.AddSeconds(seconds);
        var (runs, refused) = (0, 0);
        for (; seconds == 0 ? runs < ShortRuns : DateTime.UtcNow < end; runs++)
        {
            var mutant = mutator.Mutate(original);
            var resealed = runs % 2 == 1;
            if (resealed && mutant.Length > 128)
                seal(mutant);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var refusal = RefusalOf(() => parse(mutant, resealed), seed, runs);
            refused += refusal is null ? 0 : 1;
        }

        refused.Should().BeGreaterThan(runs / 3);
    }

    private static Exception? RefusalOf(Action parse, int seed, int run)
    {
        try
        {
            return Damage.Refusal(parse);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"Mutant {run} of seed {seed}: {error.Message}", error);
        }
    }

    private static void SealManifest(byte[] bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), bytes.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan()[^8..], Checksum.Of(bytes.AsSpan()[..^8]));
    }
}
