namespace GenAI.Core.Storage;

/// <summary>The shape of a segment file; docs/guides/durability.md has it byte by byte.</summary>
internal static class SegmentFormat
{
    public const uint Version = 1;

    /// <summary>Sections start at a page of memory.</summary>
    public const int Alignment = 4096;

    /// <summary>Bytes under one checksum: large enough that checksums are 0.4 % of a file, small enough that a row read by itself costs little more to verify (0079).</summary>
    public const int BlockBytes = 1 << BlockShift;

    public const int BlockShift = 11;
    public const int HeaderBytes = 64;
    public const int TrailerBytes = 64;
    public const int MaxNameBytes = 255;

    public static ReadOnlySpan<byte> HeaderMagic => "GenAISeg"u8;

    public static ReadOnlySpan<byte> TrailerMagic => "GenAIEnd"u8;

    public static long Align(long offset, long alignment) => (offset + alignment - 1) / alignment * alignment;
}
