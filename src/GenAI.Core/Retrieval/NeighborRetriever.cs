using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Retrieval;

/// <summary>Adds to each chunk that was found those that stand beside it in its document.</summary>
/// <remarks>
/// The chunks of one neighbourhood stand together, in the order of the document, in the place of the best of them; those that were added have the score of the chunk that
/// they were added to. So a result has more chunks than were asked for. Chunks keep their own ranges, and whoever writes the answer joins those that touch. Safe for concurrent use.
/// </remarks>
public sealed class NeighborRetriever : IRetriever
{
    private readonly IRetriever _inner;
    private readonly VectorStoreCollection<Guid, ChunkRecord> _collection;
    private readonly int _before;
    private readonly int _after;

    /// <summary>Makes a retriever.</summary>
    /// <param name="inner">Finds the chunks.</param>
    /// <param name="collection">The collection that they are in.</param>
    /// <param name="options">How many neighbours; <see langword="null"/> for the defaults.</param>
    public NeighborRetriever(IRetriever inner, VectorStoreCollection<Guid, ChunkRecord> collection, NeighborOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(collection);
        options ??= new NeighborOptions();
        (_inner, _collection, _before, _after) = (inner, collection, options.Before, options.After);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RetrievedChunk>> RetrieveAsync(string query, int top, SearchOptions options, CancellationToken cancellationToken = default)
    {
        var found = await _inner.RetrieveAsync(query, top, options, cancellationToken).ConfigureAwait(false);
        var expansion = new ChunkExpansion(found);
        foreach (var hit in found)
        {
            var (id, first, last) = (hit.Chunk.DocumentId, hit.Chunk.Ordinal - _before, hit.Chunk.Ordinal + _after);
            var records = _collection.GetAsync(record => record.DocumentId == id && record.Ordinal >= first && record.Ordinal <= last, _before + _after + 1, cancellationToken: cancellationToken);
            await expansion.AddAsync(hit, records, cancellationToken).ConfigureAwait(false);
        }

        return expansion.Chunks();
    }
}
