using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using GenAI.Core.Embeddings;
using GenAI.Core.Storage;

namespace GenAI.Core.VectorStores;

/// <summary>
/// The collections of a folder: a log of what was written, segments of what was written long enough ago, and a manifest that says which segments count and from where on
/// the log does.
/// </summary>
/// <remarks>
/// Safe for concurrent use. A write goes into the log and into memory; now and then memory is written as a segment, the manifest names it, and the log before it is deleted
/// (a checkpoint); segments are merged as they become many or empty (a compaction). One of the two runs at a time, in the background; <see cref="_maintenance"/> is held for it, and by
/// whoever needs the set of segments to stand still. <see cref="_manifestGate"/> is held for the time of a manifest's writing only.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The semaphores and the source make no handles; CloseAsync releases what has to be.")]
internal sealed partial class DurableStore
{
    // A tail this short is read again faster than it is written as a segment.
    private const long CloseCheckpointBytes = 1 << 20;

    private readonly StorageFolder _folder;
    private readonly DurableStoreOptions _options;
    private readonly ConcurrentDictionary<string, LocalTable> _tables = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _maintenance = new(1, 1);
    private readonly SemaphoreSlim _manifestGate = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private readonly FolderLock? _lock;
    private readonly WriteAheadLog? _log;
    private readonly long _readSequence;
    private Manifest _manifest;
    private long _nextFile;
    private Exception? _failure;
    private volatile bool _closed;

    private DurableStore(StorageFolder folder, DurableStoreOptions options, FolderLock? folderLock, Manifest manifest)
    {
        (_folder, _options, _lock, _manifest, _nextFile) = (folder, options, folderLock, manifest, manifest.NextFileNumber);
        try
        {
            foreach (var collection in manifest.Collections)
                OpenTable(collection);
            if (options.ReadOnly)
            {
                _readSequence = WriteAheadLog.ReadFrom(folder, manifest.StoreId, manifest.CheckpointSequence, manifest.DurableSequence, Replay);
                return;
            }

            _log = WriteAheadLog.Open(folder, LogOptions(manifest), manifest.CheckpointSequence, manifest.DurableSequence, Replay);
            FolderContents.DeleteLeftovers(folder, manifest);
        }
        catch
        {
            DropTables();
            throw;
        }
    }

    public string Path => _folder.Path;

    public bool ReadOnly => _options.ReadOnly;

    public bool IsClosed => _closed;

    public long LastSequence => _log?.LastSequence ?? _readSequence;

    public IEnumerable<LocalTable> Tables => _tables.Values;

    public LocalTable? Find(string name)
    {
        ThrowIfClosed();
        return _tables.GetValueOrDefault(name);
    }

    /// <summary>The collection of a name, made and on the disk if there was none.</summary>
    public async ValueTask<LocalTable> FindOrCreateAsync(string name, LocalSchema schema, CancellationToken cancellationToken)
    {
        if (Find(name) is { } found)
            return found;

        ThrowIfNotWritable();
        await _manifestGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_tables.TryGetValue(name, out found))
                return found;

