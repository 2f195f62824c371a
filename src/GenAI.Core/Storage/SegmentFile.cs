using System.Runtime.CompilerServices;

namespace GenAI.Core.Storage;

/// <summary>
/// A segment file, mapped for reading. Its owner disposes of it, or retires it, which deletes the file; both take effect when the last reader that has entered
/// has left. Safe for concurrent calls.
/// </summary>
internal sealed unsafe class SegmentFile : IDisposable
{
    private readonly StorageFolder _folder;
    private readonly FileMapping _mapping;
    private readonly Dictionary<string, MappedSection> _sections = new(StringComparer.Ordinal);
    private readonly ulong* _checksums;
    private readonly long _blocksEnd;
    private readonly int[] _verified;

    // The owner and those who are inside.
    private int _holders = 1;
    private int _let;
    private volatile bool _retired;

    private SegmentFile(StorageFolder folder, string name, FileMapping mapping, SegmentLayout layout)
    {
        _folder = folder;
        Name = name;
        _mapping = mapping;
        FileId = layout.FileId;
        _checksums = (ulong*)(mapping.Start + layout.ChecksumsOffset);
        _blocksEnd = layout.FooterOffset;
        _verified = new int[(layout.Blocks + 31) / 32];
        foreach (var (section, offset, length) in layout.Sections)
            _sections.Add(section, new MappedSection(this, section, mapping.Start + offset, offset, length));
    }

    public string Name { get; }

    public string Path => System.IO.Path.Combine(_folder.Path, Name);

    /// <summary>A random number that tells this file from every other.</summary>
    public ulong FileId { get; }

    /// <summary>Bytes.</summary>
    public long Length => _mapping.Length;

    public IReadOnlyCollection<string> SectionNames => _sections.Keys;

    /// <summary>Maps a file and verifies its header and footer; the blocks are verified by who reads them. Takes the same time for a file of any size, but for 8 bytes per 2 KiB.</summary>
    /// <exception cref="CorruptDataException">It is missing, cut off or damaged.</exception>
    /// <exception cref="NotSupportedException">It is of a newer format version.</exception>
    public static SegmentFile Open(StorageFolder folder, string name)
    {
        var path = System.IO.Path.Combine(folder.Path, name);
        FileMapping mapping;
        try
        {
            mapping = folder.Map(name);
        }
        catch (FileNotFoundException error)
        {
            throw new CorruptDataException(path, 0, "The segment is missing.", error);
        }

        try
        {
            return new SegmentFile(folder, name, mapping, SegmentLayout.Read(mapping, path));
        }
        catch
        {
            mapping.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file that a manifest names, and no other of the same name.</summary>
    /// <inheritdoc cref="Open(StorageFolder, string)"/>
    public static SegmentFile Open(StorageFolder folder, ManifestSegment entry)
    {
        var segment = Open(folder, entry.FileName);
        if (segment.FileId == entry.FileId && segment.Length == entry.Length)
            return segment;
        var path = segment.Path;
        segment.Dispose();
        throw new CorruptDataException(path, 16, "It is not the segment that the manifest names.");
    }

    /// <exception cref="CorruptDataException">There is no such section.</exception>
    public MappedSection Section(string name) =>
        _sections.TryGetValue(name, out var section) ? section : throw new CorruptDataException(Path, 0, $"It has no section '{name}'.");

    public bool TryGetSection(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MappedSection? section) => _sections.TryGetValue(name, out section);

    /// <summary>Keeps the mapping in place until <see cref="Exit"/>.</summary>
    /// <returns>False once the owner has let go: readers that came before may stay, and no other keeps it alive.</returns>
    public bool TryEnter()
    {
        if (Volatile.Read(ref _let) != 0)
            return false;
        var holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
                return true;
            holders = seen;
        }

        return false;
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
            return;
        _mapping.Dispose();
        if (!_retired)
            return;
        try
        {
            _folder.Delete(Name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process has it mapped, where that forbids deletion: the manifest no longer names it, so the next open for writing deletes it.
        }
    }

    /// <summary>The owner lets go, and nobody needs the file any more: it is deleted when the last reader has left. For after the manifest that does not name it is durable.</summary>
    public void Retire()
    {
        _retired = true;
        Dispose();
    }

    /// <summary>The owner lets go. The file stays.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _let, 1) == 0)
            Exit();
    }

    /// <summary>Reads every byte of the file again, whether verified before or not. The caller has entered.</summary>
    /// <exception cref="CorruptDataException">A byte is not what was written.</exception>
    public void VerifyFile(CancellationToken cancellationToken = default)
    {
        SegmentLayout.Read(_mapping, Path);
        for (long block = 0; block << SegmentFormat.BlockShift < _blocksEnd; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            VerifyBlock(block);
        }
    }

    /// <summary>Verifies the blocks that a range of the file lies in, unless they were before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Verify(long offset, long length)
    {
        if (length <= 0)
            return;
        var (first, last) = (offset >> SegmentFormat.BlockShift, (offset + length - 1) >> SegmentFormat.BlockShift);
        if (last - first > 1 || !IsVerified(first) || !IsVerified(last))
            VerifyBlocks(first, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsVerified(long block) => (Volatile.Read(ref _verified[block >> 5]) >> (int)(block & 31) & 1) != 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void VerifyBlocks(long first, long last)
    {
        for (var block = first; block <= last; block++)
        {
            // A scan finds whole words of verified blocks.
            while ((block & 31) == 0 && block + 31 <= last && Volatile.Read(ref _verified[block >> 5]) == -1)
                block += 32;
            if (block > last || IsVerified(block))
                continue;
            VerifyBlock(block);
            Interlocked.Or(ref _verified[block >> 5], 1 << (int)(block & 31));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void VerifyBlock(long block)
    {
        var start = block << SegmentFormat.BlockShift;
        var length = (int)Math.Min(SegmentFormat.BlockBytes, _blocksEnd - start);
        if (Checksum.Of(new ReadOnlySpan<byte>(_mapping.Start + start, length)) != _checksums[block])
            throw new CorruptDataException(Path, start, $"The checksum of block {block} is wrong.");
    }
}
