namespace GenAI.Core.Retrieval;

/// <summary>Finds the chunks that fit a query.</summary>
/// <remarks>An implementation is safe for concurrent calls. Exceptions go to the caller of the search.</remarks>
public interface IRetriever
{
    /// <summary>Finds chunks.</summary>
    /// <param name="query">What is asked for; not empty.</param>
    /// <param name="top">The most chunks to return, 1 or more.</param>
    /// <param name="options">Arms, filter and fusion.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The chunks, best first, with <see cref="RetrievedChunk.Rank"/> from 1; fewer than <paramref name="top"/> if there are no more.</returns>
    Task<IReadOnlyList<RetrievedChunk>> RetrieveAsync(string query, int top, SearchOptions options, CancellationToken cancellationToken = default);
}
