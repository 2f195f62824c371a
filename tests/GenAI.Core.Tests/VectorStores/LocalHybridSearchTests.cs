using GenAI.Core.Indexing;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Tests.VectorStores;

public class LocalHybridSearchTests
{
    [Fact]
    public async Task Keywords_decide_where_the_vectors_do_not()
    {
        var collection = await OpenAsync();
        await collection.UpsertAsync([TestRecords.Note("a", 1, 0, "apples are red"), TestRecords.Note("b", 1, 0, "pears are green"), TestRecords.Note("c", 1, 0, "grapes are blue")]);

        var results = await Hybrid(collection).HybridSearchAsync(new float[] { 1, 0 }, ["grapes", "missing"], 3).ReadAllAsync();

        results.Select(result => result.Record["Key"]).Should().Equal("c", "a", "b");
        results.Should().BeInDescendingOrder(result => result.Score);
        var best = await Hybrid(collection).HybridSearchAsync(new float[] { 1, 0 }, ["grapes"], 3, new() { ScoreThreshold = results[0].Score - 1e-9 }).ReadAllAsync();
        best.Should().ContainSingle("the threshold is of the fused score");
        (await Hybrid(collection).HybridSearchAsync(new float[] { 1, 0 }, ["grapes"], 3, new() { Skip = 1 }).ReadAllAsync()).Select(result => result.Record["Key"]).Should().Equal("a", "b");
    }

    [Fact]
    public async Task Both_arms_obey_the_filter_and_see_deletions_and_updates()
    {
        var collection = await OpenAsync();
        await collection.UpsertAsync(Enumerable.Range(0, 50).Select(i => TestRecords.Note($"k{i:00}", 1, i, i % 2 == 0 ? "even number" : "odd number", i)));
        await collection.DeleteAsync(["k04"]);
        await collection.UpsertAsync(TestRecords.Note("k06", 1, 6, "renamed", 6));

        var results = await Hybrid(collection).HybridSearchAsync(new float[] { 1, 5 }, ["even"], 50, new() { Filter = record => (int)record["Number"]! < 10 }).ReadAllAsync();

        results.Select(result => (int)result.Record["Number"]!).Should().BeEquivalentTo([0, 1, 2, 3, 5, 6, 7, 8, 9]);
        results.Take(3).Select(result => (int)result.Record["Number"]!).Should().BeSubsetOf([0, 2, 8, 6, 5]);
    }

    [Fact]
    public async Task Without_keywords_the_vector_decides_and_a_text_that_is_missing_does_no_harm()
    {
        var collection = await OpenAsync();
        await collection.UpsertAsync([TestRecords.Note("a", 1, 0), TestRecords.Note("b", 0, 1, "text")]);

        foreach (var keywords in (string[][])[[], [" "], ["?!"]])
            (await Hybrid(collection).HybridSearchAsync(new float[] { 1, 0.1f }, keywords, 2).ReadAllAsync()).Select(result => result.Record["Key"]).Should().Equal("a", "b");
    }

    [Fact]
    public async Task Each_arm_can_run_alone_and_says_rank_and_score()
    {
        var store = new LocalVectorStore();
        var collection = store.GetChunkCollection("chunks", 2);
        await collection.EnsureCollectionExistsAsync();
        await collection.UpsertAsync([Chunk(1, "alpha beta", [1, 0]), Chunk(2, "beta gamma", [0, 1]), Chunk(3, "delta", [1, 1])]);

        var both = collection.SearchArms(new float[] { 1, 0 }, "beta", filter: null, top: 10);
        var vector = collection.SearchArms(new float[] { 1, 0 }, keywords: null, filter: null, top: 2);
        var keyword = collection.SearchArms(vector: null, "gamma", record => record.DocumentId == "doc" && record.Tags.Contains("team=b"), top: 10);

        both.Select(hit => hit.Record.Ordinal).Should().BeEquivalentTo([1, 2, 3]);
        both[0].Record.Ordinal.Should().Be(1);
        both[0].Vector!.Value.Rank.Should().Be(1);
        both[0].Vector!.Value.Score.Should().BeApproximately(1, 1e-6f);
        both[0].Keyword!.Value.Score.Should().BePositive();
        both.Single(hit => hit.Record.Ordinal == 3).Keyword.Should().BeNull();
        vector.Select(hit => hit.Record.Ordinal).Should().Equal(1, 3);
        vector.Should().OnlyContain(hit => hit.Keyword == null && hit.Record.Embedding.IsEmpty);
        keyword.Should().ContainSingle().Which.Record.Content.Should().Be("beta gamma");
        keyword[0].Vector.Should().BeNull();
    }

    [Fact]
    public async Task A_text_is_embedded_for_the_vector_arm_and_the_fusion_is_as_the_options_say()
    {
        foreach (var (method, score) in ((FusionMethod, double)[])[(FusionMethod.ReciprocalRank, 2.0 / 61), (FusionMethod.RelativeScore, 1)])
        {
            var fusion = new FusionOptions { Method = method, VectorWeight = 1, KeywordWeight = 1 };
            var collection = new LocalVectorStore(new() { EmbeddingGenerator = new CountingGenerator(), Fusion = fusion }).GetDynamicCollection("notes", TestRecords.Notes());
            await collection.EnsureCollectionExistsAsync();
            await collection.UpsertAsync([TestRecords.Note("a", 6, 1, "apples"), TestRecords.Note("b", 1, 6, "pears")]);

            var best = (await Hybrid(collection).HybridSearchAsync("apples", ["apples"], 1).ReadAllAsync()).Single();

            best.Record["Key"].Should().Be("a");
            best.Score.Should().BeApproximately(score, 1e-6);
        }
    }

    [Fact]
    public async Task The_text_property_has_to_be_named_where_there_are_several_or_none()
    {
        var definition = TestRecords.Notes();
        definition.Properties.Add(new VectorStoreDataProperty("Title", typeof(string)) { IsFullTextIndexed = true });
        var collection = await LocalCollectionTests.OpenAsync(definition);
        var record = TestRecords.Note("a", 1, 0, "text");
        record["Title"] = "title";
        await collection.UpsertAsync(record);

        var ambiguous = () => Hybrid(collection).HybridSearchAsync(new float[] { 1, 0 }, ["x"], 1).ReadAllAsync();
        (await ambiguous.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*multiple text data properties*");
        var wrong = () => Hybrid(collection).HybridSearchAsync(new float[] { 1, 0 }, ["x"], 1, new() { AdditionalProperty = r => r["Number"] }).ReadAllAsync();
        (await wrong.Should().ThrowAsync<InvalidOperationException>()).WithMessage("'Number' is not a full-text indexed property*Text, Title*");
        (await Hybrid(collection).HybridSearchAsync(new float[] { 1, 0 }, ["title"], 1, new() { AdditionalProperty = r => r["Title"] }).ReadAllAsync()).Should().ContainSingle();
    }

    private static ChunkRecord Chunk(int ordinal, string content, float[] vector) => new()
    {
        Key = Guid.NewGuid(),
        DocumentId = "doc",
        Ordinal = ordinal,
        Content = content,
        Tags = [ordinal == 2 ? "team=b" : "team=a"],
        Embedding = vector,
    };

    private static IKeywordHybridSearchable<Dictionary<string, object?>> Hybrid(VectorStoreCollection<object, Dictionary<string, object?>> collection) =>
        (IKeywordHybridSearchable<Dictionary<string, object?>>)collection;

    private static Task<VectorStoreCollection<object, Dictionary<string, object?>>> OpenAsync() => LocalCollectionTests.OpenAsync(TestRecords.Notes());
}
