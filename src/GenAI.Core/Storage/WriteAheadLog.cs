namespace GenAI.Core.Storage;

/// <summary>
/// A log of byte records in numbered files. A record that was appended is in the hands of the operating system and outlives the process; one that was committed outlives a power cut, as far as
/// the policy promises. Damage to what was durable is an error on opening; what a crash tore before it was durable is cut off. Safe for concurrent calls.
/// </summary>
internal sealed partial class WriteAheadLog : IAsyncDisposable
{
    private readonly StorageFolder _folder;
    private readonly LogOptions _options;
    private readonly SharedSync _syncs;
    private readonly ITimer? _timer;
    private readonly Lock _gate = new();

    // Held while the current file is synced or replaced; taken after _gate where both are needed.
    private readonly Lock _syncGate = new();
    private readonly List<LogFileHeader> _files;
    private StorageFile _file;
    private LogFileHeader _header;
    private long _position;
    private long _durableBytes;
    private long _sequence;
    private bool _timerSet;
    private bool _disposed;
    private volatile Exception? _failure;

    private WriteAheadLog(StorageFolder folder, LogOptions options, LogFiles files)
    {
        _folder = folder;
        _options = options;
        _files = files.Headers;
        _sequence = files.LastSequence;
        if (_files.Count == 0 || files.Last.Sealed)
        {
            (_file, _header) = CreateFile();
            Publish_NeedsLock(_file, _header);
            _position = _durableBytes = LogFormat.HeaderBytes;
        }
        else
        {
            _header = _files[^1];
            _file = folder.Open(_header.Name, writable: true);
            _position = files.Last.End;
            _durableBytes = files.Last.DurableBytes;
            Recover();
        }

        _syncs = new SharedSync(Begin, Sync);
        _syncs.Advance(_sequence);
        if (options.Commit == LogCommit.Interval)
            _timer = options.Time.CreateTimer(static log => ((WriteAheadLog)log!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The number of the last record; numbers start at 1 and have no gaps.</summary>
    public long LastSequence => Volatile.Read(ref _sequence);

    /// <summary>The number of the last record that a power cut does not lose.</summary>
    public long DurableSequence => _syncs.Durable;

    /// <summary>Reads a log and opens it for writing: cuts off a torn tail, and makes what was read durable. The folder's lock is held by the caller.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="options">Settings.</param>
    /// <param name="after">The number of the last record that is not wanted; older files are deleted.</param>
    /// <param name="durable">The number of a record that was durable, as the manifest says: a log that ends before it is cut off.</param>
    /// <param name="handler">Gets the records after <paramref name="after"/>, before this returns.</param>
    /// <exception cref="CorruptDataException">A record that was durable is damaged or missing. Nothing was changed.</exception>
    public static WriteAheadLog Open(StorageFolder folder, LogOptions options, long after, long durable, LogRecordHandler handler)
    {
        var files = LogFiles.Read(folder, options.StoreId, after, durable, handler);
        var log = new WriteAheadLog(folder, options, files);
        foreach (var name in folder.List())
        {
            if (StorageNames.Parse(name, out var number) == StorageFileKind.Log && number < files.FirstNeeded)
                folder.Delete(name);
        }

        return log;
    }

    /// <summary>Reads a log without changing anything; a torn tail is left out. A writer may be appending at the same time.</summary>
    /// <returns>The number of the last record.</returns>
    /// <exception cref="CorruptDataException">A record that was durable is damaged or missing.</exception>
    public static long ReadFrom(StorageFolder folder, ulong storeId, long after, long durable, LogRecordHandler handler) =>
        LogFiles.Read(folder, storeId, after, durable, handler).LastSequence;

    /// <summary>Writes a record.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="IOException">It could not be written, and is not there; or the log has failed before and refuses everything until it is opened again.</exception>
    public long Append(ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            ThrowIfFailed_NeedsLock();
            if (_position > LogFormat.HeaderBytes && _position + LogFormat.RecordHeadBytes + payload.Length > _options.MaxFileBytes)
                Rotate_NeedsLock();
            Write_NeedsLock(LogRecordKind.Data, _sequence + 1, payload);
            Volatile.Write(ref _sequence, _sequence + 1);
            if (_timer is not null && !_timerSet)
            {
                _timerSet = true;
                _timer.Change(_options.Interval, Timeout.InfiniteTimeSpan);
            }

            return _sequence;
        }
    }

    /// <summary>Completes when a record may be acknowledged under the policy. Cancelling ends the wait, not the record.</summary>
    /// <exception cref="IOException">The record may not survive a power cut: the log has failed.</exception>
    public ValueTask CommitAsync(long sequence, CancellationToken cancellationToken = default) =>
        _options.Commit == LogCommit.EveryBatch ? new ValueTask(WaitAsync(sequence, cancellationToken)) : CheckAsync();

    /// <summary>Makes every record so far durable, whatever the policy.</summary>
    /// <exception cref="IOException">The log has failed.</exception>
    public Task SyncAsync(CancellationToken cancellationToken = default) => WaitAsync(LastSequence, cancellationToken);

    /// <summary>Starts a new file, so that those before it can be deleted one day. Everything so far is durable then. Does nothing where the file is empty.</summary>
    /// <returns>The number of the last record before the new file.</returns>
    public long Rotate()
    {
        lock (_gate)
        {
            ThrowIfFailed_NeedsLock();
            if (_sequence >= _header.FirstSequence)
                Rotate_NeedsLock();
            return _sequence;
        }
    }

    /// <summary>Deletes the files that have no record after <paramref name="sequence"/>. For after what they recorded is durable elsewhere.</summary>
    public void DeleteThrough(long sequence)
    {
        lock (_gate)
        {
            while (_files.Count > 1 && _files[1].FirstSequence <= sequence + 1)
            {
                _folder.Delete(_files[0].Name);
                _files.RemoveAt(0);
            }
        }
    }

    /// <summary>Syncs what is not durable yet and closes the file. Fails as <see cref="SyncAsync"/> does, closed all the same.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
            await _timer.DisposeAsync().ConfigureAwait(false);
        try
        {
            if (_failure is null)
                await SyncAsync().ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                lock (_syncGate)
                {
                    _disposed = true;
                    _file.Dispose();
                }
            }
        }
    }

    private async Task WaitAsync(long sequence, CancellationToken cancellationToken)
    {
        var wait = _syncs.WaitAsync(sequence);
        try
        {
            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw Refusal(error);
        }
    }

    private ValueTask CheckAsync()
    {
        lock (_gate)
            return _failure is null ? default : ValueTask.FromException(Refusal(_failure));
    }

    private void OnTimer()
    {
        lock (_gate)
            _timerSet = false;
        // A failure is kept by the log and told to the next caller.
        _ = _syncs.WaitAsync(LastSequence);
    }

    private void ThrowIfFailed_NeedsLock()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_failure is not null)
            throw Refusal(_failure);
    }

    private IOException Refusal(Exception cause) => new(
        $"The log in '{_folder.Path}' could not be written and takes no more records: {cause.Message} What was acknowledged is safe; remove the cause and open the store again.", cause);
}
