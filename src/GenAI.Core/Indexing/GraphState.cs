namespace GenAI.Core.Indexing;

/// <summary>What a search has to know of the index, taken at one moment. Rows say themselves in which versions they are seen.</summary>
/// <param name="Version">Counts the writes, from 1.</param>
/// <param name="Count">Vectors that are seen.</param>
/// <param name="Rows">Rows that have ever been used.</param>
/// <param name="Removed">Rows that links still lead to but that are not seen any more.</param>
/// <param name="Entries">Where searches enter the graph; every row can be reached from the first.</param>
/// <param name="Breadth">How many candidates a search for ten keeps unless told otherwise.</param>
internal sealed record GraphState(long Version, int Count, int Rows, int Removed, int[] Entries, int Breadth) : IVersionedState;
