namespace GenAI.Core.Embeddings;

/// <summary>The shape of a file with a static model; docs/guides/embeddings.md has it byte by byte.</summary>
internal static class StaticModelFormat
{
    public const uint Version = 1;
    public const string Extension = ".staticmodel";

    public const int HeaderBytes = 64;
    public const int HeaderChecksumOffset = 56;
    public const int ChecksumBytes = 16;

    /// <summary>Parts start at multiples of a cache line; so do rows, of which half a line is the least.</summary>
    public const int Alignment = 64;

    public const int RowAlignment = 32;

    // Far above any use, and far below what would overflow.
    public const int MaxRows = 1 << 24;
    public const int MaxRowLength = 4095;

    // Of a weight and of a component: a sum of any text stays within single precision.
    public const float MaxValue = 1e6f;

    // What a reader must know of a model.
    public const string NameKey = "name", VersionKey = "version", LengthsKey = "lengths";

    public static ReadOnlySpan<byte> Magic => "GenAISta"u8;

    /// <summary>Bytes from one row to the next.</summary>
    public static int Stride(int rowLength) => (rowLength + RowAlignment - 1) / RowAlignment * RowAlignment;

    public static long Align(long offset) => (offset + Alignment - 1) / Alignment * Alignment;
}

/// <summary>Where the parts of a file are: all of it follows from four numbers of the header.</summary>
/// <param name="Count">The number of rows.</param>
/// <param name="RowLength">The components of a row.</param>
/// <param name="PropertyBytes">The bytes of the properties.</param>
/// <param name="VocabularyBytes">The bytes of the vocabulary.</param>
internal readonly record struct StaticModelLayout(int Count, int RowLength, int PropertyBytes, int VocabularyBytes)
{
    public static int Properties => StaticModelFormat.HeaderBytes;

    public long Vocabulary => StaticModelFormat.Align((long)Properties + PropertyBytes);

    public long Scales => StaticModelFormat.Align(Vocabulary + VocabularyBytes);

    public long Weights => StaticModelFormat.Align(Scales + 4L * Count);

    public long Rows => StaticModelFormat.Align(Weights + 4L * Count);

    public long Checksum => StaticModelFormat.Align(Rows + (long)Count * StaticModelFormat.Stride(RowLength));

    public long Length => Checksum + StaticModelFormat.ChecksumBytes;
}
