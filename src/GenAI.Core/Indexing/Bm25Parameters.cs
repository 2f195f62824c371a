namespace GenAI.Core.Indexing;

/// <summary>The two parameters of BM25, under the names of the papers.</summary>
internal readonly record struct Bm25Parameters(double K1, double B);
