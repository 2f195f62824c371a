namespace GenAI.Core.Indexing;

/// <summary>What an index searches by.</summary>
public enum VectorIndexKind
{
    /// <summary>Every vector is compared, or ruled out by proof: the answer is that of a scan of all vectors.</summary>
    Exact,

    /// <summary>Links between near vectors are followed: the answer is approximate in which vectors it has, never in their scores.</summary>
    Graph,
}
