using GenAI.Core.Storage;

namespace GenAI.Core.VectorStores;

/// <content>Looking after the files: verification, backup, statistics.</content>
internal sealed partial class DurableStore
{
    private const int CopyBytes = 1 << 20;

    public async Task<StoreVerification> VerifyAsync(CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        await _maintenance.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfClosed();
            return await Task.Run(() => Verify(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _maintenance.Release();
        }
    }

    public async Task BackupAsync(string path, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        await _maintenance.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfClosed();
            await FlushAsync(cancellationToken).ConfigureAwait(false);
            await Task.Run(() => Backup(path, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _maintenance.Release();
        }
    }

    public LocalStoreStatistics GetStatistics()
    {
        ThrowIfClosed();
        return new LocalStoreStatistics(LocalStoreStatistics.Of(_tables.Values))
        {
            Path = Path,
            Generation = _manifest.Generation,
            FileBytes = TotalLength(),
            LogBytes = TailBytes,
            BytesReceived = _tables.Values.Sum(table => table.BytesReceived),
            BytesWritten = _folder.Counters.LogBytes + _folder.Counters.SegmentBytes + _folder.Counters.ManifestBytes,
            MaintenanceFault = MaintenanceFault,
        };
    }

    private StoreVerification Verify(CancellationToken cancellationToken)
    {
        var damage = new List<CorruptDataException>();
        var (files, bytes) = (0, 0L);
        void Check(long length, Action verify)
        {
            (files, bytes) = (files + 1, bytes + length);
            try
            {
                verify();
            }
            catch (CorruptDataException error)
            {
                damage.Add(error);
            }
        }

        foreach (var segment in Segments())
            Check(segment.Length, () => segment.VerifyFile(cancellationToken));

        // What was read when the store was opened counts; whoever opens it next needs what is there now.
        Check(0, () => _ = ManifestFile.Read(_folder) ?? throw new CorruptDataException(Path, 0, "The manifest is missing."));
        Check(LogLength(), () => WriteAheadLog.ReadFrom(_folder, _manifest.StoreId, _manifest.CheckpointSequence, _manifest.DurableSequence, static (_, _) => { }));
        return new StoreVerification(files, bytes, damage);
    }

    // The manifest comes last, and without it the folder is no store. A log that is cut off anywhere behind what was synced is as after a crash.
    private void Backup(string path, CancellationToken cancellationToken)
    {
        var target = DiskFolder.OpenOrCreate(path);
        if (target.List().Count > 0)
            throw new IOException($"The folder '{target.Path}' is not empty. Name one that is missing or empty for the backup; nothing was changed.");

        var manifest = Volatile.Read(ref _manifest);
        foreach (var segment in Segments())
        {
            segment.VerifyFile(cancellationToken);
            Copy(segment.Name, target, cancellationToken);
        }

        foreach (var name in LogNames())
            Copy(name, target, cancellationToken);
        target.SyncEntries();
        ManifestFile.Write(target, manifest);
    }

    private void Copy(string name, StorageFolder target, CancellationToken cancellationToken)
    {
        using var source = _folder.Open(name);
        using var copy = target.Create(name);
        var buffer = new byte[CopyBytes];
        for (long at = 0, length = source.Length; at < length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = source.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at)), at);
            if (count == 0)
                break;
            copy.Write(buffer.AsSpan(0, count), at);
            at += count;
        }

        copy.Sync();
    }

    private IEnumerable<SegmentFile> Segments() => _tables.Values.SelectMany(table => table.Storage!.Saved.Segments).Select(rows => ((SegmentPart)rows.Part).File);

    private IEnumerable<string> LogNames() => _folder.List().Where(name => StorageNames.Parse(name, out _) == StorageFileKind.Log);

    private long LogLength() => LogNames().Sum(_folder.GetLength);

    // A checkpoint may delete files meanwhile.
    private long TotalLength()
    {
        var total = 0L;
        foreach (var name in _folder.List())
        {
            try
            {
                total += _folder.GetLength(name);
            }
            catch (FileNotFoundException)
            {
                // Gone: it takes no room.
            }
        }

        return total;
    }
}
