using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Tests.VectorStores;

/// <summary>Reads a store with nothing but what docs/guides/durability.md says of its bytes: a reader written from the document finds what was put.</summary>
public class StoreFormatTests
{
    private static readonly Encoding Wide = Encoding.Unicode;

    [Fact]
    public async Task A_reader_written_from_the_document_finds_what_was_put()
    {
        using var folder = new TemporaryFolder();
        await using (var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path }))
        {
            var rows = store.GetDynamicCollection("rows", new VectorStoreCollectionDefinition
            {
                Properties =
                [
                    new VectorStoreKeyProperty("Id", typeof(int)),
                    new VectorStoreDataProperty("Number", typeof(long)) { IsIndexed = true },
                    new VectorStoreDataProperty("Text", typeof(string)) { IsFullTextIndexed = true },
                    new VectorStoreVectorProperty("Vector", typeof(ReadOnlyMemory<float>), 2) { IndexKind = IndexKind.Flat, DistanceFunction = DistanceFunction.DotProductSimilarity },
                ],
            });
            await rows.EnsureCollectionExistsAsync();
            await rows.UpsertAsync([Row(7, 300, "one two"), Row(8, 100, "two"), Row(9, 200, "three ж")]);
            await store.CheckpointAsync();
            await rows.DeleteAsync(8);
            await store.CheckpointAsync();
            await rows.UpsertAsync(Row(10, 400, "tail"));
        }

        var manifest = File.ReadAllBytes(Directory.EnumerateFiles(folder.Path, "*.manifest").Order(StringComparer.Ordinal).Last());
        var (store64, segmentName, metadata) = ReadManifest(manifest);
        ReadSegment(File.ReadAllBytes(Path.Combine(folder.Path, segmentName)));
        ReadLog(Directory.EnumerateFiles(folder.Path, "*.log").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList(), store64);

        // Three rows, of which the first and the third are left; of the data properties the first has no postings; one text was removed, one word long, with one term.
        Int32(metadata, 0).Should().Be(3);
        Int64(metadata, 4).Should().Be(0b101);
        Int32(metadata, 12).Should().Be(-1);
        Int32(metadata, 16).Should().Be(4 + 8 + 8);
        Int32(metadata, 20).Should().Be(1);
        Int64(metadata, 24).Should().Be(1);
        Int32(metadata, 36).Should().Be(1);
        metadata.Length.Should().Be(40);
    }

    private static Dictionary<string, object?> Row(int id, long number, string text) => new()
    {
        ["Id"] = id,
        ["Number"] = number,
        ["Text"] = text,
        ["Vector"] = new ReadOnlyMemory<float>([id, number]),
    };

    private static (ulong Store, string Segment, byte[] Metadata) ReadManifest(byte[] file)
    {
        Encoding.ASCII.GetString(file, 0, 8).Should().Be("GenAIMan");
        Int32(file, 8).Should().Be(1);
        Int64(file, 16).Should().Be(file.Length);
        UInt64(file, file.Length - 8).Should().Be(XxHash3.HashToUInt64(file.AsSpan(..^8)));

        var at = 64;
        Bytes(file, ref at);
        Int32(file, at).Should().Be(1, "there is one collection");
        at += 4;
        Encoding.UTF8.GetString(Bytes(file, ref at)).Should().Be("rows");
        at += 8;
        Bytes(file, ref at);
        Int32(file, at).Should().Be(1, "it has one segment");
        at += 4;
        var name = Encoding.UTF8.GetString(Bytes(file, ref at));
        at += 16;
        var metadata = Bytes(file, ref at);
        at.Should().Be(file.Length - 8);
        return (UInt64(file, 32), name, metadata);
    }

    private static void ReadSegment(byte[] file)
    {
        Encoding.ASCII.GetString(file, 0, 8).Should().Be("GenAISeg");
        Int32(file, 8).Should().Be(1);
        Int32(file, 12).Should().Be(2048);
        UInt64(file, 56).Should().Be(XxHash3.HashToUInt64(file.AsSpan(0, 56)));

        var trailer = file.Length - 64;
        var footer = (int)Int64(file, trailer);
        Int64(file, trailer + 8).Should().Be(file.Length);
        var entries = (int)Int64(file, trailer + 16);
        var (sections, blocks) = (Int32(file, trailer + 24), Int32(file, trailer + 28));
        UInt64(file, trailer + 32).Should().Be(UInt64(file, 16));
        Encoding.ASCII.GetString(file, trailer + 48, 8).Should().Be("GenAIEnd");
        UInt64(file, trailer + 56).Should().Be(XxHash3.HashToUInt64(file.AsSpan(footer, file.Length - 8 - footer)));
        blocks.Should().Be((footer + 2047) / 2048);
        for (var block = 0; block < blocks; block++)
            UInt64(file, footer + entries + block * 8).Should().Be(XxHash3.HashToUInt64(file.AsSpan(block * 2048, Math.Min(2048, footer - block * 2048))));

        var found = new Dictionary<string, byte[]>();
        for (int section = 0, at = footer; section < sections; section++)
        {
            var (start, length) = ((int)Int64(file, at), (int)Int64(file, at + 8));
            (start % 4096).Should().Be(0);
            found[Encoding.UTF8.GetString(file, at + 17, file[at + 16])] = file[start..(start + length)];
            at += 17 + file[at + 16];
        }

        var (keys, numbers, texts) = (Parts(found["keys"]), Parts(found["column 0"]), Parts(found["column 1"]));
        new[] { 0, 4, 8 }.Select(at => Int32(keys[0], at)).Should().Equal(7, 8, 9);
        new[] { 0, 8, 16 }.Select(at => Int64(numbers[0], at)).Should().Equal(300, 100, 200);
        numbers[2].Should().BeEmpty("every row has a value");
        Int64(numbers[3], 0).Should().Be(3);
        new[] { 8, 12, 16 }.Select(at => Int32(numbers[3], at)).Should().Equal(1, 2, 0);
        texts[3].Should().BeEmpty("it is not indexed for filters");
        Enumerable.Range(0, 3).Select(row =>
        {
            var (start, end) = (Int64(texts[1], row * 8), (int)(Int64(texts[1], row * 8 + 8) >> 1));
            return ((start & 1) == 0 ? Encoding.Latin1 : Wide).GetString(texts[0].AsSpan((int)(start >> 1)..end));
        }).Should().Equal("one two", "two", "three ж");

        var head = found["vectors 0.head"];
        new[] { 0, 4, 8, 12 }.Select(at => Int32(head, at)).Should().Equal(1, 0, 1, 2);
        Enumerable.Range(0, 6).Select(i => BitConverter.ToSingle(found["vectors 0.values"], i * 4)).Should().Equal(7, 300, 8, 100, 9, 200);
    }

    private static void ReadLog(List<byte[]> files, ulong store)
    {
        var data = new List<byte[]>();
        foreach (var file in files)
        {
            Encoding.ASCII.GetString(file, 0, 8).Should().Be("GenAILog");
            Int32(file, 8).Should().Be(1);
            UInt64(file, 24).Should().Be(store);
            UInt64(file, 56).Should().Be(XxHash3.HashToUInt64(file.AsSpan(0, 56)));
            for (var at = 64; at < file.Length;)
            {
                var seed = unchecked((long)(UInt64(file, 16) + (ulong)at * 0x9E3779B97F4A7C15));
                var length = Int32(file, at + 12);
                UInt64(file, at).Should().Be(XxHash3.HashToUInt64(file.AsSpan(at + 8, 32), seed));
                UInt64(file, at + 32).Should().Be(XxHash3.HashToUInt64(file.AsSpan(at + 40, length), seed));
                if (Int32(file, at + 8) == 1)
                    data.Add(file[(at + 40)..(at + 40 + length)]);
                at += 40 + (length + 7) / 8 * 8;
            }
        }

        var record = data[^1];
        record[0].Should().Be(1);
        var next = 1;
        Text(record, ref next).Should().Be("rows");
        Int32(record, next).Should().Be(0, "nothing is removed");
        Int32(record, next + 4).Should().Be(1);
        record[next + 8].Should().Be(1);
        Int32(record, next + 9).Should().Be(10);
        record[next + 13].Should().Be(1);
        Int64(record, next + 14).Should().Be(400);
        record[next + 22].Should().Be(1);
        next += 23;
        Text(record, ref next).Should().Be("tail");
        record[next].Should().Be(1, "it has a vector");
        BitConverter.ToSingle(record, next + 1).Should().Be(10);
        BitConverter.ToSingle(record, next + 5).Should().Be(400);
        record.Length.Should().Be(next + 9);
    }

    private static byte[][] Parts(byte[] section)
    {
        var count = (int)Int64(section, section.Length - 8);
        var places = section.Length - 8 * (count + 2);
        return [.. Enumerable.Range(0, count).Select(part => section[(int)Int64(section, places + 8 * part)..(int)Int64(section, places + 8 * (part + 1))])];
    }

    private static byte[] Bytes(byte[] from, ref int at)
    {
        var length = Int32(from, at);
        at += 4 + length;
        return from[(at - length)..at];
    }

    private static string Text(byte[] from, ref int at)
    {
        var bytes = 2 * Int32(from, at);
        at += 4 + bytes;
        return Wide.GetString(from, at - bytes, bytes);
    }

    private static int Int32(byte[] from, int at) => BinaryPrimitives.ReadInt32LittleEndian(from.AsSpan(at));

    private static long Int64(byte[] from, int at) => BinaryPrimitives.ReadInt64LittleEndian(from.AsSpan(at));

    private static ulong UInt64(byte[] from, int at) => BinaryPrimitives.ReadUInt64LittleEndian(from.AsSpan(at));
}
