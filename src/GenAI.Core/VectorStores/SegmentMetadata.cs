using System.Runtime.InteropServices;
using GenAI.Core.Storage;

namespace GenAI.Core.VectorStores;

/// <summary>What the manifest says of a segment: how many rows it has, and which of them are left if not all are.</summary>
internal static class SegmentMetadata
{
    public static ManifestSegment Of(PartRows rows)
    {
        var part = (SegmentPart)rows.Part;
        using var log = new LogWriter();
        log.Int(part.Rows);
        if (rows.Count < part.Rows)
            log.Bytes(MemoryMarshal.AsBytes<ulong>(rows.Live));
        return new ManifestSegment { FileName = part.File.Name, FileId = part.File.FileId, Length = part.File.Length, Metadata = log.Written.ToArray() };
    }

    /// <exception cref="CorruptDataException">The segment is damaged, missing, or another one.</exception>
    public static SegmentPart Open(StorageFolder folder, ManifestSegment segment, LocalSchema schema)
    {
        var (rows, live) = Read(segment.Metadata.Span, folder.Path);
        return SegmentPart.Open(SegmentFile.Open(folder, segment), schema, rows, live);
    }

    private static (int Rows, ulong[] Live) Read(ReadOnlySpan<byte> bytes, string path)
    {
        try
        {
            var log = new LogReader(bytes);
            var rows = log.Int();
            var live = SegmentPart.AllRows(rows);
            if (!log.IsAtEnd)
                MemoryMarshal.Cast<byte, ulong>(log.Bytes(live.Length * sizeof(ulong))).CopyTo(live);
            return (rows, live);
        }
        catch (ArgumentException error)
        {
            throw new CorruptDataException(path, 0, "What the manifest says of a segment cannot be read.", error);
        }
    }
}
