using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Retrieval;

/// <summary>Gives in place of each chunk that was found all chunks of its section or document: found by the small piece, read with the large one.</summary>
/// <remarks>As for <see cref="NeighborRetriever"/>: chunks stand in the order of the document in the place of the best one found, and a result has more chunks than were asked for. Safe for concurrent use.</remarks>
public sealed class ParentRetriever : IRetriever
{
    // More chunks than any parent within the budget could have; a chunk has a token at least.
    private const int MaxChunks = 10_000;

    private readonly IRetriever _inner;
    private readonly VectorStoreCollection<Guid, ChunkRecord> _collection;
    private readonly ChunkParent _parent;
    private readonly int _maxTokens;

    /// <summary>Makes a retriever.</summary>
    /// <param name="inner">Finds the chunks.</param>
    /// <param name="collection">The collection that they are in.</param>
    /// <param name="options">What they are expanded to; <see langword="null"/> for the defaults.</param>
    public ParentRetriever(IRetriever inner, VectorStoreCollection<Guid, ChunkRecord> collection, ParentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(collection);
        options ??= new ParentOptions();
        (_inner, _collection, _parent, _maxTokens) = (inner, collection, options.Parent, options.MaxTokens);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RetrievedChunk>> RetrieveAsync(string query, int top, SearchOptions options, CancellationToken cancellationToken = default)
    {
        var found = await _inner.RetrieveAsync(query, top, options, cancellationToken).ConfigureAwait(false);
        var expansion = new ChunkExpansion(found);
        var documents = new Dictionary<string, List<ChunkRecord>>(StringComparer.Ordinal);
        foreach (var hit in found)
        {
            if (!documents.TryGetValue(hit.Chunk.DocumentId, out var records))
                documents.Add(hit.Chunk.DocumentId, records = await ChunksAsync(hit.Chunk.DocumentId, cancellationToken).ConfigureAwait(false));
            await expansion.AddAsync(hit, Family(hit.Chunk, records).ToAsyncEnumerable(), cancellationToken).ConfigureAwait(false);
        }

        return expansion.Chunks();
    }

    private async Task<List<ChunkRecord>> ChunksAsync(string documentId, CancellationToken cancellationToken)
    {
        var records = new List<ChunkRecord>();
        await foreach (var record in _collection.GetAsync(record => record.DocumentId == documentId, MaxChunks, cancellationToken: cancellationToken).ConfigureAwait(false))
            records.Add(record);
        return records;
    }

    private List<ChunkRecord> Family(Chunk chunk, List<ChunkRecord> document)
    {
        var family = _parent == ChunkParent.Document ? document : document.FindAll(record => record.Headings.AsSpan().SequenceEqual([.. chunk.Headings]));
        return family.Sum(record => (long)record.TokenCount) <= _maxTokens ? family : [];
    }
}
