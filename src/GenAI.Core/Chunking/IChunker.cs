namespace GenAI.Core.Chunking;

/// <summary>Cuts a document into the pieces that are embedded, searched and cited.</summary>
/// <remarks>
/// An implementation is safe for concurrent calls. It yields chunks in order of <see cref="Chunk.Ordinal"/>, from 0, makes them with
/// <see cref="Chunk.Create"/>, and yields none for a text of nothing but white space. Its <see cref="object.ToString"/> names it and its settings: a
/// document that was cut by a chunker of another name is cut again at the next ingestion. Exceptions are handled by the caller:
/// ingestion reports them against the document.
/// </remarks>
public interface IChunker
{
    /// <summary>Cuts <paramref name="document"/> into chunks.</summary>
    /// <param name="document">The document; not changed.</param>
    /// <param name="cancellationToken">Stops the work between chunks.</param>
    /// <returns>The chunks, in the order in which they stand in the document.</returns>
    IAsyncEnumerable<Chunk> ChunkAsync(Document document, CancellationToken cancellationToken = default);
}
