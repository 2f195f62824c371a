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
        StorePath = source?.StorePath;
        Fusion = source?.Fusion;
        Indexing = source?.Indexing;
        SearchBreadth = source?.SearchBreadth ?? 0;
    }

    /// <summary>The <see cref="LocalVectorStoreOptions.Name"/> of the store whose collection this is.</summary>
    /// <value>
    /// The default, <see langword="null"/>, gives a collection made with <c>new</c> memory of its own, and one from a container the memory
    /// of the local store registered there.
    /// </value>
    public string? StoreName { get; set; }

    /// <summary>
    /// The <see cref="LocalVectorStoreOptions.Path"/> of the store whose collection this is. A collection made with <c>new</c> opens the folder, with the options of a store that has it open in this
    /// process or else the defaults, and closes it when it is disposed of, if nobody else has it open.
    /// </summary>
    /// <value>The default, <see langword="null"/>, is memory. Not together with <see cref="StoreName"/>.</value>
    public string? StorePath { get; set; }

    /// <summary>How hybrid searches make one score of the two arms'.</summary>
    /// <value>
    /// The default, <see langword="null"/>, is that of the local store registered in the container, or else the default of
    /// <see cref="FusionOptions"/>. With a trained embedding model, begin with equal weights.
    /// </value>
    public FusionOptions? Fusion { get; set; }

    /// <summary>
    /// Options of the vector indexes: <see cref="DynamicIndexOptions.Exact"/> for the kinds <c>Flat</c> and <c>QuantizedFlat</c> (whose codes are
    /// always kept), <see cref="DynamicIndexOptions.Graph"/> for <c>Hnsw</c>, and all of them for <c>Dynamic</c>.
    /// </summary>
    /// <value>
    /// The default, <see langword="null"/>, is that of the local store registered in the container, or else every default of <see cref="DynamicIndexOptions"/>.
    /// They count for a collection that is made; one that is there keeps what it was made with.
    /// </value>
    public DynamicIndexOptions? Indexing { get; set; }

    /// <summary>How many candidates a search of a graph keeps while it looks: see <see cref="VectorSearchSettings.SearchBreadth"/>. Exact indexes ignore it.</summary>
    /// <value>0 or more. The default, 0, is that of the local store registered in the container, or else leaves the choice to the index.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int SearchBreadth
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(SearchBreadth));
            field = value;
        }
    }
}
