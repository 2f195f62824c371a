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
        Path = source?.Path;
        ReadOnly = source?.ReadOnly ?? false;
        if (source is null)
            return;
        Durability = source.Durability;
        DurabilityInterval = source.DurabilityInterval;
        CheckpointBytes = source.CheckpointBytes;
    }

    /// <summary>
    /// Names the memory that the store keeps its collections in: stores with the same name in one process see the same data, which
    /// stays until its collections are deleted or the process ends.
    /// </summary>
    /// <value>Case-sensitive. The default, <see langword="null"/>, gives the store memory of its own, which goes with it.</value>
    public string? Name { get; set; }

    /// <summary>
    /// The folder that the store keeps its collections in, which survive the process and a power cut. It is made where it is missing, and holds nothing else. One process writes to it;
    /// any number may open it with <see cref="ReadOnly"/>. Stores with the same folder in one process see the same data, and share the options of the one that came first.
    /// </summary>
    /// <value>A path, relative to the current directory when the store is made. The default, <see langword="null"/>, keeps everything in memory. Not together with <see cref="Name"/>.</value>
    public string? Path { get; set; }

    /// <summary>When a write to a store with a <see cref="Path"/> is acknowledged, and so what a power cut can lose.</summary>
    /// <value>The default is <see cref="StoreDurability.EveryBatch"/>, which loses nothing.</value>
    public StoreDurability Durability
    {
        get;
        set
        {
            if (!Enum.IsDefined(value))
                throw new ArgumentOutOfRangeException(nameof(Durability), value, $"There is no such durability. Use one of {string.Join(", ", Enum.GetNames<StoreDurability>())}.");
            field = value;
        }
    }

    /// <summary>How long after a write under <see cref="StoreDurability.Interval"/> it is on the disk at the latest.</summary>
    /// <value>Above zero, one hour at most. The default is one second.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public TimeSpan DurabilityInterval
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(DurabilityInterval));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1), nameof(DurabilityInterval));
            field = value;
        }
    } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the store of a <see cref="Path"/> is only read. It shows what was in the folder when it was opened; another process may write there meanwhile.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool ReadOnly { get; set; }

    /// <summary>
    /// How much log is written before the store of a <see cref="Path"/> moves it into segments, in the background. It is also what opening may have to read again, and about what
    /// memory holds of the records that were written last.
    /// </summary>
    /// <value>In bytes, 64 KiB or more. The default is 64 MiB: a minute of ingestion, and a second of opening after a crash.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 64 KiB.</exception>
    public long CheckpointBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1 << 16, nameof(CheckpointBytes));
            field = value;
        }
    } = 64L << 20;

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
