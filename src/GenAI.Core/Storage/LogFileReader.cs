namespace GenAI.Core.Storage;

/// <summary>Gets the records with data, in order. The payload is valid during the call only.</summary>
internal delegate void LogRecordHandler(long sequence, ReadOnlySpan<byte> payload);

/// <summary>What one log file turned out to hold.</summary>
/// <param name="LastSequence">The number of the last record, or the one before the first where there is none.</param>
/// <param name="End">Where the last whole record ends; the rest of the file is a torn tail.</param>
/// <param name="DurableBytes">How much of the file is known to be durable.</param>
/// <param name="Sealed">Whether it ends as a file does that another follows.</param>
internal readonly record struct LogFileContent(long LastSequence, long End, long DurableBytes, bool Sealed);

/// <summary>Reads one log file from its first record to its last, and tells a tail that a crash tore from damage to what was durable. Changes nothing.</summary>
internal sealed class LogFileReader(StorageFile file, string path, LogFileHeader header)
{
    private const int ChunkBytes = 1 << 20;

    // What was appended after this moment belongs to a later reading; before it, a writer beside us changes nothing.
    private readonly long _length = file.Length;
    private byte[] _buffer = [];
    private long _bufferStart;
    private int _bufferBytes;

    /// <param name="isLast">Whether no file follows: only then may the tail be torn.</param>
    /// <param name="after">Records up to this number are verified but not handed on.</param>
    /// <param name="handler">Gets the others.</param>
    /// <exception cref="CorruptDataException">Something that was durable is damaged.</exception>
    public LogFileContent Read(bool isLast, long after, LogRecordHandler handler)
    {
        var content = new LogFileContent(header.FirstSequence - 1, LogFormat.HeaderBytes, LogFormat.HeaderBytes, false);
        while (content.End < _length && !content.Sealed)
        {
            if (!TryReadRecord(content.End, out var record, out var payload))
            {
                ThrowIfDurable(content, isLast);
                return content;
            }

            if (record.Sequence != content.LastSequence + (record.Kind == LogRecordKind.Data ? 1 : 0) || record.DurableBytes > content.End)
                throw new CorruptDataException(path, content.End, $"After record {content.LastSequence} comes record {record.Sequence}.");
            if (record.Kind == LogRecordKind.Data && record.Sequence > after)
                handler(record.Sequence, payload);
            var end = content.End + record.TotalBytes;
            // A mark that says so of everything before it needs no other after it.
            var durable = record.Kind == LogRecordKind.Mark && record.DurableBytes == content.End ? end : Math.Max(content.DurableBytes, record.DurableBytes);
            content = new LogFileContent(record.Sequence, end, durable, record.Kind == LogRecordKind.Seal);
        }

        if (!isLast && !content.Sealed)
            throw new CorruptDataException(path, content.End, "The file is cut off: another follows it, and its last record is missing.");
        return content;
    }

    private bool TryReadRecord(long position, out LogRecordHead record, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        record = default;
        var seed = LogFormat.Seed(header.FileId, position);
        if (_length - position < LogFormat.RecordHeadBytes || !LogFormat.TryReadHead(Bytes(position, LogFormat.RecordHeadBytes), seed, out record) || record.TotalBytes > _length - position)
            return false;
        var padded = Bytes(position + LogFormat.RecordHeadBytes, (int)SegmentFormat.Align(record.PayloadBytes, 8));
        payload = padded[..record.PayloadBytes];
        return Checksum.Of(payload, seed) == record.PayloadChecksum && !padded[record.PayloadBytes..].ContainsAnyExcept((byte)0);
    }

    // A crash may tear any of the records that were never synced, and in any order; but each record says how far the file was durable when it was written. One that says
    // so of the bad place proves that the place was whole once.
    private void ThrowIfDurable(LogFileContent content, bool isLast)
    {
        var damaged = new CorruptDataException(path, content.End, $"The record after number {content.LastSequence} is not what was written, and it was durable.");
        if (!isLast || content.DurableBytes > content.End)
            throw damaged;
        for (var position = content.End + 8; position <= _length - LogFormat.RecordHeadBytes; position += 8)
        {
            if (LogFormat.TryReadHead(Bytes(position, LogFormat.RecordHeadBytes), LogFormat.Seed(header.FileId, position), out var record) && record.DurableBytes > content.End)
                throw damaged;
        }
    }

    // The range lies within the file's length; a file that has become shorter since is cut off.
    private ReadOnlySpan<byte> Bytes(long position, int count)
    {
        if (position < _bufferStart || position + count > _bufferStart + _bufferBytes)
        {
            var wanted = (int)Math.Min(Math.Max(count, ChunkBytes), _length - position);
            if (_buffer.Length < wanted)
                _buffer = new byte[Math.Max(wanted, Math.Min(2L * _buffer.Length, _length))];
            _bufferStart = position;
            _bufferBytes = file.Read(_buffer.AsSpan(0, wanted), position);
            if (_bufferBytes < count)
                throw new CorruptDataException(path, position + _bufferBytes, "The file became shorter while it was read.");
        }

        return _buffer.AsSpan((int)(position - _bufferStart), count);
    }
}
