using Microsoft.Win32.SafeHandles;

namespace GenAI.Core.Storage;

/// <summary>An open file of a <see cref="DiskFolder"/>.</summary>
internal sealed class DiskFile(SafeFileHandle handle) : StorageFile
{
    public override long Length => RandomAccess.GetLength(handle);

    public override int Read(Span<byte> buffer, long offset)
    {
        var read = 0;
        while (read < buffer.Length)
        {
            var got = RandomAccess.Read(handle, buffer[read..], offset + read);
            if (got == 0)
                break;
            read += got;
        }

        return read;
    }

    public override void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

    public override void Truncate(long length) => RandomAccess.SetLength(handle, length);

    public override void Sync() => RandomAccess.FlushToDisk(handle);

    public override void Dispose() => handle.Dispose();
}
