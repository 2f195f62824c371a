namespace GenAI.Core.Ingestion;

/// <summary>The step of ingestion at which a document failed.</summary>
public enum IngestionStage
{
    /// <summary>Reading the file, or refusing the document because its id came twice.</summary>
    Read,

    /// <summary>Cutting the document into chunks.</summary>
    Chunk,

    /// <summary>Making the embeddings.</summary>
    Embed,

    /// <summary>Writing to the vector store.</summary>
    Write,

    /// <summary>Removing a document that is not in its folder any more.</summary>
    Remove,
}

/// <summary>A document that could not be ingested. What was stored for it before is still there.</summary>
public sealed class IngestionFailure
{
    /// <summary>The document's id.</summary>
    public required string DocumentId { get; init; }

    /// <summary>The step that failed.</summary>
    public required IngestionStage Stage { get; init; }

    /// <summary>What was thrown.</summary>
    public required Exception Exception { get; init; }

    /// <summary>The document, the step and the reason.</summary>
    public override string ToString() => $"{DocumentId}: {Stage}: {Exception.Message}";
}

/// <summary>What an ingestion did. Every document is counted once, as added, updated, unchanged, empty, left out or failed.</summary>
public sealed class IngestionSummary
{
    /// <summary>Documents that were not there before.</summary>
    public required int Added { get; init; }

    /// <summary>Documents that replaced an earlier version.</summary>
    public required int Updated { get; init; }

    /// <summary>Documents that were there already, word for word, cut and embedded in the same way; nothing was done for them.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Documents that were removed because they are not in their folder any more: see <see cref="IngestionOptions.RemoveMissing"/>. They are not among <see cref="Documents"/>.</summary>
    public required int Removed { get; init; }

    /// <summary>Documents without any text but white space. They have no chunks; an earlier version was removed.</summary>
    public required int Empty { get; init; }

    /// <summary>Documents that were left out because they nearly repeat another one: see <see cref="NearDuplicateOptions.LeaveOut"/>.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Files that the document reader does not read, such as pictures. They do not count as documents.</summary>
    public required int Skipped { get; init; }

    /// <summary>Chunks that were written: new ones, and those of which the text, the place or a fact about the document changed.</summary>
    public required int ChunksWritten { get; init; }

    /// <summary>Texts that the embedding generator was given. Fewer than the chunks that were written where a stored vector fits, and where several chunks have the same text.</summary>
    public required int ChunksEmbedded { get; init; }

    /// <summary>Chunks of changed documents that stayed untouched.</summary>
    public required int ChunksKept { get; init; }

    /// <summary>Chunks of earlier versions and of removed documents that were removed.</summary>
    public required int ChunksRemoved { get; init; }

    /// <summary>The documents that nearly repeat another one, if <see cref="IngestionOptions.NearDuplicates"/> asks for them, each with the most similar document before it.</summary>
    public required IReadOnlyList<NearDuplicate> NearDuplicates { get; init; }

    /// <summary>The documents that failed, in the order in which they did. The others have landed.</summary>
    public required IReadOnlyList<IngestionFailure> Failures { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The number of documents that failed.</summary>
    public int Failed => Failures.Count;

    /// <summary>The number of documents that went through.</summary>
    public int Documents => Added + Updated + Unchanged + Empty + LeftOut + Failures.Count(failure => failure.Stage != IngestionStage.Remove);

    /// <summary>Throws if a document failed.</summary>
    /// <exception cref="AggregateException">One inner exception for each failure, with the document and step in its message.</exception>
    public IngestionSummary ThrowIfFailed() => Failures.Count == 0
        ? this
        : throw new AggregateException($"{Failed} of {Documents + Removed} documents failed.", Failures.Select(failure => new InvalidOperationException(failure.ToString(), failure.Exception)));

    /// <summary>The counts in one line.</summary>
    public override string ToString() =>
        $"{Documents} documents: {Added} added, {Updated} updated, {Unchanged} unchanged, {Removed} removed, {Empty} empty, {LeftOut} left out, {Failed} failed; "
        + $"{ChunksWritten} chunks written, {ChunksEmbedded} embedded, {ChunksKept} kept, {ChunksRemoved} removed";
}