            // Records up to here are not this collection's, but may be those of one that had its name.
            await _log!.SyncAsync(CancellationToken.None).ConfigureAwait(false);
            var table = NewTable(name, schema);
            table.Storage!.Saved = new SavedTable(_log.LastSequence, []);
            WriteManifest_NeedsGate(_tables.Values.Append(table));
            _tables[name] = table;
            return table;
        }
        finally
        {
            _manifestGate.Release();
        }
    }

    /// <summary>Writes down what made the vectors of a collection.</summary>
    public async Task SaveEmbeddersAsync(LocalTable table, IReadOnlyList<EmbedderFingerprint?> embedders, CancellationToken cancellationToken)
    {
        if (ReadOnly)
            return;
        ThrowIfNotWritable();
        await _manifestGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            table.Embedders = embedders;
            WriteManifest_NeedsGate(_tables.Values);
        }
        finally
        {
            _manifestGate.Release();
        }
    }

    /// <summary>Deletes a collection; whoever reads it finishes first.</summary>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        if (!_tables.ContainsKey(name))
            return;

        ThrowIfNotWritable();
        await _maintenance.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _manifestGate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (!_tables.TryGetValue(name, out var table))
                    return;
                await _log!.SyncAsync(CancellationToken.None).ConfigureAwait(false);
                try
                {
                    WriteManifest_NeedsGate(_tables.Values.Where(other => other != table));
                }
                catch (Exception error)
                {
                    // It may be on the disk all the same, and then what would be written to the collection from now on would be lost.
                    Fail(error);
                    throw;
                }

                _tables.TryRemove(name, out _);
                table.Drop(deleteFiles: true);
            }
            finally
            {
                _manifestGate.Release();
            }
        }
        finally
        {
            _maintenance.Release();
        }
    }

    /// <summary>Writes a record; see <see cref="TableStorage.Append"/>.</summary>
    public Task Append(ReadOnlySpan<byte> record)
    {
        ThrowIfNotWritable();
        var sequence = _log!.Append(record);
        CheckpointIfDue();
        return _log.CommitAsync(sequence).AsTask();
    }

    public void Fail(Exception error) => Interlocked.CompareExchange(ref _failure, error, null);

    /// <summary>Makes everything that was acknowledged survive a power cut.</summary>
    public Task FlushAsync(CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        return _log is null ? Task.CompletedTask : _log.SyncAsync(cancellationToken);
    }

    /// <summary>Ends background work, makes everything durable and releases the files.</summary>
    public async Task CloseAsync()
    {
        if (_closed)
            return;
        await _closing.CancelAsync().ConfigureAwait(false);
        await _maintenance.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_log is not null && _failure is null && TailBytes > CloseCheckpointBytes)
                await TryCheckpointAsync().ConfigureAwait(false);
            await SaveDurableSequenceAsync().ConfigureAwait(false);
        }
        finally
        {
            _closed = true;
            _maintenance.Release();
            DropTables();
            try
            {
                if (_log is not null)
                    await _log.DisposeAsync().ConfigureAwait(false);
            }
            finally
            {
                _lock?.Dispose();
            }
        }
    }

    // Without it a log that somebody cuts off later could not be told from one that a crash tore.
    private async Task SaveDurableSequenceAsync()
    {
        if (_log is null || _failure is not null || _log.LastSequence == _manifest.DurableSequence)
            return;
        await _manifestGate.WaitAsync().ConfigureAwait(false);
        try
        {
            await _log.SyncAsync(CancellationToken.None).ConfigureAwait(false);
            WriteManifest_NeedsGate(_tables.Values);
        }
        catch (IOException)
        {
            // A full disk, say: what was acknowledged is safe without it, and what is not is told when the log is closed.
        }
        finally
        {
            _manifestGate.Release();
        }
    }

    private LogOptions LogOptions(Manifest manifest) => new()
    {
        StoreId = manifest.StoreId,
        Commit = _options.Durability switch
        {
            StoreDurability.EveryBatch => LogCommit.EveryBatch,
            StoreDurability.Interval => LogCommit.Interval,
            _ => LogCommit.Manual,
        },
        Interval = _options.Interval,
        MaxFileBytes = Math.Max(1 << 20, _options.CheckpointBytes),
    };

    private LocalTable NewTable(string name, LocalSchema schema) => new(name, schema, _options.Indexing, new TableStorage(this));

    private void OpenTable(ManifestCollection collection)
    {
        var metadata = CollectionMetadata.Read(collection.Metadata.Span, collection.Name, Path);
        var table = NewTable(collection.Name, metadata.Schema);
        table.Embedders = metadata.Embedders;
        _tables[collection.Name] = table;
        var segments = new List<SegmentPart>();
        try
        {
            foreach (var segment in collection.Segments)
                segments.Add(SegmentMetadata.Open(_folder, segment, metadata.Schema));
        }
        catch
        {
            foreach (var segment in segments)
                segment.Dispose();
            throw;
        }

        table.Storage!.Saved = new SavedTable(collection.CheckpointSequence, [.. segments.Select(segment => new PartRows(segment))]);
        table.Attach(segments);
    }

    private void Replay(long sequence, ReadOnlySpan<byte> record)
    {
        try
        {
            // A collection that was deleted since may still be spoken of.
            _frozenAt -= record.Length;
            if (_tables.TryGetValue(BatchRecord.CollectionOf(record), out var table) && sequence > table.Storage!.Saved.Sequence)
                table.Replay(record);
        }
        catch (Exception error) when (error is ArgumentException or InvalidDataException or OverflowException or NullReferenceException)
        {
            throw new CorruptDataException(_folder.Path, 0, $"Record {sequence} of the log cannot be read.", error);
        }
    }

    private void WriteManifest_NeedsGate(IEnumerable<LocalTable> tables)
    {
        var saved = tables.Select(table => (Table: table, Saved: table.Storage!.Pending ?? table.Storage.Saved)).ToArray();
        var manifest = new Manifest
        {
            Generation = _manifest.Generation,
            StoreId = _manifest.StoreId,
            CheckpointSequence = saved.Length == 0 ? _log!.DurableSequence : saved.Min(entry => entry.Saved.Sequence),
            DurableSequence = _log!.DurableSequence,
            NextFileNumber = Interlocked.Read(ref _nextFile),
            Metadata = _manifest.Metadata,
            Collections =
            [
                .. saved.OrderBy(entry => entry.Table.Name, StringComparer.Ordinal).Select(entry => new ManifestCollection
                {
                    Name = entry.Table.Name,
                    CheckpointSequence = entry.Saved.Sequence,
                    Metadata = new CollectionMetadata(entry.Table.Schema, entry.Table.Embedders).Write(),
                    Segments = [.. entry.Saved.Segments.Select(SegmentMetadata.Of)],
                }),
            ],
        };
        _manifest = ManifestFile.Write(_folder, manifest);
    }

    private void DropTables()
    {
        foreach (var table in _tables.Values)
            table.Drop(deleteFiles: false);
    }

    private void ThrowIfClosed()
    {
        if (_closed)
            throw new ObjectDisposedException(nameof(LocalVectorStore), $"The store in '{Path}' was closed.");
    }

    private void ThrowIfNotWritable()
    {
        ThrowIfClosed();
        if (ReadOnly)
            throw new InvalidOperationException($"The store in '{Path}' was opened read-only. Open it without {nameof(LocalVectorStoreOptions)}.{nameof(LocalVectorStoreOptions.ReadOnly)} to write to it.");
        if (_failure is { } failure)
            throw new IOException($"The store in '{Path}' takes no more writes, because one failed half way: {failure.Message} What was acknowledged is safe. Dispose of the store and open it again.", failure);
    }
}
