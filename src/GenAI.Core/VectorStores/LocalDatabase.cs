using System.Collections.Concurrent;
using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

/// <summary>The collections that stores with the same name share, by name.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class LocalDatabase
{
    private static readonly ConcurrentDictionary<string, LocalDatabase> Named = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, LocalTable> _tables = new(StringComparer.Ordinal);

    /// <summary>The database of that name, one in the process; a new one of its own where there is no name.</summary>
    public static LocalDatabase Open(string? name) => name is null ? new LocalDatabase() : Named.GetOrAdd(name, static _ => new LocalDatabase());

    public IEnumerable<string> Names => _tables.Keys.Order(StringComparer.Ordinal);

    public LocalTable? Find(string name) => _tables.GetValueOrDefault(name);

    public bool Contains(string name) => _tables.ContainsKey(name);

    public LocalTable FindOrCreate(string name, LocalSchema schema, DynamicIndexOptions? indexing) =>
        _tables.GetOrAdd(name, static (name, made) => new LocalTable(name, made.schema, made.indexing), (schema, indexing));

    public void Delete(string name)
    {
        if (_tables.TryRemove(name, out var table))
            table.Drop();
    }
}
