using System.Buffers.Binary;

namespace GenAI.Core.Storage;

/// <summary>What a record of the log is for.</summary>
internal enum LogRecordKind
{
    /// <summary>A payload of the log's user.</summary>
    Data = 1,

    /// <summary>Says how far the file is durable; written after a sync that no other record follows.</summary>
    Mark = 2,

    /// <summary>The last record of a file that another follows.</summary>
    Seal = 3,
}

/// <summary>The head of a record.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="PayloadBytes">Bytes of the payload, without the zeros that follow it up to a multiple of 8.</param>
/// <param name="Sequence">Its number; of a mark or seal, that of the last record with data.</param>
/// <param name="DurableBytes">How much of the file was durable when the record was written.</param>
/// <param name="PayloadChecksum">Over the payload.</param>
internal readonly record struct LogRecordHead(LogRecordKind Kind, int PayloadBytes, long Sequence, long DurableBytes, ulong PayloadChecksum)
{
    public long TotalBytes => LogFormat.RecordHeadBytes + SegmentFormat.Align(PayloadBytes, 8);
}

/// <summary>The shape of a log file; docs/guides/durability.md has it byte by byte.</summary>
internal static class LogFormat
{
    public const uint Version = 1;
    public const int HeaderBytes = 64;
    public const int RecordHeadBytes = 40;

    /// <summary>One GiB: a length beyond it is damage.</summary>
    public const int MaxPayloadBytes = 1 << 30;

    public static ReadOnlySpan<byte> Magic => "GenAILog"u8;

    /// <summary>What the checksums of the record at a position start from: a record that was copied from elsewhere, or is left from another file, does not fit.</summary>
    public static ulong Seed(ulong fileId, long position) => unchecked(fileId + (ulong)position * 0x9E3779B97F4A7C15);

    public static void WriteHead(Span<byte> head, in LogRecordHead record, ulong seed)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], (uint)record.Kind);
        BinaryPrimitives.WriteInt32LittleEndian(head[12..], record.PayloadBytes);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], record.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(head[24..], record.DurableBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(head[32..], record.PayloadChecksum);
        BinaryPrimitives.WriteUInt64LittleEndian(head, Checksum.Of(head[8..RecordHeadBytes], seed));
    }

    /// <param name="head">At least <see cref="RecordHeadBytes"/>.</param>
    /// <param name="seed">Of the file and the position.</param>
    /// <param name="record">The head.</param>
    /// <returns>Whether it is the head of a record that was written there.</returns>
    public static bool TryReadHead(ReadOnlySpan<byte> head, ulong seed, out LogRecordHead record)
    {
        record = new LogRecordHead(
            (LogRecordKind)BinaryPrimitives.ReadUInt32LittleEndian(head[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(head[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(head[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(head[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(head[32..]));
        return record.Kind is LogRecordKind.Data or LogRecordKind.Mark or LogRecordKind.Seal
            && record.PayloadBytes is >= 0 and <= MaxPayloadBytes
            && BinaryPrimitives.ReadUInt64LittleEndian(head) == Checksum.Of(head[8..RecordHeadBytes], seed);
    }
}
