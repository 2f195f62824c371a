using System.Buffers.Binary;
using System.Text;
using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Storage;

/// <summary>
/// The smallest store that uses all the parts as they are meant to be used together: a dictionary of texts in memory, a log, checkpoints into segments, a manifest, the lock.
/// </summary>
internal sealed class TinyStore : IAsyncDisposable
{
    private readonly StorageFolder _folder;
    private readonly FolderLock _lock;
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);
    private WriteAheadLog _log = null!;
    private Manifest _manifest = null!;
    private SegmentFile? _segment;

    private TinyStore(StorageFolder folder, FolderLock folderLock) => (_folder, _lock) = (folder, folderLock);

    public IReadOnlyDictionary<string, string> Values => _values;

    public long LastSequence => _log.LastSequence;

    public WriteAheadLog Log => _log;

    public static TinyStore Open(StorageFolder folder, LogCommit commit = LogCommit.EveryBatch, long maxFileBytes = 64 << 20)
    {
        var store = new TinyStore(folder, FolderLock.Acquire(folder));
        try
        {
            var manifest = ManifestFile.Read(folder);
            FolderContents.ThrowIfForeign(folder, manifest);
            store._manifest = manifest ?? ManifestFile.Write(folder, new Manifest { StoreId = 4711 });
            FolderContents.DeleteLeftovers(folder, store._manifest);
            foreach (var entry in store._manifest.Collections.SelectMany(collection => collection.Segments))
            {
                store._segment = SegmentFile.Open(folder, entry);
                Load(store._segment, store._values);
            }

            var options = new LogOptions { StoreId = store._manifest.StoreId, Commit = commit, MaxFileBytes = maxFileBytes };
            store._lock.Sign();
            store._log = WriteAheadLog.Open(folder, options, store._manifest.CheckpointSequence, store._manifest.DurableSequence, (_, record) => Apply(record, store._values));
            return store;
        }
        catch
        {
            store._segment?.Dispose();
            store._lock.Dispose();
            throw;
        }
    }

    /// <summary>What a reader sees that writes nothing.</summary>
    public static SortedDictionary<string, string> Read(StorageFolder folder)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var manifest = ManifestFile.Read(folder);
        FolderContents.ThrowIfForeign(folder, manifest);
        if (manifest is null)
            return values;
        foreach (var entry in manifest.Collections.SelectMany(collection => collection.Segments))
        {
            using var segment = SegmentFile.Open(folder, entry);
            Load(segment, values);
        }

        WriteAheadLog.ReadFrom(folder, manifest.StoreId, manifest.CheckpointSequence, manifest.DurableSequence, (_, record) => Apply(record, values));
        return values;
    }

    public async Task<long> SetAsync(string key, string value)
    {
        var record = Encoding.UTF8.GetBytes($"{key}={value}");
        var sequence = _log.Append(record);
        Apply(record, _values);
        await _log.CommitAsync(sequence);
        return sequence;
    }

    public Task SyncAsync() => _log.SyncAsync();

    /// <summary>Writes all values into a segment, makes the manifest name it, and drops the log's files and the segment that nobody needs any more.</summary>
    public void Checkpoint()
    {
        var sequence = _log.Rotate();
        var number = _manifest.NextFileNumber;
        using var writer = new SegmentWriter(_folder, StorageNames.Segment(number));
        writer.WriteSection("values", stream =>
        {
            Span<byte> length = stackalloc byte[4];
            foreach (var (key, value) in _values)
            {
                var record = Encoding.UTF8.GetBytes($"{key}={value}");
                BinaryPrimitives.WriteInt32LittleEndian(length, record.Length);
                stream.Write(length);
                stream.Write(record);
            }
        });
        var entry = writer.Complete();
        var segment = SegmentFile.Open(_folder, entry);
        try
        {
            _manifest = ManifestFile.Write(_folder, new Manifest
            {
                Generation = _manifest.Generation,
                StoreId = _manifest.StoreId,
                CheckpointSequence = sequence,
                DurableSequence = sequence,
                NextFileNumber = number + 1,
                Collections = [new ManifestCollection { Name = "values", Segments = [entry] }],
            });
        }
        catch
        {
            segment.Dispose();
            throw;
        }

        _segment?.Retire();
        _segment = segment;
        _log.DeleteThrough(sequence);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _log.DisposeAsync();
        }
        finally
        {
            _segment?.Dispose();
            _lock.Dispose();
        }
    }

    private static void Load(SegmentFile segment, SortedDictionary<string, string> values)
    {
        var section = segment.Section("values");
        section.VerifyAll();
        for (long at = 0; at < section.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(section.Span(at, 4));
            Apply(section.Span(at + 4, length), values);
            at += 4 + length;
        }
    }

    private static void Apply(ReadOnlySpan<byte> record, SortedDictionary<string, string> values)
    {
        var text = Encoding.UTF8.GetString(record);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        values[text[..equals]] = text[(equals + 1)..];
    }
}
