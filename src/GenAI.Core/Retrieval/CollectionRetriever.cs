using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Retrieval;

/// <summary>Searches a collection of chunks by embedding, by keyword, or both.</summary>
/// <remarks>
/// In a local collection both arms run over one snapshot and one filter, and every chunk carries its rank and score in each. Another provider runs its
/// own hybrid search where it has one (<see cref="IKeywordHybridSearchable{TRecord}"/>) and says only the fused score; where it has none, a hybrid search is a vector search.
/// Safe for concurrent use.
/// </remarks>
public sealed class CollectionRetriever : IRetriever
{
    private readonly VectorStoreCollection<Guid, ChunkRecord> _collection;
    private readonly IEmbeddingGenerator<string, Embedding<float>> _embeddingGenerator;

    /// <summary>Makes a retriever.</summary>
    /// <param name="collection">The collection to search.</param>
    /// <param name="embeddingGenerator">The model that the collection's embeddings were made with.</param>
    public CollectionRetriever(VectorStoreCollection<Guid, ChunkRecord> collection, IEmbeddingGenerator<string, Embedding<float>> embeddingGenerator)
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentNullException.ThrowIfNull(embeddingGenerator);
        _collection = collection;
        _embeddingGenerator = embeddingGenerator;
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">A keyword search in a collection that has none.</exception>
    public async Task<IReadOnlyList<RetrievedChunk>> RetrieveAsync(string query, int top, SearchOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        ArgumentNullException.ThrowIfNull(options);

        var hybrid = _collection as IKeywordHybridSearchable<ChunkRecord>;
        if (options.Mode == RetrievalMode.Keyword)
            throw new NotSupportedException($"The collection '{_collection.Name}' ({_collection.GetType().Name}) cannot search by keyword alone. Use RetrievalMode.Hybrid or RetrievalMode.Vector, or the local store.");

        var vector = (await _embeddingGenerator.GenerateAsync(query, options: null, cancellationToken).ConfigureAwait(false)).Vector;
        var hits = options.Mode == RetrievalMode.Hybrid && hybrid is not null
            ? hybrid.HybridSearchAsync(vector, Keywords(query), top, new HybridSearchOptions<ChunkRecord> { Filter = options.Filter, AdditionalProperty = record => record.Content }, cancellationToken)
            : _collection.SearchAsync(vector, top, new VectorSearchOptions<ChunkRecord> { Filter = options.Filter }, cancellationToken);

        var chunks = new List<RetrievedChunk>();
        await foreach (var hit in hits.ConfigureAwait(false))
        {
            var rank = chunks.Count + 1;
            var score = (float)(hit.Score ?? 0);
            chunks.Add(new RetrievedChunk
            {
                Chunk = ChunkRecords.ToChunk(hit.Record),
                Rank = rank,
                Score = score,
                Vector = options.Mode == RetrievalMode.Hybrid && hybrid is not null ? null : new ArmMatch(rank, score),
            });
        }

        return chunks;
    }

    // Providers join the keywords themselves; each wants words, not a sentence.
    private static string[] Keywords(string query) => query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
