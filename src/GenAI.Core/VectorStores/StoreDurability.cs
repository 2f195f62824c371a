namespace GenAI.Core.VectorStores;

/// <summary>When a write to a store with a <see cref="LocalVectorStoreOptions.Path"/> is acknowledged, which is when its task ends.</summary>
/// <remarks>The end of the process, however it ends, loses no acknowledged write under any of them. They differ in what a power cut or a crash of the operating system loses.</remarks>
public enum StoreDurability
{
    /// <summary>When it is on the disk: nothing acknowledged is ever lost. Writes that wait at the same time share one synchronisation.</summary>
    EveryBatch,

    /// <summary>When the operating system has it; it is on the disk at most <see cref="LocalVectorStoreOptions.DurabilityInterval"/> later. A power cut loses what was acknowledged in that time, the latest writes first and none by half.</summary>
    Interval,

    /// <summary>When the operating system has it; it is on the disk after <see cref="LocalVectorStore.FlushAsync"/>, or when the store makes a checkpoint. A power cut loses what was acknowledged since, the latest writes first and none by half.</summary>
    Manual,
}
