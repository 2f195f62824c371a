using System.Collections.Concurrent;

namespace GenAI.Core.VectorStores;

/// <summary>A local store that was registered with a container.</summary>
internal sealed record LocalStoreRegistration(object? ServiceKey, LocalVectorStoreOptions Options)
{
    public LocalSettings Settings { get; } = LocalSettings.Of(Options);
}

/// <summary>The memory and folders of the stores and collections of one service provider: named ones are the process's, the others one for each key.</summary>
internal sealed class LocalDatabases(IEnumerable<LocalStoreRegistration> registrations) : IDisposable, IAsyncDisposable
{
    private static readonly object NoKey = new();

    private readonly LocalStoreRegistration[] _registrations = [.. registrations];
    private readonly ConcurrentDictionary<object, LocalDatabase> _unnamed = new();

    private readonly ConcurrentDictionary<string, Lazy<SharedFolders.Lease>> _folders = new(StringComparer.Ordinal);

    public LocalDatabase Open(object? serviceKey, LocalVectorStoreOptions options) =>
        options.Path is { } path
            ? _folders.GetOrAdd(path, _ => new Lazy<SharedFolders.Lease>(() => SharedFolders.Open(path, DurableStoreOptions.Of(options)))).Value.Database
            : Open(serviceKey, options.Name);

    public LocalDatabase Open(object? serviceKey, string? name) =>
        name is null ? _unnamed.GetOrAdd(serviceKey ?? NoKey, static _ => new LocalDatabase()) : LocalDatabase.Open(name);

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        foreach (var folder in _folders.Values)
            await folder.Value.ReleaseAsync().ConfigureAwait(false);
    }

    /// <summary>The store whose collections are meant by a key: the last one registered with it, or else the last one without.</summary>
    public LocalStoreRegistration? RegistrationFor(object? serviceKey) =>
        Array.FindLast(_registrations, store => Equals(store.ServiceKey, serviceKey)) ?? Array.FindLast(_registrations, store => store.ServiceKey is null);
}
