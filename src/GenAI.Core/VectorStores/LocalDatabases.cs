using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace GenAI.Core.VectorStores;

/// <summary>A local store that was registered with a container.</summary>
internal sealed record LocalStoreRegistration(object? ServiceKey, string? Name, IEmbeddingGenerator? EmbeddingGenerator, LocalSettings Settings);

/// <summary>The memory of the stores and collections of one service provider: named ones are the process's, the others one for each key.</summary>
internal sealed class LocalDatabases(IEnumerable<LocalStoreRegistration> registrations)
{
    private static readonly object NoKey = new();

    private readonly LocalStoreRegistration[] _registrations = [.. registrations];
    private readonly ConcurrentDictionary<object, LocalDatabase> _unnamed = new();

    public LocalDatabase Open(object? serviceKey, string? name) =>
        name is null ? _unnamed.GetOrAdd(serviceKey ?? NoKey, static _ => new LocalDatabase()) : LocalDatabase.Open(name);

    /// <summary>The store whose collections are meant by a key: the last one registered with it, or else the last one without.</summary>
    public LocalStoreRegistration? RegistrationFor(object? serviceKey) =>
        Array.FindLast(_registrations, store => Equals(store.ServiceKey, serviceKey)) ?? Array.FindLast(_registrations, store => store.ServiceKey is null);
}
