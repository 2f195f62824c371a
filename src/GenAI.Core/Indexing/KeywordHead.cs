using System.Buffers.Binary;

namespace GenAI.Core.Indexing;

/// <summary>What a segment says of its texts: the section that the others are read by.</summary>
/// <param name="Ids">The number of ids, with a text or without.</param>
/// <param name="Texts">The number of texts.</param>
/// <param name="TotalLength">Their length together.</param>
/// <param name="Terms">The number of terms.</param>
internal readonly record struct KeywordHead(int Ids, int Texts, long TotalLength, int Terms)
{
    /// <summary>Of this layout, and of the hashes that terms are known by.</summary>
    public const int Version = 1;

    public const int Bytes = 24;

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Ids);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Texts);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Terms);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), TotalLength);
        return bytes;
    }

    /// <summary>Reads a head, and says what is wrong with it if it cannot be.</summary>
    public static KeywordHead Read(ReadOnlySpan<byte> bytes, out string? fault)
    {
        var head = new KeywordHead(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]));
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        fault = version != Version ? $"its layout is version {version}, and this library knows version {Version}: open it with a newer one"
            : head.Texts < 0 || head.Ids < head.Texts || head.Terms < 0 || head.TotalLength < 0 ? $"{head.Texts} texts of {head.TotalLength} words and {head.Terms} terms cannot have {head.Ids} ids"
            : null;
        return head;
    }
}

/// <summary>What a segment knows of a term besides its hash.</summary>
/// <param name="Texts">The number of texts that have it.</param>
/// <param name="First">Where its blocks are, in units of 8 bytes; the text itself if there is but one.</param>
/// <param name="Blocks">The number of its blocks; if there is but one text, the term's frequency in it.</param>
internal readonly record struct StoredTerm(int Texts, int First, int Blocks);
