namespace GenAI.Core.Embeddings;

/// <summary>What an embedding is for. Asymmetric models embed a question unlike the passages that answer it; others make no difference.</summary>
public enum EmbeddingPurpose
{
    /// <summary>To search with.</summary>
    Query,

    /// <summary>To be found.</summary>
    Document,
}
