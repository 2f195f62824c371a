namespace GenAI.Core.VectorStores;

/// <summary>The parts of a table but for its head, with the rows that they had, when every record of the log up to a number was applied to it.</summary>
internal sealed record TableSnapshot(long Sequence, IReadOnlyList<PartRows> Parts);
