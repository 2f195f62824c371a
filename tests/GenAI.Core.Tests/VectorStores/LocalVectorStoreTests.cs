using GenAI.Core.VectorStores;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Tests.VectorStores;

public class LocalVectorStoreTests
{
    [Fact]
    public async Task One_collection_is_open_as_a_record_and_as_a_dictionary_at_once()
    {
        var store = new LocalVectorStore();
        var typed = store.GetCollection<string, Note>("notes");
        var dynamic = store.GetDynamicCollection("notes", TestRecords.Notes());
        await typed.EnsureCollectionExistsAsync();
        await dynamic.EnsureCollectionExistsAsync();

        await typed.UpsertAsync(new Note { Id = "a", Words = "from a record", Value = 7, Where = new float[] { 1, 0 } });
        await dynamic.UpsertAsync(TestRecords.Note("b", 0, 1, "from a dictionary", 8));

        var read = await dynamic.GetAsync("a", new() { IncludeVectors = true });
        read!["Text"].Should().Be("from a record");
        ((ReadOnlyMemory<float>)read["Vector"]!).ToArray().Should().Equal(1, 0);
        (await typed.GetAsync(note => note.Value == 8, 5).ReadAllAsync()).Should().ContainSingle().Which.Words.Should().Be("from a dictionary");
        (await typed.SearchAsync(new float[] { 0, 1 }, 1).ReadAllAsync()).Single().Record.Id.Should().Be("b");
    }

