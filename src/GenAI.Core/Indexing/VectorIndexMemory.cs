namespace GenAI.Core.Indexing;

/// <summary>The bytes that an index has allocated, with the room that it keeps for growing.</summary>
/// <param name="Codes">The compact codes that searches read.</param>
/// <param name="Links">The links of a graph.</param>
/// <param name="Vectors">The vectors as they were given.</param>
/// <param name="Other">Ids, versions and tables, and what searches keep for the next one.</param>
public readonly record struct VectorIndexMemory(long Codes, long Links, long Vectors, long Other)
{
    /// <summary>All of them together.</summary>
    public long Total => Codes + Links + Vectors + Other;
}
