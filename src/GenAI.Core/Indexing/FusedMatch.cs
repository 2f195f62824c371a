namespace GenAI.Core.Indexing;

/// <summary>What a search with two arms found, and why.</summary>
/// <param name="Id">The id, the same in both arms.</param>
/// <param name="Score">The fused score, higher is better; its range is that of the <see cref="FusionMethod"/>.</param>
/// <param name="Vector">Place and score in the vector arm; <see langword="null"/> if that arm did not return it.</param>
/// <param name="Keyword">Place and score in the keyword arm; <see langword="null"/> if that arm did not return it.</param>
public readonly record struct FusedMatch(long Id, float Score, ArmMatch? Vector, ArmMatch? Keyword);
