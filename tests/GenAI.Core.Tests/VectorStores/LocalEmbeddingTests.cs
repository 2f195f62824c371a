using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Tests.VectorStores;

public class LocalEmbeddingTests
{
    [Fact]
    public async Task A_batch_is_embedded_in_one_call_and_texts_that_are_missing_are_left_out()
    {
        var generator = new CountingGenerator();
        var collection = await OpenAsync(generator);

        await collection.UpsertAsync([Record(1, "one two"), Record(2, null), Record(3, "three")]);

        generator.Calls.Should().ContainSingle().Which.Should().Equal("one two", "three");
        (await collection.SearchAsync("a b", 5).ReadAllAsync()).Select(result => result.Record["Key"]).Should().BeEquivalentTo([1, 3]);
        generator.Calls.Should().HaveCount(2);
        (await collection.GetAsync(1))!.Should().NotContainKey("Embedding");
    }

    [Fact]
    public async Task A_generator_that_fails_or_miscounts_leaves_everything_as_it_was()
    {
        var generator = new CountingGenerator();
        var collection = await OpenAsync(generator);
        await collection.UpsertAsync(Record(1, "before"));

        generator.Embed = _ => throw new HttpRequestException("offline");
        Func<Task> fails = () => collection.UpsertAsync([Record(1, "after"), Record(2, "new")]);
        await fails.Should().ThrowAsync<HttpRequestException>();

        generator.Embed = _ => [[1, 1]];
        Func<Task> miscounts = () => collection.UpsertAsync([Record(1, "after"), Record(2, "new")]);
        (await miscounts.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*'Embedding' returned 1 embeddings for 2 inputs*");

        generator.Embed = texts => texts.Select(text => text == "new" ? new float[] { 0, float.NaN } : [1, 1]);
        Func<Task> invalid = () => collection.UpsertAsync([Record(1, "after"), Record(2, "new")]);
        (await invalid.Should().ThrowAsync<ArgumentException>()).WithMessage("*'Embedding' of the record with key '2'*");

        (await collection.GetAsync(record => true, 9).ReadAllAsync()).Select(record => record["Key"]).Should().Equal(1);
    }

    [Fact]
    public async Task Cancelling_while_a_batch_is_embedded_stores_none_of_it()
    {
        using var source = new CancellationTokenSource();
        var generator = new CountingGenerator
        {
            Embed = texts =>
            {
                source.Cancel();
                return texts.Select(_ => new float[] { 1, 1 });
            },
        };
        var collection = await OpenAsync(generator);

        Func<Task> act = () => collection.UpsertAsync([Record(1, "a"), Record(2, "b")], source.Token);

        await act.Should().ThrowAsync<OperationCanceledException>();
        (await collection.GetAsync(record => true, 9).ReadAllAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task The_nearest_generator_wins_property_before_collection_before_store()
    {
        var (property, collection, store) = (new CountingGenerator(), new CountingGenerator(), new CountingGenerator());
        foreach (var (useProperty, useCollection, expected) in ((bool, bool, CountingGenerator)[])[(true, true, property), (false, true, collection), (false, false, store)])
        {
            var definition = Definition();
            definition.EmbeddingGenerator = useCollection ? collection : null;
            ((VectorStoreVectorProperty)definition.Properties[1]).EmbeddingGenerator = useProperty ? property : null;
            var opened = new LocalVectorStore(new() { EmbeddingGenerator = store }).GetDynamicCollection("c", definition);
            await opened.EnsureCollectionExistsAsync();
            var before = expected.Calls.Count;
            await opened.UpsertAsync(Record(1, "text"));
            expected.Calls.Should().HaveCount(before + 1);
        }
    }

    [Fact]
    public async Task Vectors_that_were_generated_are_not_given_out()
    {
        var collection = await OpenAsync(new CountingGenerator());
        Func<Task>[] acts =
        [
            () => collection.GetAsync(1, new() { IncludeVectors = true }),
            () => collection.GetAsync([1], new() { IncludeVectors = true }).ReadAllAsync(),
            () => collection.GetAsync(record => true, 1, new() { IncludeVectors = true }).ReadAllAsync(),
            () => collection.SearchAsync("x", 1, new() { IncludeVectors = true }).ReadAllAsync(),
        ];
        foreach (var act in acts)
            await act.Should().ThrowAsync<NotSupportedException>();
    }

    private static VectorStoreCollectionDefinition Definition() => new()
    {
        Properties =
        [
            new VectorStoreKeyProperty("Key", typeof(int)),
            new VectorStoreVectorProperty("Embedding", typeof(string), 2) { DistanceFunction = DistanceFunction.EuclideanDistance },
        ],
    };

    private static Dictionary<string, object?> Record(int key, string? text) => new() { ["Key"] = key, ["Embedding"] = text };

    private static async Task<VectorStoreCollection<object, Dictionary<string, object?>>> OpenAsync(IEmbeddingGenerator generator)
    {
        var collection = new LocalVectorStore(new() { EmbeddingGenerator = generator }).GetDynamicCollection("c", Definition());
        await collection.EnsureCollectionExistsAsync();
        return collection;
    }
}
