using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

/// <summary>What the options of a store or collection say of indexes and searches.</summary>
/// <param name="Fusion">How hybrid searches make one score of two; null for the default.</param>
/// <param name="Indexing">Options of the indexes of collections that are made; null for the defaults.</param>
/// <param name="SearchBreadth">How many candidates a graph keeps; 0 leaves it to the index.</param>
internal sealed record LocalSettings(FusionOptions? Fusion, DynamicIndexOptions? Indexing, int SearchBreadth)
{
    public static LocalSettings Of(LocalVectorStoreOptions? options) => new(options?.Fusion, options?.Indexing, options?.SearchBreadth ?? 0);

    public static LocalSettings Of(LocalCollectionOptions? options) => new(options?.Fusion, options?.Indexing, options?.SearchBreadth ?? 0);

    /// <summary>These, with others in place of what they leave open.</summary>
    public LocalSettings Or(LocalSettings? others) =>
        new(Fusion ?? others?.Fusion, Indexing ?? others?.Indexing, SearchBreadth > 0 ? SearchBreadth : others?.SearchBreadth ?? 0);
}
