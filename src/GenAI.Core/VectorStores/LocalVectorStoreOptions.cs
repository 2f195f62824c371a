using GenAI.Core.Indexing;
using Microsoft.Extensions.AI;

namespace GenAI.Core.VectorStores;

/// <summary>Options of a <see cref="LocalVectorStore"/>.</summary>
public sealed class LocalVectorStoreOptions
{
    /// <summary>Makes options with every default.</summary>
    public LocalVectorStoreOptions()
    {
    }

    internal LocalVectorStoreOptions(LocalVectorStoreOptions? source)
    {
        Name = source?.Name;
        EmbeddingGenerator = source?.EmbeddingGenerator;
        Fusion = source?.Fusion;
        Indexing = source?.Indexing;
        SearchBreadth = source?.SearchBreadth ?? 0;
    }

    /// <summary>
    /// Names the memory that the store keeps its collections in: stores with the same name in one process see the same data, which
    /// stays until its collections are deleted or the process ends.
    /// </summary>
    /// <value>Case-sensitive. The default, <see langword="null"/>, gives the store memory of its own, which goes with it.</value>
    public string? Name { get; set; }

    /// <summary>Embeds what is not a vector, such as texts, where neither the property nor the collection has a generator of its own.</summary>
    /// <value>The default is <see langword="null"/>: vectors have to be given.</value>
    public IEmbeddingGenerator? EmbeddingGenerator { get; set; }

    /// <summary>How hybrid searches of the store's collections make one score of the two arms'.</summary>
    /// <value>The default, <see langword="null"/>, is the default of <see cref="FusionOptions"/>. With a trained embedding model, begin with equal weights.</value>
    public FusionOptions? Fusion { get; set; }

    /// <summary>
    /// Options of the vector indexes: <see cref="DynamicIndexOptions.Exact"/> for the kinds <c>Flat</c> and <c>QuantizedFlat</c> (whose codes are
    /// always kept), <see cref="DynamicIndexOptions.Graph"/> for <c>Hnsw</c>, and all of them for <c>Dynamic</c>.
    /// </summary>
    /// <value>
    /// The default, <see langword="null"/>, is every default of <see cref="DynamicIndexOptions"/>.
    /// They count for a collection that is made; one that is there keeps what it was made with.
    /// </value>
    public DynamicIndexOptions? Indexing { get; set; }

    /// <summary>How many candidates a search of a graph keeps while it looks: see <see cref="VectorSearchSettings.SearchBreadth"/>. Exact indexes ignore it.</summary>
    /// <value>0 or more. The default, 0, leaves the choice to the index.</value>
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
