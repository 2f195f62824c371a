using System.Diagnostics.CodeAnalysis;
using GenAI.Core.Indexing;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;

namespace GenAI.Core.VectorStores;

/// <summary>A collection of a <see cref="LocalVectorStore"/>.</summary>
/// <remarks>
/// <para>Safe for concurrent use: many readers, one writer at a time. A search sees one state of the collection, in both arms of a
/// hybrid search; no lock is held while results are enumerated. Records go in and come out as copies: neither they nor their
/// lists and vectors are shared with the store.</para>
/// <para>A batch is checked and embedded before any of it is stored, and stored as a whole: it lands or it fails, also
/// when it is cancelled.</para>
/// <para>Vector search goes by the index kind of the property: <c>Flat</c> and <c>QuantizedFlat</c> are exact, <c>Hnsw</c> is a graph, and
/// <c>Dynamic</c>, the default, is exact until the collection is large and a graph from then on. A graph is approximate in which records it
/// finds, never in how many nor in their scores. Scores are those
/// of the property's distance function, cosine similarity by default; a <c>ScoreThreshold</c> is the least similarity or the greatest
/// distance, itself included. The score of a hybrid search is that of
/// <see cref="RankFusion"/>, higher is better, and so is its threshold.</para>
/// <para>Filters are evaluated over columns, through indexes where a property is indexed; strings compare by their UTF-16 code
/// units unless a <see cref="StringComparison"/> says otherwise.</para>
/// </remarks>
/// <typeparam name="TKey">The type of the key, or <see cref="object"/> for a dynamic collection.</typeparam>
/// <typeparam name="TRecord">The type of the record; a <see cref="Dictionary{TKey, TValue}"/> of names and values for a dynamic collection.</typeparam>
[SuppressMessage("Naming", "CA1711", Justification = "It is a VectorStoreCollection.")]
public sealed partial class LocalCollection<TKey, TRecord> : VectorStoreCollection<TKey, TRecord>, IKeywordHybridSearchable<TRecord>
    where TKey : notnull
    where TRecord : class
{
    private readonly LocalDatabase _database;
    private readonly IRecordMapper<TRecord> _mapper;
    private readonly VectorStoreCollectionMetadata _metadata;
    private readonly LocalSettings _settings;
    private readonly SharedFolders.Lease? _lease;
    private LocalView? _view;

    /// <summary>Opens a collection by itself, with the memory that its options name.</summary>
    /// <param name="name">The collection's name.</param>
    /// <param name="options">The options, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="NotSupportedException">A property has a type, a distance function or an index kind that the store does not have.</exception>
    /// <exception cref="InvalidOperationException">The record type and the definition do not agree.</exception>
    [RequiresUnreferencedCode("Records are mapped by reflection. Use LocalVectorStore.GetDynamicCollection where the application is trimmed.")]
    [RequiresDynamicCode("Records are mapped by reflection. Use LocalVectorStore.GetDynamicCollection where the application is compiled ahead of time.")]
    public LocalCollection(string name, LocalCollectionOptions? options = null)
        : this(SharedFolders.Open(options), options, name)
    {
    }

    [RequiresUnreferencedCode("Records are mapped by reflection.")]
    [RequiresDynamicCode("Records are mapped by reflection.")]
    private LocalCollection(SharedFolders.Lease? lease, LocalCollectionOptions? options, string name)
        : this(lease?.Database ?? LocalDatabase.Open(options?.StoreName), options?.StoreName ?? options?.StorePath, name, MapperFor(options), LocalSettings.Of(options)) => _lease = lease;

    internal LocalCollection(LocalDatabase database, string? storeName, string name, IRecordMapper<TRecord> mapper, LocalSettings settings)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        _database = database;
        _mapper = mapper;
        _settings = settings;
        _metadata = new VectorStoreCollectionMetadata { VectorStoreSystemName = LocalVectorStore.SystemName, VectorStoreName = storeName, CollectionName = name };
    }

    /// <inheritdoc />
    public override string Name { get; }

    /// <inheritdoc />
    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_database.Contains(Name));
    }

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The collection exists with other properties.</exception>
    public override async Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            var table = await _database.FindOrCreateAsync(Name, _mapper.Schema, _settings.Indexing, cancellationToken).ConfigureAwait(false);
            try
            {
                var view = ViewOf(table);
                if (EmbedderCheck.Adopted(table, _mapper.Schema, view.VectorColumns) is { } embedders)
                    await _database.SaveEmbeddersAsync(table, embedders, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (VectorStoreException) when (table.IsDropped)
            {
                // Deleted by somebody else in between: there will be another.
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <inheritdoc />
    public override async Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _database.DeleteAsync(Name, cancellationToken).ConfigureAwait(false);
        _view = null;
    }

    /// <inheritdoc cref="VectorStoreCollection{TKey, TRecord}.GetService" />
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(VectorStoreCollectionMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Tells how many records there are, what each vector property's index is now and what memory it takes.</summary>
    /// <exception cref="VectorStoreException">The collection does not exist.</exception>
    public LocalCollectionStatistics GetStatistics()
    {
        var view = GetView();
        using (view.Table.ReadLock())
            return view.Table.Statistics_NeedsLock(_mapper.Schema.Vectors, view.VectorColumns);
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _lease?.ReleaseAsync().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }

    /// <summary>How many shapes of filters are compiled.</summary>
    internal int CompiledFilters => _view?.CompiledFilters ?? 0;

    [RequiresUnreferencedCode("Records are mapped by reflection.")]
    [RequiresDynamicCode("Records are mapped by reflection.")]
    internal static IRecordMapper<TRecord> MapperFor(LocalCollectionOptions? options)
    {
        if (typeof(TRecord) != typeof(Dictionary<string, object?>))
            return new ModelRecordMapper<TRecord>(new LocalModelBuilder().Build(typeof(TRecord), typeof(TKey), options?.Definition, options?.EmbeddingGenerator));

        if (options?.Definition is not { } definition)
            throw new ArgumentException("A collection of dictionaries needs a definition of its properties.", nameof(options));
        return new ModelRecordMapper<TRecord>(new LocalModelBuilder().BuildDynamic(definition, definition.EmbeddingGenerator ?? options.EmbeddingGenerator));
    }

    /// <summary>The collection's table as this record type sees it.</summary>
    /// <exception cref="VectorStoreException">The collection does not exist.</exception>
    /// <exception cref="InvalidOperationException">The collection exists with other properties.</exception>
    private LocalView GetView() => _database.Find(Name) is { } table
        ? ViewOf(table)
        : throw LocalTable.Missing(Name, _metadata.VectorStoreName);

    // The collection may have been deleted and made again through another object.
    private LocalView ViewOf(LocalTable table)
    {
        var view = Volatile.Read(ref _view);
        if (view?.Table != table)
            Volatile.Write(ref _view, view = new LocalView(table, _mapper.Schema));
        return view;
    }

    private void RefuseGeneratedVectors(bool includeVectors)
    {
        if (includeVectors && _mapper.Schema.GeneratesVectors)
            throw new NotSupportedException(VectorDataStrings.IncludeVectorsNotSupportedWithEmbeddingGeneration);
    }
}
