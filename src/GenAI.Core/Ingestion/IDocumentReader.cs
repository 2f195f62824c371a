namespace GenAI.Core.Ingestion;

/// <summary>Reads a file into a document.</summary>
/// <remarks>
/// An implementation is safe for concurrent calls. Exceptions are handled by the caller: ingestion reports them against the file
/// and goes on with the next one.
/// </remarks>
public interface IDocumentReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="documentId">The id to give to the document.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The document, or <see langword="null"/> if the file is not of a kind that this reader reads.</returns>
    Task<Document?> ReadAsync(FileInfo file, string documentId, CancellationToken cancellationToken = default);
}
