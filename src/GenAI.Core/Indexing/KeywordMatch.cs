namespace GenAI.Core.Indexing;

/// <summary>A text that a keyword search found.</summary>
/// <param name="Id">The id that the text was added with.</param>
/// <param name="Score">The BM25 score: above 0, higher is better, without an upper end; comparable within one query only.</param>
public readonly record struct KeywordMatch(long Id, float Score);
