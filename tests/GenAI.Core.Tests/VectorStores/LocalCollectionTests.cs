using System.Runtime.InteropServices;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Tests.VectorStores;

public class LocalCollectionTests
{
    [Theory]
    [InlineData(DistanceFunction.CosineSimilarity, "a b c", new[] { 1, 0.6, -1 }, 0.6)]
    [InlineData(DistanceFunction.CosineDistance, "a b c", new[] { 0, 0.4, 2 }, 0.4)]
    [InlineData(DistanceFunction.DotProductSimilarity, "b a c", new double[] { 6, 2, -2 }, 2)]
    [InlineData(DistanceFunction.NegativeDotProductSimilarity, "b a c", new double[] { -6, -2, 2 }, -2)]
    [InlineData(DistanceFunction.EuclideanDistance, "a c b", new[] { 1, 3, 4.123 }, 3)]
    [InlineData(DistanceFunction.EuclideanSquaredDistance, "a c b", new double[] { 1, 9, 17 }, 9)]
    [InlineData(DistanceFunction.ManhattanDistance, "a c b", new double[] { 1, 3, 5 }, 3)]
    [InlineData(DistanceFunction.HammingDistance, "a c b", new double[] { 1, 1, 2 }, 1)]
    public async Task Every_distance_function_ranks_scores_and_cuts_off(string function, string order, double[] scores, double threshold)
    {
        var collection = await OpenAsync(TestRecords.Notes(function));
        await collection.UpsertAsync([TestRecords.Note("a", 1, 0), TestRecords.Note("b", 3, 4), TestRecords.Note("c", -1, 0)]);
        var query = new ReadOnlyMemory<float>([2, 0]);

        var results = await collection.SearchAsync(query, 10).ReadAllAsync();
        var near = await collection.SearchAsync(query, 10, new() { ScoreThreshold = results[1].Score }).ReadAllAsync();

        results.Select(result => (string)result.Record["Key"]!).Should().Equal(order.Split(' '));
        results.Select(result => Math.Round(result.Score!.Value, 3)).Should().Equal(scores);
        results[1].Score.Should().BeApproximately(threshold, 1e-6);
        near.Select(result => result.Record["Key"]).Should().Equal(results.TakeWhile(result => result.Score == results[0].Score || result.Score == results[1].Score).Select(result => result.Record["Key"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(IndexKind.Flat)]
    [InlineData(IndexKind.QuantizedFlat)]
    [InlineData(IndexKind.Hnsw)]
    [InlineData(IndexKind.Dynamic)]
    public async Task Every_index_kind_finds_the_nearest(string? kind)
    {
        var collection = await OpenAsync(TestRecords.Notes(indexKind: kind));
        await collection.UpsertAsync([TestRecords.Note("a", 1, 0), TestRecords.Note("b", 0, 1)]);

        (await collection.SearchAsync(new float[] { 0, 2 }, 1).ReadAllAsync()).Single().Record["Key"].Should().Be("b");
    }

    [Fact]
    public void What_the_store_does_not_have_is_refused_with_what_it_has()
    {
        var store = new LocalVectorStore();

        ((Action)(() => store.GetDynamicCollection("c", TestRecords.Notes(indexKind: IndexKind.DiskAnn)))).Should().Throw<NotSupportedException>().WithMessage("*'Vector'*'DiskAnn'*Flat, QuantizedFlat, Hnsw, Dynamic.");
        ((Action)(() => store.GetDynamicCollection("c", TestRecords.Notes("Haversine")))).Should().Throw<NotSupportedException>().WithMessage("*'Vector'*'Haversine'*CosineSimilarity, CosineDistance,*");
        ((Action)(() => store.GetDynamicCollection("c", With(new VectorStoreDataProperty("Place", typeof(Uri)))))).Should().Throw<NotSupportedException>().WithMessage("*'Place'*'Uri'*string, Guid*");
        ((Action)(() => store.GetDynamicCollection("c", With(new VectorStoreDataProperty("Size", typeof(int)) { IsFullTextIndexed = true })))).Should().Throw<NotSupportedException>().WithMessage("*'Size' is full-text indexed*");
        ((Action)(() => store.GetDynamicCollection("c", new() { Properties = [new VectorStoreKeyProperty("Key", typeof(double))] }))).Should().Throw<NotSupportedException>().WithMessage("*'Key'*Double*string, Guid*");
        ((Action)(() => store.GetCollection<object, Dictionary<string, object?>>("c", TestRecords.Notes()))).Should().Throw<ArgumentException>().WithMessage("*GetDynamicCollection*");
        ((Action)(() => store.GetCollection<int, Article>(" "))).Should().Throw<ArgumentException>();

        static VectorStoreCollectionDefinition With(VectorStoreProperty property)
        {
            var definition = TestRecords.Notes();
            definition.Properties.Add(property);
            return definition;
        }
    }

    [Theory]
    [InlineData(new[] { float.NaN, 1 }, "*'Vector' of the record with key 'bad' (number 1 of the batch) is not a number (NaN) at component 0*")]
    [InlineData(new[] { 1, float.NegativeInfinity }, "*'Vector' of the record with key 'bad'*is infinite at component 1*")]
    [InlineData(new float[] { 0, 0 }, "*'Vector' of the record with key 'bad'*is all zeros*")]
    [InlineData(new float[] { 1, 2, 3 }, "*'Vector' of the record with key 'bad'*has 3 dimensions, but the property has 2*")]
    [InlineData(new float[] { }, "*'Vector' of the record with key 'bad'*has 0 dimensions*")]
    public async Task A_vector_that_cannot_be_stored_is_refused_by_name_and_its_batch_with_it(float[] vector, string message)
    {
        var collection = await OpenAsync(TestRecords.Notes());
        await collection.UpsertAsync(TestRecords.Note("old", 1, 1, "before"));
        var bad = TestRecords.Note("bad", 0, 0);
        bad["Vector"] = new ReadOnlyMemory<float>(vector);

        var act = () => collection.UpsertAsync([TestRecords.Note("old", 2, 2, "after"), bad, TestRecords.Note("new", 1, 2)]);

        (await act.Should().ThrowAsync<ArgumentException>()).WithMessage(message);
        (await collection.GetAsync(record => true, 10).ReadAllAsync()).Should().ContainSingle().Which["Text"].Should().Be("before");
    }

    [Fact]
    public async Task A_query_that_cannot_be_searched_for_is_refused()
    {
        var collection = await OpenAsync(TestRecords.Notes());
        foreach (var (query, message) in ((float[], string)[])[([1f], "*of the query has 1 dimensions, but the property has 2*"), ([0f, 0f], "*of the query is all zeros*"), ([float.NaN, 0f], "*of the query is not a number*")])
        {
            var act = () => collection.SearchAsync(query, 1).ReadAllAsync();
            (await act.Should().ThrowAsync<ArgumentException>()).WithMessage(message);
        }
    }

    [Fact]
    public async Task Neither_what_is_stored_nor_what_is_returned_is_shared()
    {
        var collection = new LocalVectorStore().GetCollection<int, Article>("articles");
        await collection.EnsureCollectionExistsAsync();
        var vector = new float[] { 1, 2, 3 };
        var stored = new Article { Id = 1, Topic = "law", Tags = ["red"], Numbers = [1, 2], Vector = vector };
        await collection.UpsertAsync(stored);

        stored.Tags[0] = "changed";
        stored.Numbers.Clear();
        vector[0] = 100;
        stored.Topic = "changed";
        var first = (await collection.GetAsync(1, new() { IncludeVectors = true }))!;
        Check(first);
        first.Tags![0] = "changed";
        first.Numbers!.Add(3);
        MemoryMarshal.AsMemory(first.Vector).Span[1] = 100;
        first.Year = 99;

        Check((await collection.GetAsync(1, new() { IncludeVectors = true }))!);
        Check((await collection.GetAsync([1], new() { IncludeVectors = true }).ReadAllAsync()).Single());
        Check((await collection.GetAsync(record => true, 1, new() { IncludeVectors = true }).ReadAllAsync()).Single());
        Check((await collection.SearchAsync(new float[] { 1, 2, 3 }, 1, new() { IncludeVectors = true }).ReadAllAsync()).Single().Record);

        static void Check(Article record)
        {
            record.Topic.Should().Be("law");
            record.Year.Should().Be(0);
            record.Tags.Should().Equal("red");
            record.Numbers.Should().Equal(1, 2);
            record.Vector.ToArray().Should().Equal(1, 2, 3);
        }
    }

    [Fact]
    public async Task Vectors_come_only_when_asked_for_and_then_bit_for_bit()
    {
        var collection = await OpenAsync(TestRecords.Notes());
        await collection.UpsertAsync(TestRecords.Note("a", 0.1f, 0.7f));

        (await collection.GetAsync("a"))!.Should().NotContainKey("Vector");
        (await collection.SearchAsync(new float[] { 1, 1 }, 1).ReadAllAsync()).Single().Record.Should().NotContainKey("Vector");
        var record = await collection.GetAsync("a", new() { IncludeVectors = true });
        ((ReadOnlyMemory<float>)record!["Vector"]!).ToArray().Should().Equal(0.1f, 0.7f);
    }

    [Fact]
    public async Task A_huge_top_returns_what_there_is()
    {
        var collection = await OpenAsync(TestRecords.Notes());
        await collection.UpsertAsync([TestRecords.Note("a", 1, 0, "x"), TestRecords.Note("b", 0, 1, "x")]);
        var query = new float[] { 1, 1 };

        (await collection.SearchAsync(query, int.MaxValue, new() { Skip = 1 }).ReadAllAsync()).Should().HaveCount(1);
        (await collection.GetAsync(record => true, int.MaxValue, new() { Skip = int.MaxValue }).ReadAllAsync()).Should().BeEmpty();
        (await ((IKeywordHybridSearchable<Dictionary<string, object?>>)collection).HybridSearchAsync(query, ["x"], int.MaxValue).ReadAllAsync()).Should().HaveCount(2);
        var act = () => collection.SearchAsync(query, 0).ReadAllAsync();
        await act.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    [Fact]
    public async Task A_record_without_a_vector_is_stored_and_not_found_by_one()
    {
        var definition = new VectorStoreCollectionDefinition
        {
            Properties =
            [
                new VectorStoreKeyProperty("Key", typeof(int)),
                new VectorStoreVectorProperty("A", typeof(float[]), 2),
                new VectorStoreVectorProperty("B", typeof(Embedding<float>), 1) { DistanceFunction = DistanceFunction.EuclideanDistance },
            ],
        };
        var collection = await OpenAsync(definition);
        await collection.UpsertAsync([Record(1, [1, 2], [3]), Record(2, null, [4]), Record(3, [2, 1], null)]);

        (await collection.SearchAsync(new float[] { 1, 1 }, 9, new() { VectorProperty = record => record["A"] }).ReadAllAsync()).Select(result => result.Record["Key"]).Should().Equal(1, 3);
        (await collection.SearchAsync(new float[] { 4 }, 9, new() { VectorProperty = record => record["B"] }).ReadAllAsync()).Select(result => result.Record["Key"]).Should().Equal(2, 1);
        await collection.UpsertAsync(Record(1, null, null));
        (await collection.SearchAsync(new float[] { 1, 1 }, 9, new() { VectorProperty = record => record["A"] }).ReadAllAsync()).Select(result => result.Record["Key"]).Should().Equal(3);
        (await collection.GetAsync(1, new() { IncludeVectors = true }))!["A"].Should().BeNull();

        static Dictionary<string, object?> Record(int key, float[]? a, float[]? b) => new() { ["Key"] = key, ["A"] = a, ["B"] = b is null ? null : new Embedding<float>(b) };
    }

    [Fact]
    public async Task Of_records_with_one_key_in_a_batch_the_last_counts()
    {
        var collection = await OpenAsync(TestRecords.Notes());
        var bare = TestRecords.Note("a", 0, 0, "last");
        bare["Vector"] = null;

        await collection.UpsertAsync([TestRecords.Note("a", 1, 0, "first"), TestRecords.Note("b", 1, 0), bare]);

        (await collection.GetAsync("a"))!["Text"].Should().Be("last");
        (await collection.SearchAsync(new float[] { 1, 0 }, 9).ReadAllAsync()).Select(result => result.Record["Key"]).Should().Equal("b");
    }

    [Fact]
    public async Task Records_are_ordered_with_nulls_first_and_texts_by_code_unit()
    {
        var collection = new LocalVectorStore().GetCollection<int, Article>("articles");
        await collection.EnsureCollectionExistsAsync();
        string?[] topics = ["b", null, "B", "a", "ä"];
        await collection.UpsertAsync(topics.Select((topic, id) => new Article { Id = id, Topic = topic, Year = id % 2, Vector = new float[] { 1, 1, 1 } }));

        (await collection.GetAsync(record => true, 9, new() { OrderBy = order => order.Ascending(record => record.Topic) }).ReadAllAsync()).Select(record => record.Topic).Should().Equal(null, "B", "a", "b", "ä");
        (await collection.GetAsync(record => true, 9, new() { OrderBy = order => order.Descending(record => record.Year).Descending(record => record.Id) }).ReadAllAsync()).Select(record => record.Id).Should().Equal(3, 1, 4, 2, 0);
        var list = () => collection.GetAsync(record => true, 9, new() { OrderBy = order => order.Ascending(record => record.Tags) }).ReadAllAsync();
        (await list.Should().ThrowAsync<NotSupportedException>()).WithMessage("*'Tags', which is a list*");
    }

    [Fact]
    public async Task Work_in_a_collection_that_does_not_exist_says_what_to_call()
    {
        var collection = new LocalVectorStore().GetDynamicCollection("notes", TestRecords.Notes());
        Func<Task>[] acts =
        [
            () => collection.UpsertAsync(TestRecords.Note("a", 1, 1)),
            () => collection.GetAsync("a"),
            () => collection.DeleteAsync("a"),
            () => collection.GetAsync(record => true, 1).ReadAllAsync(),
            () => collection.SearchAsync(new float[] { 1, 1 }, 1).ReadAllAsync(),
        ];
        foreach (var act in acts)
        {
            var thrown = (await act.Should().ThrowAsync<VectorStoreException>()).WithMessage("*'notes' does not exist*EnsureCollectionExistsAsync*").Which;
            thrown.CollectionName.Should().Be("notes");
        }
    }

    [Fact]
    public async Task A_cancelled_call_changes_nothing_and_the_next_one_works()
    {
        var collection = await OpenAsync(TestRecords.Notes());
        using var source = new CancellationTokenSource();
        source.Cancel();
        Func<Task>[] acts =
        [
            () => collection.UpsertAsync([TestRecords.Note("a", 1, 1)], source.Token),
            () => collection.DeleteAsync("a", source.Token),
            () => collection.GetAsync("a", cancellationToken: source.Token),
            () => collection.SearchAsync(new float[] { 1, 1 }, 1, cancellationToken: source.Token).ReadAllAsync(),
            () => collection.GetAsync(record => true, 1, cancellationToken: source.Token).ReadAllAsync(),
            () => collection.EnsureCollectionExistsAsync(source.Token),
        ];
        foreach (var act in acts)
            await act.Should().ThrowAsync<OperationCanceledException>();

        (await collection.GetAsync("a")).Should().BeNull();
        await collection.UpsertAsync(TestRecords.Note("a", 1, 1));
        (await collection.GetAsync("a")).Should().NotBeNull();
    }

    [Fact]
    public async Task Keys_are_made_for_records_without_one_and_only_once_they_are_stored()
    {
        var definition = new VectorStoreCollectionDefinition { Properties = [new VectorStoreKeyProperty("Key", typeof(Guid)), new VectorStoreVectorProperty("Vector", typeof(float[]), 1)] };
        var collection = await OpenAsync(definition);
        Dictionary<string, object?> good = new() { ["Vector"] = new float[] { 1 } }, bad = new() { ["Vector"] = new float[] { 0 } };

        var act = () => collection.UpsertAsync([good, bad]);
        await act.Should().ThrowAsync<ArgumentException>();
        good.Should().NotContainKey("Key");
        bad["Vector"] = null;
        await collection.UpsertAsync([good, bad]);

        good["Key"].Should().BeOfType<Guid>().And.NotBe(Guid.Empty).And.NotBe(bad["Key"]);
        (await collection.GetAsync(good["Key"]!)).Should().NotBeNull();
    }

    [Fact]
    public async Task A_key_of_another_type_is_refused_by_name()
    {
        var collection = await OpenAsync(TestRecords.Notes());
        var get = () => collection.GetAsync(5);
        var delete = () => collection.DeleteAsync([(object)"a", 5]);
        var upsert = () => collection.UpsertAsync(new Dictionary<string, object?> { ["Vector"] = new ReadOnlyMemory<float>([1, 1]) });

        (await get.Should().ThrowAsync<InvalidCastException>()).WithMessage("*Int32*String*");
        (await delete.Should().ThrowAsync<InvalidCastException>()).WithMessage("*'5'*Int32*'notes'*String*");
        (await upsert.Should().ThrowAsync<ArgumentException>()).WithMessage("Record 0 of the batch has no key. Set 'Key'*");
    }

    [Fact]
    public async Task A_batch_with_a_key_of_another_type_changes_nothing()
    {
        var collection = await OpenAsync(TestRecords.Notes());
        await collection.UpsertAsync(TestRecords.Note("a", 1, 0, "before"));
        var wrong = TestRecords.Note("b", 1, 0);
        wrong["Key"] = 5;

        var upsert = () => collection.UpsertAsync([TestRecords.Note("a", 0, 1, "after"), TestRecords.Note("c", 1, 0), wrong]);

        await upsert.Should().ThrowAsync<InvalidCastException>();
        (await collection.GetAsync(record => true, 9).ReadAllAsync()).Should().ContainSingle().Which["Text"].Should().Be("before");
        (await collection.SearchAsync(new float[] { 0, 1 }, 9).ReadAllAsync()).Should().ContainSingle().Which.Score.Should().BeApproximately(0, 1e-6);
    }

    internal static async Task<VectorStoreCollection<object, Dictionary<string, object?>>> OpenAsync(VectorStoreCollectionDefinition definition)
    {
        var collection = new LocalVectorStore().GetDynamicCollection("notes", definition);
        await collection.EnsureCollectionExistsAsync();
        return collection;
    }
}
