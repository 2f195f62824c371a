namespace GenAI.Core.Storage;

// How bytes get into the files.
internal sealed partial class WriteAheadLog
{
    // A record up to this size is put together in memory and written by one call.
    private const int ScratchBytes = 64 << 10;

    private readonly byte[] _scratch = new byte[ScratchBytes];

    private void Write_NeedsLock(LogRecordKind kind, long sequence, ReadOnlySpan<byte> payload)
    {
        var seed = LogFormat.Seed(_header.FileId, _position);
        var record = new LogRecordHead(kind, payload.Length, sequence, _durableBytes, Checksum.Of(payload, seed));
        try
        {
            if (record.TotalBytes <= _scratch.Length)
            {
                LogFormat.WriteHead(_scratch, record, seed);
                payload.CopyTo(_scratch.AsSpan(LogFormat.RecordHeadBytes));
                _scratch.AsSpan(LogFormat.RecordHeadBytes + payload.Length, PaddingBytes(record)).Clear();
                _file.Write(_scratch.AsSpan(0, (int)record.TotalBytes), _position);
            }
            else
            {
                WriteInParts_NeedsLock(record, seed, payload);
            }
        }
        catch (IOException)
        {
            TakeBack_NeedsLock();
            throw;
        }

        _position += record.TotalBytes;
        _folder.Counters.AddLog(record.TotalBytes);
    }

    // A large payload goes to the file from where it is; without the head, which comes last, there is no record.
    private void WriteInParts_NeedsLock(in LogRecordHead record, ulong seed, ReadOnlySpan<byte> payload)
    {
        _file.Write(payload, _position + LogFormat.RecordHeadBytes);
        Span<byte> zeros = stackalloc byte[8];
        zeros.Clear();
        if (PaddingBytes(record) > 0)
            _file.Write(zeros[..PaddingBytes(record)], _position + LogFormat.RecordHeadBytes + payload.Length);
        Span<byte> head = stackalloc byte[LogFormat.RecordHeadBytes];
        LogFormat.WriteHead(head, record, seed);
        _file.Write(head, _position);
    }

    private static int PaddingBytes(in LogRecordHead record) => (int)(record.TotalBytes - LogFormat.RecordHeadBytes - record.PayloadBytes);

    // A write that failed (a full disk) may have left a part of the record. Without it the log is as before, and usable as soon as there is space.
    private void TakeBack_NeedsLock()
    {
        try
        {
            _file.Truncate(_position);
        }
        catch (IOException error)
        {
            _failure = error;
        }
    }

    private long Begin()
    {
        lock (_gate)
        {
            ThrowIfFailed_NeedsLock();
            return _sequence;
        }
    }

    private void Sync()
    {
        StorageFile file;
        long position;
        lock (_gate)
            (file, position) = (_file, _position);
        lock (_syncGate)
        {
            // A rotation since then has synced and closed the file.
            if (file != _file)
                return;
            ThrowIfFailed_NeedsLock();
            try
            {
                file.Sync();
            }
            catch (Exception error)
            {
                // The system may have dropped what it could not write, and would report success the next time.
                _failure = error;
                throw;
            }
        }

        lock (_gate)
        {
            if (file != _file || _failure is not null || _disposed)
                return;
            _durableBytes = position;
            if (_position == position)
                Mark_NeedsLock();
        }
    }

    // Without a record after it, nothing would tell damage to the last record from a tail torn by a crash.
    private void Mark_NeedsLock()
    {
        try
        {
            Write_NeedsLock(LogRecordKind.Mark, _sequence, []);
        }
        catch (IOException)
        {
            // No space for it: the records are durable all the same.
        }
    }

    private void Rotate_NeedsLock()
    {
        var (file, header) = CreateFile();
        var published = false;
        try
        {
            Write_NeedsLock(LogRecordKind.Seal, _sequence, []);
            lock (_syncGate)
            {
                // A sync that failed meanwhile must not be followed by one that seems to succeed.
                ThrowIfFailed_NeedsLock();
                try
                {
                    _file.Sync();
                    published = true;
                    Publish_NeedsLock(file, header);
                }
                catch (Exception error)
                {
                    _failure = error;
                    throw;
                }

                _file.Dispose();
                _file = file;
            }
        }
        finally
        {
            if (_file != file)
                Discard(file, header, published);
        }

        _header = header;
        _position = _durableBytes = LogFormat.HeaderBytes;
        _syncs.Advance(_sequence);
    }

    private void Discard(StorageFile file, LogFileHeader header, bool published)
    {
        file.Dispose();
        if (published)
            return;
        try
        {
            _folder.Delete(StorageNames.Temporary(header.Name));
        }
        catch (IOException)
        {
            // Left for the next open for writing.
        }
    }

    // Under its temporary name, durable.
    private (StorageFile File, LogFileHeader Header) CreateFile()
    {
        var header = LogFileHeader.CreateNew(_files.Count == 0 ? 1 : _files[^1].Number + 1, _options.StoreId, _sequence + 1);
        var file = _folder.Create(StorageNames.Temporary(header.Name));
        try
        {
            Span<byte> bytes = stackalloc byte[LogFormat.HeaderBytes];
            header.Write(bytes);
            file.Write(bytes, 0);
            file.Sync();
            _folder.Counters.AddLog(bytes.Length);
            return (file, header);
        }
        catch
        {
            Discard(file, header, published: false);
            throw;
        }
    }

    private void Publish_NeedsLock(StorageFile file, LogFileHeader header)
    {
        _folder.Rename(StorageNames.Temporary(header.Name), header.Name);
        _folder.SyncEntries();
        _files.Add(header);
    }

    // A crash, or a sync that failed, may have left records that are in the system's memory and not on disk, which a sync alone need not write again. Written again they are.
    private void Recover()
    {
        try
        {
            if (_file.Length > _position)
                _file.Truncate(_position);
            else if (_durableBytes == _position)
                return;
            var bytes = new byte[(int)Math.Min(1 << 20, _position - _durableBytes)];
            for (var at = _durableBytes; at < _position; at += bytes.Length)
            {
                var part = bytes.AsSpan(0, (int)Math.Min(bytes.Length, _position - at));
                _file.Write(part[.._file.Read(part, at)], at);
            }

            _file.Sync();
            _durableBytes = _position;
            Mark_NeedsLock();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }
}
