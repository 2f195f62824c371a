namespace GenAI.Core.Indexing;

/// <summary>Whether an exact index keeps compact codes beside its vectors. Results are the same with and without them; speed and memory are not.</summary>
public enum ExactCodes
{
    /// <summary>Codes where they pay: see <see cref="ExactIndexOptions.Codes"/>.</summary>
    Auto,

    /// <summary>No codes: every search reads every vector.</summary>
    None,

    /// <summary>
    /// Four bits for each component, from the first vector on. A search reads the codes, an eighth of the bytes, and only those vectors
    /// whose codes cannot rule them out. Manhattan and Hamming distances have no such codes and are scanned without.
    /// </summary>
    FourBit,
}
