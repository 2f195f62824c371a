namespace GenAI.Core.Ingestion;

/// <summary>A document that has been cut into records and waits for their embeddings.</summary>
internal sealed class PreparedDocument(string id, List<ChunkRecord> records)
{
    public string Id => id;

    public List<ChunkRecord> Records => records;

    /// <summary>Whether every record has its embedding.</summary>
    public bool IsEmbedded { get; set; }
}
