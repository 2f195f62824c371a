using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

/// <summary>How a <see cref="DurableStore"/> is opened.</summary>
/// <param name="Durability">When a write is acknowledged.</param>
/// <param name="Interval">For <see cref="StoreDurability.Interval"/>.</param>
/// <param name="ReadOnly">Whether nothing may be written.</param>
/// <param name="CheckpointBytes">So many bytes of log are moved into segments.</param>
/// <param name="Indexing">Options of the vector indexes.</param>
internal sealed record DurableStoreOptions(StoreDurability Durability, TimeSpan Interval, bool ReadOnly, long CheckpointBytes, DynamicIndexOptions? Indexing)
{
    public static DurableStoreOptions Of(LocalVectorStoreOptions? options)
    {
        options ??= new LocalVectorStoreOptions();
        return new DurableStoreOptions(options.Durability, options.DurabilityInterval, options.ReadOnly, options.CheckpointBytes, options.Indexing);
    }
}
