using GenAI.Core.Indexing;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.VectorStores;

/// <summary>Options of a <see cref="LocalCollection{TKey, TRecord}"/>.</summary>
public sealed class LocalCollectionOptions : VectorStoreCollectionOptions
{
    /// <summary>Makes options with every default.</summary>
    public LocalCollectionOptions()
    {
    }

    internal LocalCollectionOptions(LocalCollectionOptions? source)
        : base(source)
    {
        StoreName = source?.StoreName;
        Fusion = source?.Fusion;
    }

    /// <summary>The <see cref="LocalVectorStoreOptions.Name"/> of the store whose collection this is.</summary>
    /// <value>
    /// The default, <see langword="null"/>, gives a collection made with <c>new</c> memory of its own, and one from a container the memory
    /// of the local store registered there.
    /// </value>
    public string? StoreName { get; set; }

    /// <summary>How hybrid searches make one score of the two arms'.</summary>
    /// <value>
    /// The default, <see langword="null"/>, is that of the local store registered in the container, or else the default of
    /// <see cref="FusionOptions"/>. With a trained embedding model, begin with equal weights.
    /// </value>
    public FusionOptions? Fusion { get; set; }
}
