using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Retrieval;

/// <summary>What a step around a knowledge base's retriever can use.</summary>
public sealed class RetrievalContext
{
    internal RetrievalContext(VectorStoreCollection<Guid, ChunkRecord> collection, IEmbeddingGenerator<string, Embedding<float>> embeddingGenerator) =>
        (Collection, EmbeddingGenerator) = (collection, embeddingGenerator);

    /// <summary>The collection that the chunks are in.</summary>
    public VectorStoreCollection<Guid, ChunkRecord> Collection { get; }

    /// <summary>The model that their embeddings were made with.</summary>
    public IEmbeddingGenerator<string, Embedding<float>> EmbeddingGenerator { get; }
}
