using GenAI.Core.Storage;

namespace GenAI.Core.VectorStores;

/// <summary>What <see cref="LocalVectorStore.VerifyAsync"/> has found.</summary>
public sealed class StoreVerification
{
    internal StoreVerification(int files, long bytes, IReadOnlyList<CorruptDataException> damage) => (Files, Bytes, Damage) = (files, bytes, damage);

    /// <summary>The number of files that were read.</summary>
    public int Files { get; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; }

    /// <summary>What is damaged: the first of each file, with its path and place; empty if everything is as it was written.</summary>
    public IReadOnlyList<CorruptDataException> Damage { get; }

    /// <summary>Whether everything is as it was written.</summary>
    public bool IsIntact => Damage.Count == 0;
}
