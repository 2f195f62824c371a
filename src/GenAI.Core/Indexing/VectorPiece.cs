namespace GenAI.Core.Indexing;

/// <summary>What goes into a segment from one index.</summary>
/// <param name="Index">The index, in memory or of another segment. It must not be written to while it is read.</param>
/// <param name="NewIds">For each id of the index, from <paramref name="First"/> on, the id that it has in the segment, ascending; -1 for one that is left out.</param>
/// <param name="First">The first id of the index.</param>
internal readonly record struct VectorPiece(VectorIndex Index, ReadOnlyMemory<int> NewIds, long First = 0);
