namespace GenAI.Core.VectorStores;

/// <summary>Rows of a part, as they were at one moment.</summary>
internal sealed class PartRows
{
    private readonly ulong[]? _live;

    /// <summary>The rows that a part has now. No writer may be at work meanwhile.</summary>
    public PartRows(TablePart part)
    {
        (Part, Count, _live) = (part, part.Count, part.HasAllRows ? null : part.Live.ToArray());
        Removed = part is SegmentPart ? [.. part.Texts.Select(texts => texts?.Removed)] : [];
    }

    public TablePart Part { get; }

    public int Count { get; }

    /// <summary>A bit for each row that there is.</summary>
    public ulong[] Live => _live ?? RowBits.All(Count);

    /// <summary>For each column of a segment what the manifest keeps of the texts that were removed, so that opening need not look at them again; null where it keeps nothing.</summary>
    public byte[]?[] Removed { get; }
}
