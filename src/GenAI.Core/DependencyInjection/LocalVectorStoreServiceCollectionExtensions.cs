using System.Diagnostics.CodeAnalysis;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.VectorData;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers local vector stores and their collections.</summary>
/// <remarks>
/// An embedding generator that the options do not name is taken from the container when the store or collection is made: first the one
/// registered with the same key, then the one without a key. Stores and collections without a name of memory share one for each
/// provider and key, so that every lifetime sees the same data.
/// </remarks>
public static class LocalVectorStoreServiceCollectionExtensions
{
    private const string DynamicMapping = "Records are mapped by reflection. Use LocalVectorStore.GetDynamicCollection where the application is trimmed or compiled ahead of time.";

    /// <summary>Registers a <see cref="LocalVectorStore"/>, also as <see cref="VectorStore"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">The options, or <see langword="null"/> for the defaults. They are copied.</param>
    /// <param name="lifetime">How long each store object lives; its data lives longer.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddLocalVectorStore(
        this IServiceCollection services, LocalVectorStoreOptions? options = null, ServiceLifetime lifetime = ServiceLifetime.Singleton) =>
        AddStore(services, serviceKey: null, options, lifetime);

    /// <summary>Registers a <see cref="LocalVectorStore"/> with a key, also as <see cref="VectorStore"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key; <see langword="null"/> registers without one.</param>
    /// <param name="options">The options, or <see langword="null"/> for the defaults. They are copied.</param>
    /// <param name="lifetime">How long each store object lives; its data lives longer.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddKeyedLocalVectorStore(
        this IServiceCollection services, object? serviceKey, LocalVectorStoreOptions? options = null, ServiceLifetime lifetime = ServiceLifetime.Singleton) =>
        AddStore(services, serviceKey, options, lifetime);

    /// <summary>Registers a collection, also as <see cref="VectorStoreCollection{TKey, TRecord}"/>, <see cref="IVectorSearchable{TRecord}"/> and <see cref="IKeywordHybridSearchable{TRecord}"/>.</summary>
    /// <typeparam name="TKey">The type of the key.</typeparam>
    /// <typeparam name="TRecord">The type of the record.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="name">The collection's name.</param>
    /// <param name="options">The options, or <see langword="null"/> for the defaults. They are copied.</param>
    /// <param name="lifetime">How long each collection object lives; its data lives longer.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>The collection is that of the local store registered with the same key, or else without one, if the options name no store.</remarks>
    [RequiresUnreferencedCode(DynamicMapping)]
    [RequiresDynamicCode(DynamicMapping)]
    public static IServiceCollection AddLocalCollection<TKey, TRecord>(
        this IServiceCollection services, string name, LocalCollectionOptions? options = null, ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where TKey : notnull
        where TRecord : class =>
        AddCollection<TKey, TRecord>(services, serviceKey: null, name, options, lifetime);

    /// <summary>Registers a collection with a key, also as <see cref="VectorStoreCollection{TKey, TRecord}"/>, <see cref="IVectorSearchable{TRecord}"/> and <see cref="IKeywordHybridSearchable{TRecord}"/>.</summary>
    /// <typeparam name="TKey">The type of the key.</typeparam>
    /// <typeparam name="TRecord">The type of the record.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key; <see langword="null"/> registers without one.</param>
    /// <param name="name">The collection's name.</param>
    /// <param name="options">The options, or <see langword="null"/> for the defaults. They are copied.</param>
    /// <param name="lifetime">How long each collection object lives; its data lives longer.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>The collection is that of the local store registered with the same key, or else without one, if the options name no store.</remarks>
    [RequiresUnreferencedCode(DynamicMapping)]
    [RequiresDynamicCode(DynamicMapping)]
    public static IServiceCollection AddKeyedLocalCollection<TKey, TRecord>(
        this IServiceCollection services, object? serviceKey, string name, LocalCollectionOptions? options = null, ServiceLifetime lifetime = ServiceLifetime.Singleton)
        where TKey : notnull
        where TRecord : class =>
        AddCollection<TKey, TRecord>(services, serviceKey, name, options, lifetime);

    private static IServiceCollection AddStore(IServiceCollection services, object? serviceKey, LocalVectorStoreOptions? options, ServiceLifetime lifetime)
    {
        ArgumentNullException.ThrowIfNull(services);
        var own = new LocalVectorStoreOptions(options);
        services.TryAddSingleton<LocalDatabases>();
        services.AddSingleton(new LocalStoreRegistration(serviceKey, own));
        services.Add(new ServiceDescriptor(typeof(LocalVectorStore), serviceKey, (provider, key) => new LocalVectorStore(
            provider.GetRequiredService<LocalDatabases>().Open(key, own),
            new LocalVectorStoreOptions(own) { EmbeddingGenerator = own.EmbeddingGenerator ?? Generator(provider, key) }), lifetime));
        return AddAs<VectorStore, LocalVectorStore>(services, serviceKey, lifetime);
    }

    [RequiresUnreferencedCode(DynamicMapping)]
    [RequiresDynamicCode(DynamicMapping)]
    private static IServiceCollection AddCollection<TKey, TRecord>(IServiceCollection services, object? serviceKey, string name, LocalCollectionOptions? options, ServiceLifetime lifetime)
        where TKey : notnull
        where TRecord : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var own = new LocalCollectionOptions(options);
        services.TryAddSingleton<LocalDatabases>();
        services.Add(new ServiceDescriptor(typeof(LocalCollection<TKey, TRecord>), serviceKey, (provider, key) =>
        {
            var databases = provider.GetRequiredService<LocalDatabases>();
            var registration = own.StoreName is null && own.StorePath is null ? databases.RegistrationFor(key) : null;
            var storeName = own.StoreName ?? registration?.Options.Name;
            var mapper = LocalCollection<TKey, TRecord>.MapperFor(new LocalCollectionOptions(own)
            {
                EmbeddingGenerator = own.EmbeddingGenerator ?? registration?.Options.EmbeddingGenerator ?? Generator(provider, key),
            });
            var database = registration is null ? databases.Open(key, new LocalVectorStoreOptions { Name = storeName, Path = own.StorePath }) : databases.Open(registration.ServiceKey, registration.Options);
            return new LocalCollection<TKey, TRecord>(database, storeName ?? own.StorePath ?? registration?.Options.Path, name, mapper, LocalSettings.Of(own).Or(registration?.Settings));
        }, lifetime));
        AddAs<VectorStoreCollection<TKey, TRecord>, LocalCollection<TKey, TRecord>>(services, serviceKey, lifetime);
        AddAs<IVectorSearchable<TRecord>, LocalCollection<TKey, TRecord>>(services, serviceKey, lifetime);
        return AddAs<IKeywordHybridSearchable<TRecord>, LocalCollection<TKey, TRecord>>(services, serviceKey, lifetime);
    }

    private static IServiceCollection AddAs<TService, TImplementation>(IServiceCollection services, object? serviceKey, ServiceLifetime lifetime)
        where TService : class
        where TImplementation : class, TService
    {
        services.Add(new ServiceDescriptor(typeof(TService), serviceKey, static (provider, key) =>
            key is null ? provider.GetRequiredService<TImplementation>() : provider.GetRequiredKeyedService<TImplementation>(key), lifetime));
        return services;
    }

    private static IEmbeddingGenerator? Generator(IServiceProvider provider, object? key) =>
        (key is null ? null : provider.GetKeyedService<IEmbeddingGenerator>(key)) ?? provider.GetService<IEmbeddingGenerator>();
}
