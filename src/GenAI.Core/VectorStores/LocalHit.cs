namespace GenAI.Core.VectorStores;

/// <summary>A record that a search of both arms found, with its reasons.</summary>
/// <param name="Record">The record, without its vectors.</param>
/// <param name="Score">The fused score; that of the arm where only one ran.</param>
/// <param name="Vector">Its place and score in the vector arm, or null.</param>
/// <param name="Keyword">Its place and score in the keyword arm, or null.</param>
internal readonly record struct LocalHit<TRecord>(TRecord Record, double Score, ArmMatch? Vector, ArmMatch? Keyword);
