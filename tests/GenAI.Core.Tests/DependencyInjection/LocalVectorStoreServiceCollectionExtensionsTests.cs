using GenAI.Core.Tests.VectorStores;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Tests.DependencyInjection;

public class LocalVectorStoreServiceCollectionExtensionsTests
{
    public static TheoryData<ServiceLifetime, object?> Matrix
    {
        get
        {
            var matrix = new TheoryData<ServiceLifetime, object?>();
            foreach (var lifetime in Enum.GetValues<ServiceLifetime>())
            {
                foreach (var key in (object?[])[null, "key", 8])
                    matrix.Add(lifetime, key);
            }

            return matrix;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Stores_and_collections_are_registered_under_every_name_and_share_their_data(ServiceLifetime lifetime, object? key)
    {
        var services = new ServiceCollection();
        services.AddKeyedLocalVectorStore(key, lifetime: lifetime).AddKeyedLocalCollection<int, Article>(key, "articles", lifetime: lifetime);
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        await using var one = provider.CreateAsyncScope();
        await using var two = provider.CreateAsyncScope();

        foreach (var type in (Type[])[typeof(LocalVectorStore), typeof(VectorStore), typeof(LocalCollection<int, Article>), typeof(VectorStoreCollection<int, Article>), typeof(IVectorSearchable<Article>), typeof(IKeywordHybridSearchable<Article>)])
        {
            object first = Get(one, type), again = Get(one, type), other = Get(two, type);
            ReferenceEquals(first, again).Should().Be(lifetime != ServiceLifetime.Transient);
            ReferenceEquals(first, other).Should().Be(lifetime == ServiceLifetime.Singleton);
        }

        var collection = (LocalCollection<int, Article>)Get(one, typeof(LocalCollection<int, Article>));
        await collection.EnsureCollectionExistsAsync();
        (await ((VectorStore)Get(two, typeof(VectorStore))).CollectionExistsAsync("articles")).Should().BeTrue();

        object Get(AsyncServiceScope scope, Type type) =>
            key is null ? scope.ServiceProvider.GetRequiredService(type) : scope.ServiceProvider.GetRequiredKeyedService(type, key);
    }

    [Fact]
    public async Task The_generator_with_the_same_key_comes_before_the_one_without_and_neither_is_made_early()
    {
        var (keyed, unkeyed) = (new CountingGenerator(), new CountingGenerator());
        var made = 0;
        var services = new ServiceCollection();
        services.AddSingleton<IEmbeddingGenerator>(_ => Count(unkeyed)).AddKeyedSingleton<IEmbeddingGenerator>("a", (_, _) => Count(keyed));
        foreach (var key in (string?[])[null, "a", "b"])
            services.AddKeyedLocalCollection<int, Embedded>(key, "texts");
        await using var provider = services.BuildServiceProvider();
        made.Should().Be(0);

        foreach (var (key, generator) in ((string?, CountingGenerator)[])[(null, unkeyed), ("a", keyed), ("b", unkeyed)])
        {
            var collection = key is null ? provider.GetRequiredService<LocalCollection<int, Embedded>>() : provider.GetRequiredKeyedService<LocalCollection<int, Embedded>>(key);
            await collection.EnsureCollectionExistsAsync();
            var before = generator.Calls.Count;
            await collection.UpsertAsync(new Embedded { Key = 1, Text = "text" });
            generator.Calls.Should().HaveCount(before + 1, $"key {key}");
            (await collection.GetAsync(record => true, 9).ReadAllAsync()).Should().HaveCount(1, "each key has memory of its own");
        }

        CountingGenerator Count(CountingGenerator generator)
        {
            made++;
            return generator;
        }
    }

    [Fact]
    public async Task A_collection_is_that_of_the_store_with_its_key_or_else_of_the_store_without()
    {
        var name = nameof(A_collection_is_that_of_the_store_with_its_key_or_else_of_the_store_without);
        var services = new ServiceCollection();
        services.AddLocalVectorStore(new() { Name = name }).AddKeyedLocalVectorStore("k", new() { Name = name + "k" });
        services.AddLocalCollection<int, Article>("plain").AddKeyedLocalCollection<int, Article>("k", "keyed").AddKeyedLocalCollection<int, Article>("other", "fallback");
        services.AddKeyedLocalCollection<int, Article>("named", "named", new() { StoreName = name + "k" });
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<LocalCollection<int, Article>>().EnsureCollectionExistsAsync();
        foreach (var key in (string[])["k", "other", "named"])
            await provider.GetRequiredKeyedService<LocalCollection<int, Article>>(key).EnsureCollectionExistsAsync();

        (await new LocalVectorStore(new() { Name = name }).ListCollectionNamesAsync().ReadAllAsync()).Should().Equal("fallback", "plain");
        (await new LocalVectorStore(new() { Name = name + "k" }).ListCollectionNamesAsync().ReadAllAsync()).Should().Equal("keyed", "named");
    }

    [Fact]
    public async Task Options_are_copied_when_they_are_registered()
    {
        var name = nameof(Options_are_copied_when_they_are_registered);
        var options = new LocalVectorStoreOptions { Name = name };
        var services = new ServiceCollection().AddLocalVectorStore(options);
        options.Name = "changed";
        await using var provider = services.BuildServiceProvider();

        ((VectorStoreMetadata)provider.GetRequiredService<VectorStore>().GetService(typeof(VectorStoreMetadata))!).VectorStoreName.Should().Be(name);
    }

    [Fact]
    public void Arguments_are_checked_when_they_are_registered()
    {
        var services = new ServiceCollection();

        ((Action)(() => LocalVectorStoreServiceCollectionExtensions.AddLocalVectorStore(null!))).Should().Throw<ArgumentNullException>();
        ((Action)(() => services.AddLocalCollection<int, Article>(null!))).Should().Throw<ArgumentNullException>();
        ((Action)(() => services.AddKeyedLocalCollection<int, Article>("key", ""))).Should().Throw<ArgumentException>();
        services.Should().BeEmpty();
    }

    internal sealed class Embedded
    {
        [VectorStoreKey]
        public int Key { get; set; }

        [VectorStoreVector(2)]
        public string? Text { get; set; }
    }
}
