namespace GenAI.Core.Storage;

/// <summary>A file's bytes at an address, until disposed of.</summary>
internal sealed unsafe class FileMapping(byte* start, long length, IDisposable owner) : IDisposable
{
    public byte* Start { get; } = start;

    /// <summary>Bytes: the file's length when it was mapped.</summary>
    public long Length { get; } = length;

    public void Dispose() => owner.Dispose();
}
