using System.Buffers.Binary;
using System.Security.Cryptography;

namespace GenAI.Core.Storage;

/// <summary>The first 64 bytes of a log file.</summary>
/// <param name="Number">The file's place among the log's files, which its name has too.</param>
/// <param name="FileId">A random number that tells this file from every other.</param>
/// <param name="StoreId">The store that the log belongs to.</param>
/// <param name="FirstSequence">The number of its first record.</param>
internal sealed record LogFileHeader(long Number, ulong FileId, ulong StoreId, long FirstSequence)
{
    public string Name => StorageNames.Log(Number);

    public static LogFileHeader CreateNew(long number, ulong storeId, long firstSequence) =>
        new(number, BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)), storeId, firstSequence);

    public void Write(Span<byte> bytes)
    {
        bytes.Clear();
        LogFormat.Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], LogFormat.Version);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], FileId);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], StoreId);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], FirstSequence);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[56..], Checksum.Of(bytes[..56]));
    }

    /// <exception cref="CorruptDataException">The file is not the log file that its name says.</exception>
    /// <exception cref="NotSupportedException">It is of a newer format version.</exception>
    public static LogFileHeader Read(StorageFile file, string path, long number, ulong storeId)
    {
        Span<byte> bytes = stackalloc byte[LogFormat.HeaderBytes];
        if (file.Read(bytes, 0) < bytes.Length)
            throw new CorruptDataException(path, file.Length, "The file is cut off.");
        if (!bytes[..8].SequenceEqual(LogFormat.Magic))
            throw new CorruptDataException(path, 0, "It is not a log.");
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..]) != Checksum.Of(bytes[..56]))
            throw new CorruptDataException(path, 0, "The checksum of the header is wrong.");
        FormatVersion.ThrowIfNewer(path, BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), LogFormat.Version);
        var header = new LogFileHeader(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]));
        if (header.StoreId != storeId)
            throw new CorruptDataException(path, 24, "It is the log of another store.");
        if (header.Number != number || header.FirstSequence < 1)
            throw new CorruptDataException(path, 32, $"It is log {header.Number} under the name of another.");
        return header;
    }
}
