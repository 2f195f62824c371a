namespace GenAI.Core.Storage;

/// <summary>Bytes written to a folder since it was opened: divided by the bytes of what was stored, the write amplification. Safe for concurrent calls.</summary>
internal sealed class StorageCounters
{
    private long _logBytes;
    private long _segmentBytes;
    private long _manifestBytes;

    /// <summary>To the log, with everything around the payloads.</summary>
    public long LogBytes => Volatile.Read(ref _logBytes);

    /// <summary>To segments, by checkpoints and by merging; counted when a segment is complete.</summary>
    public long SegmentBytes => Volatile.Read(ref _segmentBytes);

    public long ManifestBytes => Volatile.Read(ref _manifestBytes);

    public void AddLog(long bytes) => Interlocked.Add(ref _logBytes, bytes);

    public void AddSegment(long bytes) => Interlocked.Add(ref _segmentBytes, bytes);

    public void AddManifest(long bytes) => Interlocked.Add(ref _manifestBytes, bytes);
}
