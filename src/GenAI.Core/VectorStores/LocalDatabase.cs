using System.Collections.Concurrent;
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

    public IEnumerable<string> Names => (Durable is null ? _tables.Keys : Durable.Tables.Select(table => table.Name)).Order(StringComparer.Ordinal);

    public LocalTable? Find(string name) => Durable is null ? _tables.GetValueOrDefault(name) : Durable.Find(name);

    public bool Contains(string name) => Find(name) is not null;

    public ValueTask<LocalTable> FindOrCreateAsync(string name, LocalSchema schema, DynamicIndexOptions? indexing, CancellationToken cancellationToken) => Durable is null
        ? new(_tables.GetOrAdd(name, static (name, made) => new LocalTable(name, made.schema, made.indexing), (schema, indexing)))
        : Durable.FindOrCreateAsync(name, schema, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (Durable is not null)
            return Durable.DeleteAsync(name, cancellationToken);
        if (_tables.TryRemove(name, out var table))
            table.Drop(deleteFiles: false);
        return Task.CompletedTask;
    }
}
