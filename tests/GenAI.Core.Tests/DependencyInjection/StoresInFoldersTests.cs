using GenAI.Core.Storage;
using GenAI.Core.Tests.VectorStores;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.VectorData;
using TemporaryFolder = GenAI.Core.Tests.VectorStores.TemporaryFolder;

namespace GenAI.Core.Tests.DependencyInjection;

/// <summary>Stores in folders, registered with a container: what shares a folder, and when it is closed.</summary>
public class StoresInFoldersTests
{
    [Fact]
    public async Task A_knowledge_base_in_a_folder_finds_again_what_an_earlier_container_ingested()
    {
        using var folder = new TemporaryFolder();
        await using (var first = new ServiceCollection().AddGenAI(genAI => genAI.UseLocalStore(folder.Path)).BuildServiceProvider())
            await first.GetRequiredService<KnowledgeBase>().IngestAsync(Documents.Travel);
        IsOpen(folder).Should().BeFalse("the container is disposed of");

        await using var second = new ServiceCollection().AddGenAI(genAI => genAI.UseLocalStore(folder.Path)).BuildServiceProvider();
        (await second.GetRequiredService<KnowledgeBase>().SearchAsync("ticket")).Should().NotBeEmpty();
        (await second.GetRequiredService<KnowledgeBase>().IngestAsync([Documents.Travel])).Unchanged.Should().Be(1);
        IsOpen(folder).Should().BeTrue();
    }

    [Fact]
    public async Task Named_knowledge_bases_in_one_folder_have_a_collection_each()
    {
        using var folder = new TemporaryFolder();
        await using var services = new ServiceCollection()
            .AddGenAI("legal", genAI => genAI.UseLocalStore(folder.Path))
            .AddGenAI("people", genAI => genAI.UseLocalStore(folder.Path))
            .BuildServiceProvider();
        await services.GetRequiredKeyedService<KnowledgeBase>("legal").IngestAsync(Documents.Travel);

        (await services.GetRequiredKeyedService<KnowledgeBase>("legal").SearchAsync("ticket")).Should().NotBeEmpty();
        (await services.GetRequiredKeyedService<KnowledgeBase>("people").SearchAsync("ticket")).Should().BeEmpty();
    }

    [Theory]
    [InlineData(ServiceLifetime.Singleton)]
    [InlineData(ServiceLifetime.Scoped)]
    [InlineData(ServiceLifetime.Transient)]
    public async Task The_folder_is_open_as_long_as_the_container_whatever_the_lifetime_of_a_store(ServiceLifetime lifetime)
    {
        using var folder = new TemporaryFolder();
        var services = new ServiceCollection()
            .AddLocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path }, lifetime)
            .AddKeyedLocalVectorStore("other", new LocalVectorStoreOptions { Path = folder.Path }, lifetime)
            .BuildServiceProvider(validateScopes: true);
        await using (var scope = services.CreateAsyncScope())
        {
            var notes = scope.ServiceProvider.GetRequiredService<LocalVectorStore>().GetDynamicCollection("notes", TestRecords.Notes());
            await notes.EnsureCollectionExistsAsync();
            await notes.UpsertAsync(TestRecords.Note("a", 1, 0));
        }

        IsOpen(folder).Should().BeTrue("the data lives longer than the store object");
        await using (var scope = services.CreateAsyncScope())
        {
            (await scope.ServiceProvider.GetRequiredService<VectorStore>().GetDynamicCollection("notes", TestRecords.Notes()).GetAsync("a")).Should().NotBeNull();
            (await scope.ServiceProvider.GetRequiredKeyedService<LocalVectorStore>("other").GetDynamicCollection("notes", TestRecords.Notes()).GetAsync("a")).Should().NotBeNull("two stores of one folder share it");
        }

        await services.DisposeAsync();
        IsOpen(folder).Should().BeFalse();
        await using var again = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path });
        (await again.GetDynamicCollection("notes", TestRecords.Notes()).GetAsync("a")).Should().NotBeNull();
    }

    [Fact]
    public async Task Two_containers_of_one_process_share_a_folder_until_the_last_is_disposed_of()
    {
        using var folder = new TemporaryFolder();
        var first = new ServiceCollection().AddLocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path }).BuildServiceProvider();
        await using var second = new ServiceCollection().AddLocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path }).BuildServiceProvider();
        await first.GetRequiredService<LocalVectorStore>().GetDynamicCollection("notes", TestRecords.Notes()).EnsureCollectionExistsAsync();
        (await second.GetRequiredService<LocalVectorStore>().CollectionExistsAsync("notes")).Should().BeTrue();
        await first.DisposeAsync();

        IsOpen(folder).Should().BeTrue();
        (await second.GetRequiredService<LocalVectorStore>().CollectionExistsAsync("notes")).Should().BeTrue();
    }

    private static bool IsOpen(TemporaryFolder folder)
    {
        try
        {
            FolderLock.Acquire(DiskFolder.Open(folder.Path)).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
