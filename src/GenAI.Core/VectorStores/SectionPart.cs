using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GenAI.Core.Storage;

namespace GenAI.Core.VectorStores;

/// <summary>A part of a mapped section, as <see cref="SectionWriter"/> wrote it. Whoever reads verifies first.</summary>
internal readonly record struct SectionPart(MappedSection Section, long Start, long Length)
{
    /// <summary>Finds the parts of a section.</summary>
    /// <exception cref="CorruptDataException">The section is damaged, or has another number of parts.</exception>
    public static SectionPart[] Read(MappedSection section, int count)
    {
        var numbers = (count + 2) * sizeof(long);
        var at = section.Length - numbers;
        section.Verify(at, numbers);
        var places = section.Span(at, numbers);
        if (BinaryPrimitives.ReadInt64LittleEndian(places[^sizeof(long)..]) != count)
            throw Damaged(section, $"It does not have {count} parts.");

        var parts = new SectionPart[count];
        for (var i = 0; i < count; i++)
        {
            var start = BinaryPrimitives.ReadInt64LittleEndian(places[(i * sizeof(long))..]);
            var end = BinaryPrimitives.ReadInt64LittleEndian(places[((i + 1) * sizeof(long))..]);
            if (start < 0 || end < start || end > at)
                throw Damaged(section, $"Part {i} lies outside of it.");
            parts[i] = new SectionPart(section, start, end - start);
        }

        return parts;
    }

    /// <summary>A range, verified.</summary>
    public ReadOnlySpan<byte> Bytes(long offset, int length)
    {
        if (offset < 0 || offset > Length - length)
            throw Damaged(Section, $"Bytes {offset} to {offset + length} were asked of a part of {Length}.");
        Section.Verify(Start + offset, length);
        return Section.Span(Start + offset, length);
    }

    /// <summary>Values of a type, verified; 2 GB at most.</summary>
    public ReadOnlySpan<T> Values<T>(long first, int count)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(Bytes(first * Unsafe.SizeOf<T>(), checked(count * Unsafe.SizeOf<T>())));

    /// <summary>Verifies the whole part.</summary>
    public void Verify() => Section.Verify(Start, Length);

    /// <summary>Checks that the part has room for so many values and is no longer than they are, but for what fills it up to 8 bytes.</summary>
    /// <exception cref="CorruptDataException">It is not so.</exception>
    public void Expect(long count, int bytes)
    {
        if (Length < count * bytes || Length > count * bytes + 7)
            throw Damaged(Section, $"A part has {Length} bytes where {count} values of {bytes} bytes are expected.");
    }

    public static CorruptDataException Damaged(MappedSection section, string reason) =>
        new(section.Segment.Path, 0, $"Section '{section.Name}': {reason}");
}
