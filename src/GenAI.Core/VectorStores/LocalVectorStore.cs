using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;

namespace GenAI.Core.VectorStores;

/// <summary>A vector store inside the process: collections of records, searched by vector, by keywords and by filter.</summary>
/// <remarks>
/// <para>Storage goes by column and not by object: a collection can be open as a typed record and as a dictionary at once, and what is
/// read is never what was stored but a copy. See <see cref="LocalCollection{TKey, TRecord}"/> for what collections do.</para>
/// <para>Without a <see cref="LocalVectorStoreOptions.Path"/> everything is in memory, and disposing of the store releases nothing that a collection still uses.</para>
/// <para>With one it is in a folder, and behaves like a database: see <see cref="StoreDurability"/> for what an acknowledged write survives. A reader may see a write that is not
/// acknowledged yet; if it then cannot be made durable, its writer is told, and every writer after it until the store is opened again. Nothing is lost if a store is not disposed of. The last store
/// of a folder that is disposed of closes it, and collections that were got from them can no longer be used.</para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
public sealed partial class LocalVectorStore : VectorStore, IAsyncDisposable
{
    internal const string SystemName = "genai.core.local";

    private readonly SharedFolders.Lease? _lease;
    private readonly LocalDatabase _database;
    private readonly IEmbeddingGenerator? _embeddingGenerator;
    private readonly LocalSettings _settings;
    private readonly VectorStoreMetadata _metadata;

    /// <summary>Opens a store: in memory, or in the folder that the options name.</summary>
    /// <param name="options">The options, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The options name both memory and a folder, or the folder is open in another way in this process.</exception>
    /// <exception cref="IOException">
    /// The folder is open for writing in another process, has files in it that are not a store's, is a file, or (<see cref="Storage.CorruptDataException"/>) is damaged; or it cannot be read or
    /// written. The message says what to do; nothing was changed.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    /// <exception cref="NotSupportedException">A newer version of this library wrote the folder.</exception>
    public LocalVectorStore(LocalVectorStoreOptions? options = null)
        : this(Lease(options), LocalDatabase.Open(options?.Name), options)
    {
    }

    internal LocalVectorStore(LocalDatabase database, LocalVectorStoreOptions? options)
        : this(Lease(options), database, options)
    {
    }

    private LocalVectorStore(SharedFolders.Lease? lease, LocalDatabase database, LocalVectorStoreOptions? options)
    {
        _lease = lease;
        _database = lease?.Database ?? database;
        _embeddingGenerator = options?.EmbeddingGenerator;
        _settings = LocalSettings.Of(options);
        _metadata = new VectorStoreMetadata { VectorStoreSystemName = SystemName, VectorStoreName = options?.Name ?? options?.Path };
    }

    /// <inheritdoc />
    /// <exception cref="NotSupportedException">A property has a type, a distance function or an index kind that the store does not have.</exception>
    /// <exception cref="InvalidOperationException">The record type and the definition do not agree.</exception>
    [RequiresUnreferencedCode("Records are mapped by reflection. Use GetDynamicCollection where the application is trimmed.")]
    [RequiresDynamicCode("Records are mapped by reflection. Use GetDynamicCollection where the application is compiled ahead of time.")]
    public override VectorStoreCollection<TKey, TRecord> GetCollection<TKey, TRecord>(string name, VectorStoreCollectionDefinition? definition = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (typeof(TRecord) == typeof(Dictionary<string, object?>))
            throw new ArgumentException(VectorDataStrings.GetCollectionWithDictionaryNotSupported, nameof(name));

        var model = new LocalModelBuilder().Build(typeof(TRecord), typeof(TKey), definition, _embeddingGenerator);
        return new LocalCollection<TKey, TRecord>(_database, _metadata.VectorStoreName, name, new ModelRecordMapper<TRecord>(model), _settings);
    }

    /// <inheritdoc />
    /// <exception cref="NotSupportedException">A property has a type, a distance function or an index kind that the store does not have.</exception>
    [UnconditionalSuppressMessage("Trimming", "IL2046", Justification = "Needs less than the base class declares.")]
    [UnconditionalSuppressMessage("AOT", "IL3051", Justification = "Needs less than the base class declares.")]
    public override VectorStoreCollection<object, Dictionary<string, object?>> GetDynamicCollection(string name, VectorStoreCollectionDefinition definition)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(definition);
        var model = new LocalModelBuilder().BuildDynamic(definition, definition.EmbeddingGenerator ?? _embeddingGenerator);
        return new LocalCollection<object, Dictionary<string, object?>>(_database, _metadata.VectorStoreName, name, new ModelRecordMapper<Dictionary<string, object?>>(model), _settings);
    }

    /// <summary>Lists the names of the collections, in ordinal order.</summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    public override async IAsyncEnumerable<string> ListCollectionNamesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var name in _database.Names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    /// <inheritdoc />
    public override Task<bool> CollectionExistsAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_database.Contains(name));
    }

    /// <inheritdoc />
    public override Task EnsureCollectionDeletedAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        cancellationToken.ThrowIfCancellationRequested();
        return _database.DeleteAsync(name, cancellationToken);
    }

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(VectorStoreMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Opens a collection of chunks. Unlike <see cref="GetCollection"/> it needs no reflection, so it works where code is trimmed or compiled ahead of time.</summary>
    /// <param name="name">The collection's name.</param>
    /// <param name="dimensions">The number of dimensions of the embeddings, 1 or more.</param>
    public LocalCollection<Guid, ChunkRecord> GetChunkCollection(string name, int dimensions)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        return new LocalCollection<Guid, ChunkRecord>(_database, _metadata.VectorStoreName, name, new ChunkRecordMapper(dimensions, DistanceFunction.CosineSimilarity), _settings);
    }
}
