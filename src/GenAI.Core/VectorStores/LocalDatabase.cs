using System.Collections.Concurrent;
using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

/// <summary>The collections that stores with the same name, or the same folder, share, by name.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class LocalDatabase
{
    private static readonly ConcurrentDictionary<string, LocalDatabase> Named = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, LocalTable> _tables = new(StringComparer.Ordinal);

    public LocalDatabase(DurableStore? durable = null) => Durable = durable;

    /// <summary>The folder, if that is where the collections are.</summary>
    public DurableStore? Durable { get; }

    /// <summary>The database of that name, one in the process; a new one of its own where there is no name.</summary>
    public static LocalDatabase Open(string? name) => name is null ? new LocalDatabase() : Named.GetOrAdd(name, static _ => new LocalDatabase());

    public IEnumerable<string> Names => (Durable is null ? _tables.Keys : Durable.Tables.Select(table => table.Name)).Where(name => !Reembedding.IsUnfinished(name)).Order(StringComparer.Ordinal);

    /// <summary>The collections, where they are in memory.</summary>
    public IEnumerable<LocalTable> MemoryTables => _tables.Values;

    public LocalTable? Find(string name) => Durable is null ? _tables.GetValueOrDefault(name) : Durable.Find(name);

    public bool Contains(string name) => Find(name) is not null;

    public ValueTask<LocalTable> FindOrCreateAsync(string name, LocalSchema schema, DynamicIndexOptions? indexing, CancellationToken cancellationToken) => Durable is null
        ? new(_tables.GetOrAdd(name, static (name, made) => new LocalTable(name, made.schema, made.indexing), (schema, indexing)))
        : Durable.FindOrCreateAsync(name, schema, cancellationToken);

    /// <summary>Writes down what made the vectors of a collection.</summary>
    public Task SaveEmbeddersAsync(LocalTable table, IReadOnlyList<EmbedderFingerprint?> embedders, CancellationToken cancellationToken)
    {
        if (Durable is not null)
            return Durable.SaveEmbeddersAsync(table, embedders, cancellationToken);
        table.Embedders = embedders;
        return Task.CompletedTask;
    }

    /// <summary>Puts a collection in the place of another, whose name it gets, in one step.</summary>
    /// <param name="name">The name.</param>
    /// <param name="replacement">The other collection.</param>
    /// <param name="version">The <see cref="LocalTable.Version"/> of the one that is replaced.</param>
    /// <param name="cancellationToken">Ends it before anything has changed, or not at all.</param>
    /// <returns>Whether it was done; not if the collection was written to since it had that version.</returns>
    public async Task<bool> ReplaceAsync(string name, LocalTable replacement, long version, CancellationToken cancellationToken)
    {
        if (Durable is not null)
            return await Durable.ReplaceAsync(name, replacement, version, cancellationToken).ConfigureAwait(false);
        var old = Find(name) ?? throw LocalTable.Missing(name, storeName: null);
        if (!old.TryCloseForWriting(version))
            return false;
        _tables.TryRemove(replacement.Name, out _);
        replacement.Name = name;
        _tables[name] = replacement;
        old.Drop(deleteFiles: false);
        return true;
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (Durable is not null)
            return Durable.DeleteAsync(name, cancellationToken);
        if (_tables.TryRemove(name, out var table))
            table.Drop(deleteFiles: false);
        return Task.CompletedTask;
    }
}
