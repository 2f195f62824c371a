using System.Buffers.Binary;
using System.Text;

namespace GenAI.Core.Storage;

/// <summary>Where everything is in a segment file: its header and footer, read and verified.</summary>
internal sealed class SegmentLayout
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    public required ulong FileId { get; init; }

    /// <summary>Where the blocks end and the footer starts.</summary>
    public required long FooterOffset { get; init; }

    public required long ChecksumsOffset { get; init; }

    public required int Blocks { get; init; }

    public required List<(string Name, long Offset, long Length)> Sections { get; init; }

    /// <exception cref="CorruptDataException">The header or the footer is not what was written.</exception>
    /// <exception cref="NotSupportedException">The file is of a newer format version.</exception>
    public static unsafe SegmentLayout Read(FileMapping mapping, string path)
    {
        CorruptDataException Damage(long offset, string reason) => new(path, offset, reason);

        if (mapping.Length < SegmentFormat.HeaderBytes + SegmentFormat.TrailerBytes)
            throw Damage(mapping.Length, "The file is cut off.");
        var header = new ReadOnlySpan<byte>(mapping.Start, SegmentFormat.HeaderBytes);
        if (!header[..8].SequenceEqual(SegmentFormat.HeaderMagic))
            throw Damage(0, "It is not a segment.");
        if (BinaryPrimitives.ReadUInt64LittleEndian(header[56..]) != Checksum.Of(header[..56]))
            throw Damage(0, "The checksum of the header is wrong.");
        FormatVersion.ThrowIfNewer(path, BinaryPrimitives.ReadUInt32LittleEndian(header[8..]), SegmentFormat.Version);

        var trailerOffset = mapping.Length - SegmentFormat.TrailerBytes;
        var trailer = new ReadOnlySpan<byte>(mapping.Start + trailerOffset, SegmentFormat.TrailerBytes);
        var footerOffset = BinaryPrimitives.ReadInt64LittleEndian(trailer);
        if (!trailer[48..56].SequenceEqual(SegmentFormat.TrailerMagic) || BinaryPrimitives.ReadInt64LittleEndian(trailer[8..]) != mapping.Length)
            throw Damage(trailerOffset, "The file is cut off, or longer than it was.");
        if (footerOffset < SegmentFormat.HeaderBytes || footerOffset > trailerOffset || mapping.Length - footerOffset > int.MaxValue || footerOffset % 8 != 0)
            throw Damage(trailerOffset, "The footer is out of place.");
        var footer = new ReadOnlySpan<byte>(mapping.Start + footerOffset, (int)(mapping.Length - footerOffset));
        if (BinaryPrimitives.ReadUInt64LittleEndian(footer[^8..]) != Checksum.Of(footer[..^8]))
            throw Damage(footerOffset, "The checksum of the footer is wrong.");

        // From here on a contradiction is a mistake of the writer or a forgery; the bounds are checked all the same.
        var tableBytes = BinaryPrimitives.ReadInt64LittleEndian(trailer[16..]);
        var sectionCount = BinaryPrimitives.ReadInt32LittleEndian(trailer[24..]);
        var blocks = BinaryPrimitives.ReadInt32LittleEndian(trailer[28..]);
        var fileId = BinaryPrimitives.ReadUInt64LittleEndian(trailer[32..]);
        if (fileId != BinaryPrimitives.ReadUInt64LittleEndian(header[16..]))
            throw Damage(trailerOffset, "Header and footer are of different files.");
        if (blocks != (footerOffset + SegmentFormat.BlockBytes - 1) >> SegmentFormat.BlockShift || tableBytes != footer.Length - SegmentFormat.TrailerBytes - 8L * blocks || tableBytes % 8 != 0)
            throw Damage(trailerOffset, "The footer's lengths contradict each other.");

        var sections = new List<(string, long, long)>();
        var table = footer[..(int)tableBytes];
        for (var i = 0; i < sectionCount; i++)
        {
            if (table.Length < 17 || table.Length < 17 + table[16])
                throw Damage(footerOffset, "The table of sections is cut off.");
            var (offset, length) = (BinaryPrimitives.ReadInt64LittleEndian(table), BinaryPrimitives.ReadInt64LittleEndian(table[8..]));
            if (offset < SegmentFormat.HeaderBytes || length < 0 || offset > footerOffset || length > footerOffset - offset || offset % SegmentFormat.Alignment != 0)
                throw Damage(footerOffset, $"Section {i} lies outside the file.");
            string name;
            try
            {
                name = Utf8.GetString(table.Slice(17, table[16]));
            }
            catch (DecoderFallbackException error)
            {
                throw new CorruptDataException(path, footerOffset, $"The name of section {i} is not UTF-8.", error);
            }

            if (sections.Exists(section => section.Item1 == name))
                throw Damage(footerOffset, $"Section '{name}' is there twice.");
            sections.Add((name, offset, length));
            table = table[(17 + table[16])..];
        }

        return new SegmentLayout { FileId = fileId, FooterOffset = footerOffset, ChecksumsOffset = footerOffset + tableBytes, Blocks = blocks, Sections = sections };
    }
}
