using System.Buffers.Binary;
using CsCheck;
using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Storage;

public class WriteAheadLogTests
{
    private const ulong Store = 42;
    private static readonly string First = StorageNames.Log(1);

    [Fact]
    public async Task Records_come_back_in_order_through_any_rotation()
    {
        var sizes = Gen.OneOf(Gen.Int[0, 40], Gen.Int[60_000, 70_000]).Array[0, 20];
        await Gen.Select(sizes, Gen.Int[1, 300], Gen.Int[0, 25]).HoldsAsync(60, async (lengths, maxFileBytes, after) =>
        {
            var folder = new FaultFolder();
            await using (var log = Open(folder, maxFileBytes: maxFileBytes))
            {
                for (var i = 0; i < lengths.Length; i++)
                {
                    log.Append(Payload(i + 1, lengths[i])).Should().Be(i + 1);
                    if (i % 3 == 0)
                        await log.CommitAsync(i + 1);
                }
            }

            after = Math.Min(after, lengths.Length);
            var expected = Enumerable.Range(0, lengths.Length).Skip(after).Select(i => ((long)i + 1, Convert.ToHexString(Payload(i + 1, lengths[i]))));
            Read(folder, after).Should().Equal(expected);
            var reopened = new List<(long, string)>();
            await using (var log = Open(folder, after, reopened))
                log.LastSequence.Should().Be(lengths.Length);
            reopened.Should().Equal(expected);
        });
    }

    [Fact]
    public async Task Opening_and_closing_does_not_make_the_log_longer()
    {
        var folder = await LogAsync(3);
        var bytes = folder[First];
        for (var i = 0; i < 3; i++)
            await Open(folder).DisposeAsync();

        folder[First].Should().Equal(bytes);
        folder.Counters.LogBytes.Should().Be(bytes.Length);
    }

    [Fact]
    public async Task A_log_cut_at_any_byte_is_read_up_to_there_or_refused_if_what_is_gone_was_durable_by_the_manifest()
    {
        var folder = await LogAsync(5);
        var bytes = folder[First];
        for (var length = 0; length <= bytes.Length; length++)
        {
            var cut = Damage.With(folder, First, bytes[..length]);
            if (length < LogFormat.HeaderBytes)
            {
                cut.Invoking(f => Read(f)).Should().Throw<CorruptDataException>().WithMessage("*cut off*");
                continue;
            }

            var found = Read(cut);
            found.Should().Equal(Read(folder).Take(found.Count));
            cut[First].Should().HaveCount(length, "reading changes nothing");
            if (found.Count < 5)
                cut.Invoking(f => Read(f, durable: 5)).Should().Throw<CorruptDataException>().WithMessage($"*{First}*ends with record {found.Count}, and record 5 was durable*");
            await using (var log = Open(cut))
                log.Append([1, 2, 3]).Should().Be(found.Count + 1);
            Read(cut).Should().Equal(found.Append((found.Count + 1, "010203")));
        }
    }

    [Fact]
    public async Task A_turned_bit_anywhere_is_damage_or_in_what_nobody_needs()
    {
        var folder = await LogAsync(6, maxFileBytes: 200);
        var expected = Read(folder);
        folder.List().Should().HaveCountGreaterThan(2);
        foreach (var name in folder.List())
        {
            var harmless = 0;
            for (long bit = 0; bit < folder.GetLength(name) * 8; bit++)
            {
                var damaged = Damage.Flip(folder, name, bit);
                List<(long, string)>? found = null;
                if (Damage.Refusal(() => found = Read(damaged)) is { } refusal)
                {
                    refusal.Should().BeOfType<CorruptDataException>().Which.Path.Should().Be("/fault/" + name);
                    continue;
                }

                found.Should().Equal(expected, "bit {0} of {1} was turned and nobody noticed", bit, name);
                harmless++;
            }

            // The mark at the end of the last file, which says that what is before it was durable.
            harmless.Should().Be(name == folder.List()[^1] ? LogFormat.RecordHeadBytes * 8 : 0);
        }
    }

    [Fact]
    public async Task Damage_before_the_end_is_refused_with_its_place_and_nothing_is_changed()
    {
        var folder = await LogAsync(5);
        var damaged = Damage.Flip(folder, First, (LogFormat.HeaderBytes + LogFormat.RecordHeadBytes + 1) * 8);
        var before = damaged[First];

        damaged.Invoking(f => Open(f)).Should().Throw<CorruptDataException>().WithMessage($"*{First}*record after number 0*it was durable*").Which.Offset.Should().Be(LogFormat.HeaderBytes);
        damaged[First].Should().Equal(before);
        damaged.List().Should().Equal(folder.List());
    }

    [Fact]
    public async Task Records_that_were_never_synced_may_be_torn_in_any_order()
    {
        // Two records, neither synced; a power cut keeps the second only.
        var folder = new FaultFolder();
        var log = Open(folder, commit: LogCommit.Manual);
        var durable = log.Append([1]);
        await log.SyncAsync();
        var start = folder.GetLength(First);
        log.Append(new byte[50]);
        log.Append(new byte[60]);
        var bytes = folder[First];
        bytes.AsSpan((int)start, 90).Clear();
        var left = Damage.With(folder, First, bytes);

        Read(left).Should().Equal((durable, "01"));
        // What is written next, with the mark before it, ends where the lost record ended: the one behind, whole and with the next number, must be gone.
        await using var again = Open(left);
        again.Append(new byte[16]).Should().Be(2);
        Read(left).Should().Equal((1, "01"), (2, new string('0', 32)));
    }

