using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace GenAI.Core.Storage;

/// <summary>
/// Writes one segment file: named sections, one after the other, then the table of them and a checksum for every block. Holds one block in memory, whatever the size. The file appears
/// under its name, whole and durable, with <see cref="Complete"/>; disposed of before that, it leaves nothing. For one thread.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly StorageFolder _folder;
    private readonly string _name;
    private readonly string _temporaryName;
    private readonly StorageFile _file;
    private readonly byte[] _block = new byte[SegmentFormat.BlockBytes];
    private readonly List<ulong> _checksums = [];
    private readonly List<(string Name, long Offset, long Length)> _sections = [];
    private int _filled;
    private long _written;
    private SectionStream? _open;
    private bool _complete;
    private bool _disposed;

    public SegmentWriter(StorageFolder folder, string name)
    {
        _folder = folder;
        _name = name;
        _temporaryName = StorageNames.Temporary(name);
        _file = folder.Create(_temporaryName);
        FileId = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

        Span<byte> header = stackalloc byte[SegmentFormat.HeaderBytes];
        header.Clear();
        SegmentFormat.HeaderMagic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], SegmentFormat.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], SegmentFormat.BlockBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], FileId);
        BinaryPrimitives.WriteUInt64LittleEndian(header[56..], Checksum.Of(header[..56]));
        Put(header);
    }

    /// <summary>A random number that tells this file from every other.</summary>
    public ulong FileId { get; }

    /// <summary>Bytes so far; all of the file's after <see cref="Complete"/>.</summary>
    public long Length => _written + _filled;

    /// <summary>Starts a section, which ends when the stream is disposed of. Only one is open at a time.</summary>
    /// <param name="name">At most 255 bytes in UTF-8, and of no other section.</param>
    public Stream BeginSection(string name)
    {
        if (_open is not null)
            throw new InvalidOperationException("The section before is still open. Dispose of its stream first.");
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_complete)
            throw new InvalidOperationException("The segment is complete.");
        if (Encoding.UTF8.GetByteCount(name) is 0 or > SegmentFormat.MaxNameBytes || _sections.Exists(section => section.Name == name))
            throw new ArgumentException($"A section needs a name of its own of 1 to {SegmentFormat.MaxNameBytes} bytes; got '{name}'.", nameof(name));
        Pad(SegmentFormat.Alignment);
        return _open = new SectionStream(this, name);
    }

    /// <summary>Writes a section by a function that gets its stream.</summary>
    public void WriteSection(string name, Action<Stream> write)
    {
        using var section = BeginSection(name);
        write(section);
    }

    public void WriteSection(string name, ReadOnlySpan<byte> bytes)
    {
        using var section = BeginSection(name);
        section.Write(bytes);
    }

    /// <summary>Writes the table and the checksums, makes the file durable and gives it its name.</summary>
    /// <returns>What the manifest says of it.</returns>
    public ManifestSegment Complete()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_open is not null || _complete)
            throw new InvalidOperationException("The segment has an open section, or is complete already.");
        Pad(SegmentFormat.Alignment);
        FlushBlock();
        WriteFooter();
        _file.Sync();
        _file.Dispose();
        _folder.Rename(_temporaryName, _name);
        _folder.SyncEntries();
        _complete = true;
        _folder.Counters.AddSegment(Length);
        return new ManifestSegment { FileName = _name, FileId = FileId, Length = Length };
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _file.Dispose();
        if (!_complete)
            _folder.Delete(_temporaryName);
    }

    private void WriteFooter()
    {
        using var table = new MemoryStream();
        using (var writer = new BinaryWriter(table, Encoding.UTF8, leaveOpen: true))
        {
            foreach (var (name, offset, length) in _sections)
            {
                writer.Write(offset);
                writer.Write(length);
                var bytes = Encoding.UTF8.GetBytes(name);
                writer.Write((byte)bytes.Length);
                writer.Write(bytes);
            }

            while (table.Length % 8 != 0)
                writer.Write((byte)0);
            writer.Flush();
            var tableBytes = table.Length;
            foreach (var checksum in _checksums)
                writer.Write(checksum);
            writer.Write(_written);
            writer.Write(_written + table.Length - 8 + SegmentFormat.TrailerBytes);
            writer.Write(tableBytes);
            writer.Write(_sections.Count);
            writer.Write(_checksums.Count);
            writer.Write(FileId);
            writer.Write(0L);
            writer.Write(SegmentFormat.TrailerMagic);
            writer.Flush();
            writer.Write(Checksum.Of(table.GetBuffer().AsSpan(0, (int)table.Length)));
        }

        _file.Write(table.GetBuffer().AsSpan(0, (int)table.Length), _written);
        _written += table.Length;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_filled == 0 && bytes.Length >= _block.Length)
            {
                WriteBlock(bytes[.._block.Length]);
                bytes = bytes[_block.Length..];
                continue;
            }

            var part = Math.Min(bytes.Length, _block.Length - _filled);
            bytes[..part].CopyTo(_block.AsSpan(_filled));
            bytes = bytes[part..];
            _filled += part;
            if (_filled == _block.Length)
                FlushBlock();
        }
    }

    private void FlushBlock()
    {
        if (_filled == 0)
            return;
        WriteBlock(_block.AsSpan(0, _filled));
        _filled = 0;
    }

    private void WriteBlock(ReadOnlySpan<byte> bytes)
    {
        _checksums.Add(Checksum.Of(bytes));
        _file.Write(bytes, _written);
        _written += bytes.Length;
    }

    private void Pad(int alignment)
    {
        Span<byte> zeros = stackalloc byte[256];
        zeros.Clear();
        for (var missing = SegmentFormat.Align(Length, alignment) - Length; missing > 0; missing -= Math.Min(missing, zeros.Length))
            Put(zeros[..(int)Math.Min(missing, zeros.Length)]);
    }

    private void End(SectionStream section)
    {
        _sections.Add((section.Name, section.Start, Length - section.Start));
        _open = null;
    }

    private sealed class SectionStream(SegmentWriter writer, string name) : Stream
    {
        private bool _ended;

        public string Name => name;

        public long Start { get; } = writer.Length;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => !_ended;

        public override long Length => writer.Length - Start;

        /// <summary>How far the section has come; it cannot be set.</summary>
        public override long Position
        {
            get => Length;
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            writer.Put(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_ended)
            {
                _ended = true;
                writer.End(this);
            }

            base.Dispose(disposing);
        }
    }
}
