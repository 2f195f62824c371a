using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Retrieval;

/// <summary>Searches a collection of chunks by embedding, by keyword, or both.</summary>
/// <remarks>
/// In a local collection both arms run over one snapshot and one filter, and every chunk carries its rank and score in each. Where the fusion asks for it (<see cref="FusionOptions.SentenceWeight"/>), the sentences
/// of twice as many as are wanted are looked at, too, of 20 at least and of 100 at most. Another provider runs its
/// own hybrid search where it has one (<see cref="IKeywordHybridSearchable{TRecord}"/>) and says only the fused score; where it has none, a hybrid search is a vector search.
/// Safe for concurrent use.
/// </remarks>
public sealed class CollectionRetriever : IRetriever
{
    private readonly VectorStoreCollection<Guid, ChunkRecord> _collection;
    private readonly IEmbeddingGenerator<string, Embedding<float>> _embeddingGenerator;
    private readonly StaticEmbeddingGenerator? _static;
    private readonly FusionOptions _fusion;

    /// <summary>Makes a retriever.</summary>
    /// <param name="collection">The collection to search.</param>
    /// <param name="embeddingGenerator">The model that the collection's embeddings were made with.</param>
    public CollectionRetriever(VectorStoreCollection<Guid, ChunkRecord> collection, IEmbeddingGenerator<string, Embedding<float>> embeddingGenerator)
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentNullException.ThrowIfNull(embeddingGenerator);
        _collection = collection;
        _embeddingGenerator = embeddingGenerator;
        _static = embeddingGenerator.GetService(typeof(StaticEmbeddingGenerator)) as StaticEmbeddingGenerator;
        _fusion = DefaultFusion.Of(embeddingGenerator);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">A keyword search in a collection that has none.</exception>
    public async Task<IReadOnlyList<RetrievedChunk>> RetrieveAsync(string query, int top, SearchOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        ArgumentNullException.ThrowIfNull(options);

        return _collection is LocalCollection<Guid, ChunkRecord> local
            ? await SearchLocalAsync(local, query, top, options, cancellationToken).ConfigureAwait(false)
            : await SearchOtherAsync(query, top, options, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<RetrievedChunk>> SearchLocalAsync(LocalCollection<Guid, ChunkRecord> collection, string query, int top, SearchOptions options, CancellationToken cancellationToken)
    {
        // The cast matters: a bare null would become an empty vector, by way of the array conversion.
        var vector = options.Mode == RetrievalMode.Keyword ? (ReadOnlyMemory<float>?)null : await EmbedAsync(query, cancellationToken).ConfigureAwait(false);
        var keywords = options.Mode == RetrievalMode.Vector ? null : query;
        var fusion = options.Fusion ?? _fusion;
        var reads = options.Mode == RetrievalMode.Hybrid && SentenceFusion.Applies(fusion) && _static is not null;
        var hits = collection.SearchArms(vector, keywords, options.Filter, reads ? SentenceFusion.Depth(top) : top, fusion, cancellationToken);
        if (reads)
            hits = SentenceFusion.Rank(hits, new SentenceMeaning(_static!, vector!.Value, fusion), fusion, top, cancellationToken);
        var chunks = new RetrievedChunk[hits.Count];
        for (var i = 0; i < chunks.Length; i++)
        {
            chunks[i] = new RetrievedChunk
            {
                Chunk = ChunkRecords.ToChunk(hits[i].Record),
                Rank = i + 1,
                Score = (float)hits[i].Score,
                Vector = hits[i].Vector,
                Keyword = hits[i].Keyword,
            };
        }

        return chunks;
    }

    private async Task<IReadOnlyList<RetrievedChunk>> SearchOtherAsync(string query, int top, SearchOptions options, CancellationToken cancellationToken)
    {
        if (options.Mode == RetrievalMode.Keyword)
            throw new NotSupportedException($"The collection '{_collection.Name}' ({_collection.GetType().Name}) cannot search by keyword alone. Use RetrievalMode.Hybrid or RetrievalMode.Vector, or the local store.");

        var vector = await EmbedAsync(query, cancellationToken).ConfigureAwait(false);
        var isHybrid = options.Mode == RetrievalMode.Hybrid && _collection is IKeywordHybridSearchable<ChunkRecord>;
        var hits = isHybrid
            ? ((IKeywordHybridSearchable<ChunkRecord>)_collection).HybridSearchAsync(vector, Keywords(query), top, new HybridSearchOptions<ChunkRecord> { Filter = options.Filter, AdditionalProperty = record => record.Content }, cancellationToken)
            : _collection.SearchAsync(vector, top, new VectorSearchOptions<ChunkRecord> { Filter = options.Filter }, cancellationToken);

        var chunks = new List<RetrievedChunk>();
        await foreach (var hit in hits.ConfigureAwait(false))
        {
            var (rank, score) = (chunks.Count + 1, (float)(hit.Score ?? 0));
            chunks.Add(new RetrievedChunk { Chunk = ChunkRecords.ToChunk(hit.Record), Rank = rank, Score = score, Vector = isHybrid ? null : new ArmMatch(rank, score) });
        }

        return chunks;
    }

    private async Task<ReadOnlyMemory<float>> EmbedAsync(string query, CancellationToken cancellationToken) =>
        (await _embeddingGenerator.GenerateAsync(query, EmbeddingPurposeExtensions.WithPurpose(null, EmbeddingPurpose.Query), cancellationToken).ConfigureAwait(false)).Vector;

    // Providers join the keywords themselves; each wants words, not a sentence.
    private static string[] Keywords(string query) => query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
