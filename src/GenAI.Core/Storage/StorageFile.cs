namespace GenAI.Core.Storage;

/// <summary>An open file of a <see cref="StorageFolder"/>. Reads may run at any time beside one writer.</summary>
internal abstract class StorageFile : IDisposable
{
    /// <summary>Bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Fills the buffer from <paramref name="offset"/> on, as far as the file goes.</summary>
    /// <returns>How many bytes were read: less than asked only at the end of the file.</returns>
    public abstract int Read(Span<byte> buffer, long offset);

    /// <summary>Writes all bytes at <paramref name="offset"/>. When it throws, any part of them may have been written.</summary>
    public abstract void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Shortens the file.</summary>
    public abstract void Truncate(long length);

    /// <summary>
    /// Returns when what was written before the call survives a power cut. When it throws, none of it is certain to, and a later call that succeeds says
    /// nothing about it: the system may have dropped what it could not write.
    /// </summary>
    public abstract void Sync();

    public abstract void Dispose();
}
