using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.VectorStores;

/// <summary>Opens the collections that a knowledge base stores its chunks in.</summary>
public static class ChunkCollections
{
    /// <summary>Opens a collection of chunks in any vector store.</summary>
    /// <param name="store">The store, of any Microsoft.Extensions.VectorData provider.</param>
    /// <param name="name">The collection's name.</param>
    /// <param name="dimensions">The number of dimensions of the embeddings.</param>
    /// <remarks>Providers look at the record type by reflection; <see cref="LocalVectorStore.GetChunkCollection"/> does not.</remarks>
    [RequiresUnreferencedCode("Vector store providers look at the record type by reflection. The local store does not: leave the store out, or use UseLocalStore.")]
    [RequiresDynamicCode("Vector store providers build accessors at run time. The local store does not: leave the store out, or use UseLocalStore.")]
    public static VectorStoreCollection<Guid, ChunkRecord> GetChunkCollection(this VectorStore store, string name, int dimensions)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        return store is LocalVectorStore local ? local.GetChunkCollection(name, dimensions) : store.GetCollection<Guid, ChunkRecord>(name, Definition(dimensions));
    }

    /// <summary>The properties of <see cref="ChunkRecord"/>: a cosine similarity index over the embedding, a full-text index over the content, and indexes to filter by.</summary>
    /// <param name="dimensions">The number of dimensions of the embeddings.</param>
    public static VectorStoreCollectionDefinition Definition(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        return new VectorStoreCollectionDefinition
        {
            Properties =
            [
                new VectorStoreKeyProperty(nameof(ChunkRecord.Key), typeof(Guid)),
                new VectorStoreDataProperty(nameof(ChunkRecord.DocumentId), typeof(string)) { IsIndexed = true },
                new VectorStoreDataProperty(nameof(ChunkRecord.Ordinal), typeof(int)),
                new VectorStoreDataProperty(nameof(ChunkRecord.Start), typeof(int)),
                new VectorStoreDataProperty(nameof(ChunkRecord.Content), typeof(string)) { IsFullTextIndexed = true },
                new VectorStoreDataProperty(nameof(ChunkRecord.TextStart), typeof(int)),
                new VectorStoreDataProperty(nameof(ChunkRecord.Headings), typeof(string[])),
                new VectorStoreDataProperty(nameof(ChunkRecord.Title), typeof(string)),
                new VectorStoreDataProperty(nameof(ChunkRecord.Context), typeof(string)),
                new VectorStoreDataProperty(nameof(ChunkRecord.Source), typeof(string)),
                new VectorStoreDataProperty(nameof(ChunkRecord.Tags), typeof(string[])) { IsIndexed = true },
                new VectorStoreDataProperty(nameof(ChunkRecord.TokenCount), typeof(int)),
                new VectorStoreDataProperty(nameof(ChunkRecord.OverlapLength), typeof(int)),
                new VectorStoreDataProperty(nameof(ChunkRecord.ContentHash), typeof(string)),
                new VectorStoreDataProperty(nameof(ChunkRecord.EmbeddingHash), typeof(string)) { IsIndexed = true },
                new VectorStoreDataProperty(nameof(ChunkRecord.DocumentHash), typeof(string)),
                new VectorStoreDataProperty(nameof(ChunkRecord.DocumentChunks), typeof(int)) { IsIndexed = true },
                new VectorStoreDataProperty(nameof(ChunkRecord.Folder), typeof(string)) { IsIndexed = true },
                new VectorStoreDataProperty(nameof(ChunkRecord.FileStamp), typeof(string)),
                new VectorStoreDataProperty(nameof(ChunkRecord.Sketch), typeof(string)),
                new VectorStoreVectorProperty(nameof(ChunkRecord.Embedding), typeof(ReadOnlyMemory<float>), dimensions)
                {
                    DistanceFunction = DistanceFunction.CosineSimilarity,
                },
            ],
        };
    }
}
