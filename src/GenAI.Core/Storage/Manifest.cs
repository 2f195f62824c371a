namespace GenAI.Core.Storage;

/// <summary>
/// The live set of a store at one moment: which segments, and from which record on the log counts. Each generation is a file of its own, and the highest counts.
/// </summary>
internal sealed class Manifest
{
    /// <summary>1, 2, 3 ...; <see cref="ManifestFile.Write"/> gives it.</summary>
    public long Generation { get; init; }

    /// <summary>A random number that tells this store from every other.</summary>
    public required ulong StoreId { get; init; }

    /// <summary>Records of the log up to this number are in the segments; replay starts after it.</summary>
    public long CheckpointSequence { get; init; }

    /// <summary>A record that was durable when this was written: a log that ends before it is cut off.</summary>
    public long DurableSequence { get; init; }

    /// <summary>The number for the next segment file; every file gets a number that none had before it.</summary>
    public long NextFileNumber { get; init; } = 1;

    /// <summary>Whatever the user of the store keeps with it.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    public IReadOnlyList<ManifestCollection> Collections { get; init; } = [];
}

/// <summary>A collection in a <see cref="Manifest"/>.</summary>
internal sealed class ManifestCollection
{
    public required string Name { get; init; }

    /// <summary>Records of the log up to this number are in the segments of this collection.</summary>
    public long CheckpointSequence { get; init; }

    /// <summary>The schema, the embedder's fingerprint: whatever the collection needs to know before its segments are read.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }

    public IReadOnlyList<ManifestSegment> Segments { get; init; } = [];
}

/// <summary>A segment file in a <see cref="Manifest"/>; the order is the user's.</summary>
internal sealed class ManifestSegment
{
    public required string FileName { get; init; }

    /// <summary>The number that the file has in its header.</summary>
    public required ulong FileId { get; init; }

    /// <summary>Bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The range of rows, the live bitmap's file: whatever the user keeps with it.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }
}
