namespace GenAI.Core.Ingestion;

/// <summary>How far an ingestion is.</summary>
/// <param name="DocumentsDone">Documents that have gone through, failed and skipped ones included.</param>
/// <param name="DocumentsTotal">All documents, where that is known beforehand; else <see langword="null"/>.</param>
/// <param name="ChunksWritten">Chunks written so far.</param>
/// <param name="DocumentId">The id of the document that was done last.</param>
public readonly record struct IngestionProgress(int DocumentsDone, int? DocumentsTotal, int ChunksWritten, string DocumentId)
{
    /// <summary>The length of the documents that have gone through, in bytes: of the file, or of the text in UTF-8.</summary>
    public long BytesDone { get; init; }

    /// <summary>The length of all documents in bytes, where that is known beforehand, as it is for a folder; else <see langword="null"/>.</summary>
    public long? BytesTotal { get; init; }

    /// <summary>The time since the ingestion began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Documents a second, from the beginning until now; 0 at the very beginning.</summary>
    public double DocumentsPerSecond => Elapsed > TimeSpan.Zero ? DocumentsDone / Elapsed.TotalSeconds : 0;

    /// <summary>Bytes a second, from the beginning until now; 0 at the very beginning.</summary>
    public double BytesPerSecond => Elapsed > TimeSpan.Zero ? BytesDone / Elapsed.TotalSeconds : 0;

    /// <summary>How long the rest will take if it goes on as it did so far; <see langword="null"/> where the total is not known. By bytes if their total is known, else by documents.</summary>
    /// <remarks>Documents that are stored already go through faster than new ones: where the two are not mixed evenly, this is only a guess.</remarks>
    public TimeSpan? Remaining => (BytesTotal, DocumentsTotal) switch
    {
        ({ } bytes and > 0, _) when BytesDone > 0 => Elapsed * ((double)Math.Max(0, bytes - BytesDone) / BytesDone),
        (_, { } documents) when DocumentsDone > 0 => Elapsed * ((double)Math.Max(0, documents - DocumentsDone) / DocumentsDone),
        _ => null,
    };
}
