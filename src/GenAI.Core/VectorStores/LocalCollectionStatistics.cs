using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

/// <summary>How large a collection is and what its vector indexes are, at one moment.</summary>
public sealed class LocalCollectionStatistics
{
    internal LocalCollectionStatistics(long count, IReadOnlyList<LocalVectorStatistics> vectors) => (Count, Vectors) = (count, vectors);

    /// <summary>The number of records.</summary>
    public long Count { get; }

    /// <summary>The index of each vector property, in the record's order.</summary>
    public IReadOnlyList<LocalVectorStatistics> Vectors { get; }
}

/// <summary>The index of a vector property, at one moment.</summary>
public sealed class LocalVectorStatistics
{
    internal LocalVectorStatistics(string property, string indexKind, IReadOnlyList<VectorIndex> indexes)
    {
        (Property, IndexKind) = (property, indexKind);
        foreach (var index in indexes)
        {
            var memory = index.Memory;
            Memory = new VectorIndexMemory(Memory.Codes + memory.Codes, Memory.Links + memory.Links, Memory.Vectors + memory.Vectors, Memory.Other + memory.Other);
            Count += index.Count;
            if (index.Kind == VectorIndexKind.Graph)
                Kind = VectorIndexKind.Graph;
            if (index is not DynamicIndex dynamic)
                continue;
            IsBuilding |= dynamic.IsBuilding;
            BuildFault ??= dynamic.BuildFault;
        }
    }

    /// <summary>The property's name.</summary>
    public string Property { get; }

    /// <summary>The kind that the collection was made with, one of <see cref="Microsoft.Extensions.VectorData.IndexKind"/>.</summary>
    public string IndexKind { get; }

    /// <summary>What searches go by now; of a collection in several segments, whether any of them has a graph.</summary>
    public VectorIndexKind Kind { get; }

    /// <summary>Whether a graph is being built in the background.</summary>
    public bool IsBuilding { get; }

    /// <summary>Why the last graph could not be built; <see langword="null"/> if none has failed. It is tried again when the collection has doubled.</summary>
    public Exception? BuildFault { get; }

    /// <summary>The number of vectors.</summary>
    public int Count { get; }

    /// <summary>The bytes that the index has allocated, a graph that is being built included.</summary>
    public VectorIndexMemory Memory { get; }

    /// <summary>The bytes for each vector; 0 where there is none.</summary>
    public double BytesPerVector => Count == 0 ? 0 : (double)Memory.Total / Count;
}