    [Fact]
    public async Task Stores_with_the_same_name_see_the_same_data_and_others_do_not()
    {
        var name = nameof(Stores_with_the_same_name_see_the_same_data_and_others_do_not);
        var first = new LocalVectorStore(new() { Name = name }).GetDynamicCollection("notes", TestRecords.Notes());
        await first.EnsureCollectionExistsAsync();
        await first.UpsertAsync(TestRecords.Note("a", 1, 1));

        var second = new LocalVectorStore(new() { Name = name });
        (await second.GetDynamicCollection("notes", TestRecords.Notes()).GetAsync("a")).Should().NotBeNull();
        (await new LocalCollection<string, Note>("notes", new() { StoreName = name }).GetAsync("a")).Should().NotBeNull();
        (await new LocalVectorStore().CollectionExistsAsync("notes")).Should().BeFalse();
        (await new LocalVectorStore(new() { Name = name.ToUpperInvariant() }).CollectionExistsAsync("notes")).Should().BeFalse();

        await second.EnsureCollectionDeletedAsync("notes");
        await second.EnsureCollectionDeletedAsync("notes");
        (await first.CollectionExistsAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task A_collection_that_was_made_again_is_found_again_by_those_who_had_it_open()
    {
        var store = new LocalVectorStore();
        var first = store.GetDynamicCollection("notes", TestRecords.Notes());
        await first.EnsureCollectionExistsAsync();
        await first.UpsertAsync(TestRecords.Note("a", 1, 1));

        await store.EnsureCollectionDeletedAsync("notes");
        await store.GetDynamicCollection("notes", TestRecords.Notes()).EnsureCollectionExistsAsync();

        (await first.GetAsync("a")).Should().BeNull();
        await first.UpsertAsync(TestRecords.Note("b", 1, 1));
        (await first.GetAsync("b")).Should().NotBeNull();
    }

    [Fact]
    public async Task Opening_with_other_properties_says_what_differs()
    {
        var store = new LocalVectorStore();
        await store.GetDynamicCollection("notes", TestRecords.Notes()).EnsureCollectionExistsAsync();
        var keyed = TestRecords.Notes();
        keyed.Properties[0] = new VectorStoreKeyProperty("Key", typeof(int));
        var retyped = TestRecords.Notes();
        retyped.Properties[2] = new VectorStoreDataProperty("Number", typeof(long));
        var listed = TestRecords.Notes();
        listed.Properties[2] = new VectorStoreDataProperty("Number", typeof(List<int>));
        var less = TestRecords.Notes();
        less.Properties.RemoveAt(1);
        var more = TestRecords.Notes();
        more.Properties.Add(new VectorStoreDataProperty("Extra", typeof(int)));

        foreach (var (definition, message) in ((VectorStoreCollectionDefinition, string)[])
            [
                (keyed, "*its key is 'Key' of type String, not 'Key' of type Int32*"),
                (retyped, "*'Number' is of type Int32, not Int64*"),
                (listed, "*'Number' is of type Int32, not list of Int32*"),
                (less, "*has a property stored as 'Text', which is missing here*"),
                (more, "*has no data property stored as 'Extra'*"),
                (TestRecords.Notes(dimensions: 3), "*'Vector' has 2 dimensions, not 3*"),
                (TestRecords.Notes(DistanceFunction.EuclideanDistance), "*'Vector' was made for CosineSimilarity, not EuclideanDistance*"),
            ])
        {
            var act = () => store.GetDynamicCollection("notes", definition).EnsureCollectionExistsAsync();
            (await act.Should().ThrowAsync<InvalidOperationException>()).WithMessage("The collection 'notes' cannot be opened as" + message);
        }

        await store.GetDynamicCollection("notes", TestRecords.Notes(DistanceFunction.CosineDistance)).EnsureCollectionExistsAsync();
    }

    [Fact]
    public async Task Indexes_that_a_later_definition_asks_for_are_built_from_what_is_there()
    {
        var store = new LocalVectorStore();
        var plain = TestRecords.Notes();
        ((VectorStoreDataProperty)plain.Properties[1]).IsFullTextIndexed = false;
        ((VectorStoreDataProperty)plain.Properties[2]).IsIndexed = false;
        var early = store.GetDynamicCollection("notes", plain);
        await early.EnsureCollectionExistsAsync();
        await early.UpsertAsync([TestRecords.Note("a", 1, 0, "apples", 1), TestRecords.Note("b", 1, 0, "pears", 2)]);

        var late = store.GetDynamicCollection("notes", TestRecords.Notes());
        await early.UpsertAsync(TestRecords.Note("c", 1, 0, "grapes", 3));

        foreach (var (word, key) in ((string, string)[])[("pears", "b"), ("grapes", "c")])
        {
            var hits = await ((IKeywordHybridSearchable<Dictionary<string, object?>>)late).HybridSearchAsync(new float[] { 1, 0 }, [word], 1).ReadAllAsync();
            hits.Single().Record["Key"].Should().Be(key);
            if (word == "pears")
                await early.UpsertAsync(TestRecords.Note("c", 1, 0, "grapes", 3));
        }

        (await late.GetAsync(record => (int)record["Number"]! == 2, 5).ReadAllAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task Collections_are_listed_and_services_are_given_out()
    {
        var store = new LocalVectorStore(new() { Name = nameof(Collections_are_listed_and_services_are_given_out) });
        foreach (var name in (string[])["b", "a"])
            await store.GetDynamicCollection(name, TestRecords.Notes()).EnsureCollectionExistsAsync();

        (await store.ListCollectionNamesAsync().ReadAllAsync()).Should().Equal("a", "b");
        ((VectorStoreMetadata)store.GetService(typeof(VectorStoreMetadata))!).VectorStoreName.Should().Be(nameof(Collections_are_listed_and_services_are_given_out));
        store.GetService(typeof(LocalVectorStore)).Should().BeSameAs(store);
        store.GetService(typeof(LocalVectorStore), "key").Should().BeNull();
        var collection = store.GetDynamicCollection("a", TestRecords.Notes());
        ((VectorStoreCollectionMetadata)collection.GetService(typeof(VectorStoreCollectionMetadata))!).CollectionName.Should().Be("a");
        collection.GetService(typeof(IKeywordHybridSearchable<Dictionary<string, object?>>)).Should().BeSameAs(collection);
    }

    private sealed class Note
    {
        [VectorStoreKey(StorageName = "Key")]
        public string Id { get; set; } = "";

        [VectorStoreData(StorageName = "Text")]
        public string? Words { get; set; }

        [VectorStoreData(StorageName = "Number")]
        public int Value { get; set; }

        [VectorStoreVector(2, StorageName = "Vector")]
        public float[]? Where { get; set; }
    }
}
