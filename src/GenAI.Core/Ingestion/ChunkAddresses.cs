using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace GenAI.Core.Ingestion;

/// <summary>Gives the records of a document their identity, which depends on what they say and not on where they stand.</summary>
/// <param name="chunkerFingerprint">Names what documents are cut with.</param>
/// <param name="embedderFingerprint">Names what texts are embedded with.</param>
/// <remarks>Hashes are XxHash128, in 32 hexadecimal digits. Immutable, so safe for concurrent use.</remarks>
internal sealed class ChunkAddresses(string chunkerFingerprint, string embedderFingerprint)
{
    private readonly UInt128 _chunker = HashOf(chunkerFingerprint);
    private readonly UInt128 _embedder = HashOf(embedderFingerprint);

    /// <summary>Sets the embedding hash and the key of each record of one document.</summary>
    public void Set(List<ChunkRecord> records)
    {
        var seen = new Dictionary<UInt128, int>(records.Count);
        foreach (var record in records)
        {
            var embedding = EmbeddingOf(record);
            ref var occurrence = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, embedding, out _);
            record.EmbeddingHash = embedding.ToString("x32", null);
            record.Key = KeyOf(record.DocumentId, embedding, occurrence++);
        }
    }

    /// <summary>Whether a record's embedding was made by this embedder.</summary>
    public bool HasEmbeddingOf(ChunkRecord record) => record.EmbeddingHash == EmbeddingOf(record).ToString("x32", null);

    private UInt128 EmbeddingOf(ChunkRecord record) => Combine(_embedder, HashOf(EmbeddedText.Normalize(record.Content)));

    private Guid KeyOf(string documentId, UInt128 embedding, int occurrence)
    {
        Span<byte> bytes = stackalloc byte[16];
        var key = Combine(Combine(HashOf(documentId), _chunker), embedding + (UInt128)(uint)occurrence);
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        return new Guid(bytes, bigEndian: true);
    }

    private static UInt128 HashOf(string text) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(text.AsSpan()));

    private static UInt128 Combine(UInt128 first, UInt128 second)
    {
        Span<byte> bytes = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, first);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], second);
        return XxHash128.HashToUInt128(bytes);
    }
}
