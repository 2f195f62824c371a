namespace GenAI.Core.Storage;

/// <summary>A section of a <see cref="SegmentFile"/> in memory: the address is valid while the segment's owner or a reader that has entered holds it.</summary>
internal sealed unsafe class MappedSection
{
    private readonly long _offset;

    internal MappedSection(SegmentFile segment, string name, byte* start, long offset, long length)
    {
        Segment = segment;
        Name = name;
        Start = start;
        _offset = offset;
        Length = length;
    }

    public SegmentFile Segment { get; }

    public string Name { get; }

    /// <summary>The first byte; aligned to 4096.</summary>
    public byte* Start { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>A range of the section, not verified.</summary>
    /// <exception cref="CorruptDataException">The section does not have the range: what pointed there is damaged, or this is.</exception>
    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        if ((ulong)offset > (ulong)Length || (ulong)length > (ulong)(Length - offset))
            throw OutOfRange(offset, length);
        return new ReadOnlySpan<byte>(Start + offset, length);
    }

    /// <summary>Verifies the blocks that a range lies in, those that were not before: a bit test for each block that was.</summary>
    /// <exception cref="CorruptDataException">A block is not what was written, or the section does not have the range.</exception>
    public void Verify(long offset, long length)
    {
        if ((ulong)offset > (ulong)Length || (ulong)length > (ulong)(Length - offset))
            throw OutOfRange(offset, length);
        Segment.Verify(_offset + offset, length);
    }

    /// <summary>Verifies the whole section, as <see cref="Verify"/> does.</summary>
    public void VerifyAll() => Segment.Verify(_offset, Length);

    private CorruptDataException OutOfRange(long offset, long length) =>
        new(Segment.Path, _offset, $"Bytes {offset} to {offset + length} were asked of section '{Name}', which has {Length}.");
}
