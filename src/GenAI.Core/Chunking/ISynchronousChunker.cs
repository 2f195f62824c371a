namespace GenAI.Core.Chunking;

/// <summary>A chunker that never waits, so that its work can be done without asynchronous calls.</summary>
internal interface ISynchronousChunker : IChunker
{
    /// <inheritdoc cref="IChunker.ChunkAsync"/>
    IEnumerable<Chunk> Split(Document document, CancellationToken cancellationToken = default);
}
