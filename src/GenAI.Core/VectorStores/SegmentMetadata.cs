using System.Runtime.InteropServices;
using GenAI.Core.Indexing;
using GenAI.Core.Storage;

namespace GenAI.Core.VectorStores;

/// <summary>What the manifest says of a segment: how many rows it has, and, if not all are left, which are and what the texts of the others added to the keyword statistics.</summary>
internal static class SegmentMetadata
{
    public static ManifestSegment Of(PartRows rows)
    {
        var part = (SegmentPart)rows.Part;
        using var log = new LogWriter();
        log.Int(part.Rows);
        if (rows.Count < part.Rows)
        {
            log.Bytes(MemoryMarshal.AsBytes<ulong>(rows.Live));
            foreach (var removed in rows.Removed)
            {
                log.Int(removed?.Length ?? -1);
                log.Bytes(removed);
            }
        }

        return new ManifestSegment { FileName = part.File.Name, FileId = part.File.FileId, Length = part.File.Length, Metadata = log.Written.ToArray() };
    }

    /// <exception cref="CorruptDataException">The segment is damaged, missing, or another one.</exception>
    public static SegmentPart Open(StorageFolder folder, ManifestSegment segment, LocalSchema schema)
    {
        var (rows, live, removed) = Read(segment.Metadata.Span, schema.Data.Count, folder.Path);
        return SegmentPart.Open(SegmentFile.Open(folder, segment), schema, rows, live, removed);
    }

    private static (int Rows, ulong[]? Live, KeywordRemovals?[] Removed) Read(ReadOnlySpan<byte> bytes, int columns, string path)
    {
        try
        {
            var log = new LogReader(bytes);
            var rows = log.Int();
            ArgumentOutOfRangeException.ThrowIfNegative(rows);
            var removed = new KeywordRemovals?[columns];
            if (log.IsAtEnd)
                return (rows, null, removed);
            var live = MemoryMarshal.Cast<byte, ulong>(log.Bytes(RowBits.Words(rows) * sizeof(ulong))).ToArray();
            for (var column = 0; column < columns; column++)
            {
                if (log.Int() is >= 0 and var length)
                    removed[column] = new KeywordRemovals(log.Bytes(length));
            }

            return (rows, live, removed);
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new CorruptDataException(path, 0, "What the manifest says of a segment cannot be read.", error);
        }
    }
}
