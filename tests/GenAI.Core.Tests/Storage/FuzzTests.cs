using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Storage;

/// <summary>
/// Mutated files. The parsers refuse them by a <see cref="CorruptDataException"/> (or, a newer version, by a <see cref="NotSupportedException"/>), or read what is whole: they do not
/// crash, hang, allocate more than four times the file, or return something else. Half of the mutants get checksums that fit, so that the code behind the checksums is reached as well.
/// Set GENAI_CORE_FUZZ_SECONDS to run each parser for so long with other mutants; without it a thousand or so, the same each time.
/// </summary>
public class FuzzTests
{
    // What is allocated whatever the file: the exception with its message and trace, the objects around the bytes.
    private const long AllocationBase = 64 << 10;
    private const int ShortRuns = 1_500;

    [Fact]
    public async Task The_log_withstands_mutants()
    {
        var folder = await WriteAheadLogTests.LogAsync(8);
        var name = folder.List()[0];
        var whole = WriteAheadLogTests.Read(folder);

        Run(
            folder[name],
            Reseal.Log,
            bytes => new FaultFolder { [name] = bytes },
            mutant =>
            {
                var records = new List<(long Sequence, byte[] Payload)>();
                WriteAheadLog.ReadFrom(mutant, 42, 0, 0, (sequence, payload) => records.Add((sequence, payload.ToArray())));
                return records;
            },
            (records, resealed) =>
            {
                records.Select(record => record.Sequence).Should().BeInAscendingOrder();
                if (!resealed)
                    records.Select(record => (record.Sequence, Convert.ToHexString(record.Payload))).Should().Equal(whole.Take(records.Count));
            });
    }

    [Fact]
    public void A_segment_withstands_mutants()
    {
        var folder = SegmentFileTests.Segment([3_000, 0, 70_000]);
        var name = folder.List()[0];

        Run(
            folder[name],
            Reseal.Segment,
            bytes => new FaultFolder { [name] = bytes },
            mutant =>
            {
                using var segment = SegmentFile.Open(mutant, name);
                var sum = 0;
                // Every byte that it says it has is there and can be read.
                foreach (var section in segment.SectionNames.Select(segment.Section))
                {
                    section.VerifyAll();
                    foreach (var value in section.Span(0, (int)section.Length))
                        sum += value;
                }

                segment.VerifyFile();
                return sum;
            },
            (_, resealed) => resealed.Should().BeTrue("no mutant without fitting checksums passes"));
    }

    [Fact]
    public void A_manifest_withstands_mutants()
    {
        var folder = new FaultFolder();
        ManifestFile.Write(folder, ManifestTests.Example(3));
        var name = folder.List()[0];

        Run(
            folder[name],
            Reseal.Manifest,
            bytes => new FaultFolder { [name] = bytes },
            mutant => ManifestFile.Read(mutant)!,
            (manifest, resealed) =>
            {
                manifest.Generation.Should().Be(1);
                resealed.Should().BeTrue("no mutant without a fitting checksum passes");
            });
    }

    private static void Run<T>(byte[] original, Action<byte[]> seal, Func<byte[], FaultFolder> prepare, Func<FaultFolder, T> parse, Action<T, bool> check)
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("GENAI_CORE_FUZZ_SECONDS") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        var seed = seconds == 0 ? 20261127 : Environment.TickCount;
        var mutator = new ByteMutator(seed);
        var end = Environment.TickCount64 + seconds * 1000L;
        var (runs, refused) = (0, 0);
        // A hang ends the run with the number of the mutant; nothing else could.
        using var watch = new Timer(_ => Environment.FailFast($"Mutant {runs} of seed {seed} hangs."));
        parse(prepare(original));
        for (; seconds == 0 ? runs < ShortRuns : Environment.TickCount64 < end; runs++)
        {
            var mutant = mutator.Mutate(original);
            if (mutant.AsSpan().SequenceEqual(original))
                continue;
            var resealed = runs % 2 == 1;
            if (resealed)
                seal(mutant);
            var folder = prepare(mutant);
            watch.Change(TimeSpan.FromSeconds(30), Timeout.InfiniteTimeSpan);
            try
            {
                var (before, result) = (GC.GetAllocatedBytesForCurrentThread(), default(T));
                var refusal = Damage.Refusal(() => result = parse(folder));
                (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(4 * mutant.Length + AllocationBase);
                folder.Mappings.Should().Be(0);
                if (refusal is null)
                    check(result!, resealed);
                else
                    refused++;
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"Mutant {runs} of seed {seed}: {error.Message}", error);
            }
        }

        refused.Should().BeGreaterThan(runs / 3);
    }
}
