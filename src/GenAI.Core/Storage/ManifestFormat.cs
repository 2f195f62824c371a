using System.Buffers.Binary;
using System.Text;

namespace GenAI.Core.Storage;

/// <summary>A manifest as bytes; docs/guides/durability.md has it byte by byte.</summary>
internal static class ManifestFormat
{
    public const uint Version = 1;
    private const int HeadBytes = 24;
    private const int ChecksumBytes = 8;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> Magic => "GenAIMan"u8;

    public static byte[] Write(Manifest manifest, long generation)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Utf8);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(0);
        writer.Write(0L);
        writer.Write(generation);
        writer.Write(manifest.StoreId);
        writer.Write(manifest.CheckpointSequence);
        writer.Write(manifest.DurableSequence);
        writer.Write(manifest.NextFileNumber);
        WriteBytes(manifest.Metadata.Span);
        writer.Write(manifest.Collections.Count);
        foreach (var collection in manifest.Collections)
        {
            WriteBytes(Utf8.GetBytes(collection.Name));
            writer.Write(collection.CheckpointSequence);
            WriteBytes(collection.Metadata.Span);
            writer.Write(collection.Segments.Count);
            foreach (var segment in collection.Segments)
            {
                WriteBytes(Utf8.GetBytes(segment.FileName));
                writer.Write(segment.FileId);
                writer.Write(segment.Length);
                WriteBytes(segment.Metadata.Span);
            }
        }

        writer.Flush();
        BinaryPrimitives.WriteInt64LittleEndian(stream.GetBuffer().AsSpan(16), stream.Length + ChecksumBytes);
        writer.Write(Checksum.Of(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        return stream.ToArray();

        void WriteBytes(ReadOnlySpan<byte> bytes)
        {
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }
    }

    /// <exception cref="CorruptDataException">It is not what was written.</exception>
    /// <exception cref="NotSupportedException">It is of a newer format version.</exception>
    public static Manifest Read(ReadOnlySpan<byte> bytes, string path, long generation)
    {
        if (bytes.Length < HeadBytes + ChecksumBytes)
            throw new CorruptDataException(path, bytes.Length, "The file is cut off.");
        if (!bytes[..8].SequenceEqual(Magic))
            throw new CorruptDataException(path, 0, "It is not a manifest.");
        if (BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]) != bytes.Length)
            throw new CorruptDataException(path, 16, "The file is cut off, or longer than it was.");
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[^8..]) != Checksum.Of(bytes[..^8]))
            throw new CorruptDataException(path, 0, "The checksum is wrong.");
        FormatVersion.ThrowIfNewer(path, BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), Version);

        var reader = new ManifestReader(bytes[..^8], path, HeadBytes);
        if (reader.Int64() != generation)
            throw new CorruptDataException(path, HeadBytes, "It is the manifest of another generation under this name.");
        var manifest = new Manifest
        {
            Generation = generation,
            StoreId = (ulong)reader.Int64(),
            CheckpointSequence = reader.Int64(),
            DurableSequence = reader.Int64(),
            NextFileNumber = reader.Int64(),
            Metadata = reader.Bytes(),
            Collections = ReadCollections(ref reader),
        };
        reader.ThrowIfNotAtEnd();
        return manifest;
    }

    private static ManifestCollection[] ReadCollections(ref ManifestReader reader)
    {
        var collections = new ManifestCollection[reader.Count(ManifestReader.MinCollectionBytes)];
        for (var i = 0; i < collections.Length; i++)
        {
            collections[i] = new ManifestCollection
            {
                Name = reader.Text(),
                CheckpointSequence = reader.Int64(),
                Metadata = reader.Bytes(),
                Segments = ReadSegments(ref reader),
            };
        }

        return collections;
    }

    private static ManifestSegment[] ReadSegments(ref ManifestReader reader)
    {
        var segments = new ManifestSegment[reader.Count(ManifestReader.MinSegmentBytes)];
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = new ManifestSegment
            {
                FileName = reader.Text(),
                FileId = (ulong)reader.Int64(),
                Length = reader.Int64(),
                Metadata = reader.Bytes(),
            };
        }

        return segments;
    }

    /// <summary>Reads values one after the other and throws where there is not enough for the next.</summary>
    private ref struct ManifestReader(ReadOnlySpan<byte> bytes, string path, int position)
    {
        public const int MinCollectionBytes = 20;
        public const int MinSegmentBytes = 24;
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _position = position;

        public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Next(8));

        /// <summary>How many elements follow, each of at least so many bytes: no more than there is room for.</summary>
        public int Count(int minBytes)
        {
            var count = BinaryPrimitives.ReadInt32LittleEndian(Next(4));
            return count >= 0 && count <= (_bytes.Length - _position) / minBytes ? count : throw Damage();
        }

        public byte[] Bytes() => Next(Count(1)).ToArray();

        public string Text()
        {
            try
            {
                return Utf8.GetString(Next(Count(1)));
            }
            catch (DecoderFallbackException error)
            {
                throw new CorruptDataException(path, _position, "A name is not UTF-8.", error);
            }
        }

        public readonly void ThrowIfNotAtEnd()
        {
            if (_position != _bytes.Length)
                throw Damage();
        }

        private ReadOnlySpan<byte> Next(int count)
        {
            if (_bytes.Length - _position < count)
                throw Damage();
            _position += count;
            return _bytes.Slice(_position - count, count);
        }

        private readonly CorruptDataException Damage() => new(path, _position, "Its lengths contradict each other.");
    }
}
