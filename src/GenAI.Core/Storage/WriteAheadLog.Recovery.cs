namespace GenAI.Core.Storage;

// How a log that was read becomes one that is written.
internal sealed partial class WriteAheadLog
{
    private const int CopyBytes = 1 << 20;

    private (StorageFile File, LogFileHeader Header) Start()
    {
        var (file, header) = CreateFile();
        try
        {
            Publish_NeedsLock(header);
        }
        catch
        {
            Discard(file, header, published: false);
            throw;
        }

        _position = _durableBytes = LogFormat.HeaderBytes;
        return (file, header);
    }

    /// <summary>Cuts the torn tail off the last file and makes the rest durable.</summary>
    private (StorageFile File, LogFileHeader Header) Recover(LogFileContent last)
    {
        _header = _files[^1];
        _file = _folder.Open(_header.Name, writable: true);
        try
        {
            (_position, _durableBytes) = (last.End, last.DurableBytes);
            var isTorn = _file.Length > _position;
            if (isTorn)
                _file.Truncate(_position);
            if (isTorn || !last.AllDurable)
                MakeDurable(last.Sealed);
            if (!last.Sealed)
                return (_file, _header);
        }
        catch
        {
            _file.Dispose();
            throw;
        }

        _file.Dispose();
        return Start();
    }

    // A crash, or a sync that failed, may have left records that are in the system's memory and not on disk, which a sync alone need not write again. Written again they are.
    private void MakeDurable(bool isSealed)
    {
        var bytes = new byte[(int)Math.Min(CopyBytes, _position - _durableBytes)];
        for (var at = _durableBytes; at < _position; at += bytes.Length)
        {
            var part = bytes.AsSpan(0, (int)Math.Min(bytes.Length, _position - at));
            _file.Write(part[.._file.Read(part, at)], at);
        }

        _file.Sync();
        _durableBytes = _position;
        if (!isSealed)
            Mark_NeedsLock();
    }
}