    [Fact]
    public async Task A_record_in_another_place_or_of_another_file_is_no_record()
    {
        var folder = await LogAsync(4);
        var bytes = folder[First];
        // The last record and its mark again, behind the end: what a file system left there.
        var twice = Damage.With(folder, First, [.. bytes, .. bytes[^88..]]);
        Read(twice).Should().Equal(Read(folder));

        // The same log written by another file: same records, same places, another file's identity.
        var other = (await LogAsync(4))[First];
        other.Should().HaveCount(bytes.Length);
        var mixed = Damage.With(folder, First, [.. bytes[..64], .. other[64..]]);
        Read(mixed).Should().BeEmpty();
        mixed.Invoking(f => Read(f, durable: 4)).Should().Throw<CorruptDataException>();
    }

    [Fact]
    public async Task A_file_that_is_missing_renamed_or_of_another_store_is_refused()
    {
        var folder = await LogAsync(9, maxFileBytes: 200);
        var names = folder.List();
        names.Should().HaveCountGreaterThan(3);

        Without(names[0]).Invoking(f => Read(f)).Should().Throw<CorruptDataException>().WithMessage("*deleted*");
        Without(names[1]).Invoking(f => Read(f)).Should().Throw<CorruptDataException>().WithMessage("*deleted*");
        Without(names[^1]).Invoking(f => Read(f, durable: 9)).Should().Throw<CorruptDataException>().WithMessage("*cut off*");
        Without([.. names]).Invoking(f => Read(f, durable: 9)).Should().Throw<CorruptDataException>().WithMessage("*log is missing*");
        Damage.With(folder, names[1], folder[names[0]]).Invoking(f => Read(f)).Should().Throw<CorruptDataException>().WithMessage("*under the name of another*");
        folder.Invoking(f => WriteAheadLog.ReadFrom(f, Store + 1, 0, 0, (_, _) => { })).Should().Throw<CorruptDataException>().WithMessage("*another store*");
        var newer = folder[names[0]];
        BinaryPrimitives.WriteUInt32LittleEndian(newer.AsSpan(8), 3);
        BinaryPrimitives.WriteUInt64LittleEndian(newer.AsSpan(56), Checksum.Of(newer.AsSpan(0, 56)));
        Damage.With(folder, names[0], newer).Invoking(f => Read(f)).Should().Throw<NotSupportedException>().WithMessage("*version 3*");

        FaultFolder Without(params string[] gone)
        {
            var copy = folder.Copy();
            foreach (var name in gone)
                copy.Delete(name);
            return copy;
        }
    }

    [Fact]
    public async Task Files_are_deleted_when_nothing_in_them_is_needed()
    {
        var folder = new FaultFolder();
        await using (var log = Open(folder))
        {
            log.Append([1]);
            log.Rotate().Should().Be(1);
            log.Rotate().Should().Be(1, "an empty file is not replaced");
            log.Append([2]);
            log.Append([3]);
            log.Rotate();
            log.Append([4]);
            folder.List().Should().Equal(StorageNames.Log(1), StorageNames.Log(2), StorageNames.Log(3));
            log.DeleteThrough(2);
            folder.List().Should().Equal(StorageNames.Log(2), StorageNames.Log(3));
            log.DeleteThrough(4);
            folder.List().Should().Equal([StorageNames.Log(3)], "the file in use stays");
        }

        Read(folder, after: 3).Should().Equal((4, "04"));
        folder.Invoking(f => Read(f, after: 1)).Should().Throw<CorruptDataException>();
    }

    [Fact]
    public async Task Files_left_by_an_interrupted_deletion_are_no_gap_and_are_deleted_on_opening()
    {
        var folder = await LogAsync(9, maxFileBytes: 200);
        var names = folder.List();
        folder.Delete(names[1]);
        var last = LogFileHeader.Read(folder.Open(names[2]), names[2], 3, Store).FirstSequence;

        Read(folder, after: last - 1).Should().HaveCount(9 - (int)last + 1);
        folder.List().Should().Contain(names[0]);
        await Open(folder, last - 1).DisposeAsync();
        folder.List().Should().NotContain(names[0]);
    }

    internal static WriteAheadLog Open(StorageFolder folder, long after = 0, List<(long, string)>? records = null, long maxFileBytes = 64 << 20, LogCommit commit = LogCommit.EveryBatch, TimeProvider? time = null) =>
        WriteAheadLog.Open(
            folder,
            new LogOptions { StoreId = Store, MaxFileBytes = maxFileBytes, Commit = commit, Time = time ?? TimeProvider.System },
            after,
            0,
            (sequence, payload) => records?.Add((sequence, Convert.ToHexString(payload))));

    internal static List<(long Sequence, string Payload)> Read(StorageFolder folder, long after = 0, long durable = 0)
    {
        var records = new List<(long, string)>();
        WriteAheadLog.ReadFrom(folder, Store, after, durable, (sequence, payload) => records.Add((sequence, Convert.ToHexString(payload))));
        return records;
    }

    /// <summary>A folder with a log of so many records of a few bytes, closed.</summary>
    internal static async Task<FaultFolder> LogAsync(int records, long maxFileBytes = 64 << 20)
    {
        var folder = new FaultFolder();
        await using var log = Open(folder, maxFileBytes: maxFileBytes);
        for (var i = 1; i <= records; i++)
            await log.CommitAsync(log.Append(Payload(i, i % 12)));
        return folder;
    }

    private static byte[] Payload(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
