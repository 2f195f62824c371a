using GenAI.Core.VectorStores;

namespace GenAI.Core.Tests.VectorStores;

public class LocalChunkCollectionTests
{
    [Fact]
    public async Task Every_property_of_a_chunk_record_comes_back()
    {
        var collection = new LocalVectorStore().GetChunkCollection("chunks", 2);
        await collection.EnsureCollectionExistsAsync();
        var record = new ChunkRecord
        {
            Key = Guid.NewGuid(),
            DocumentId = "doc",
            Ordinal = 1,
            Start = 2,
            Content = "content",
            TextStart = 3,
            Headings = ["a", "b"],
            Title = "title",
            Context = "context",
            Source = "source",
            Tags = ["x=y"],
            TokenCount = 4,
            OverlapLength = 5,
            ContentHash = "hash",
            DocumentHash = "document hash",
            Embedding = new float[] { 1, 2 },
        };
        await collection.UpsertAsync(record);

        var read = await collection.GetAsync(record.Key, new() { IncludeVectors = true });
        var bare = await collection.GetAsync(record.Key);

        read.Should().BeEquivalentTo(record, options => options.Excluding(chunk => chunk.Embedding));
        read!.Embedding.ToArray().Should().Equal(1, 2);
        bare!.Embedding.IsEmpty.Should().BeTrue();
        typeof(ChunkRecord).GetProperties().Should().HaveCount(new ChunkRecordMapper(2, "CosineSimilarity").Schema.Data.Count + 2, "a property that is added has to be mapped");
    }

    [Fact]
    public async Task Replacing_removes_and_puts_at_once_or_not_at_all()
    {
        var collection = new LocalVectorStore().GetChunkCollection("chunks", 2);
        await collection.EnsureCollectionExistsAsync();
        ChunkRecord[] old = [Chunk("doc", 0), Chunk("doc", 1), Chunk("other", 0)];
        await collection.UpsertAsync(old);

        var bad = Chunk("doc", 9);
        bad.Embedding = new float[] { 0, 0 };
        var fails = () => collection.ReplaceAsync([old[0].Key, old[1].Key], [Chunk("doc", 7), bad], CancellationToken.None);
        await fails.Should().ThrowAsync<ArgumentException>();
        (await OrdinalsAsync(collection, "doc")).Should().Equal(0, 1);

        await collection.ReplaceAsync([old[0].Key, old[1].Key, Guid.NewGuid()], [Chunk("doc", 7), old[1]], CancellationToken.None);
        (await OrdinalsAsync(collection, "doc")).Should().BeEquivalentTo([1, 7]);
        (await OrdinalsAsync(collection, "other")).Should().Equal(0);
    }

    [Fact]
    public async Task Readers_see_either_the_old_or_the_new_chunks_of_a_document_in_every_arm()
    {
        // Each version of the document has as many chunks as its number says, all with that number as their start.
        var collection = new LocalVectorStore().GetChunkCollection("chunks", 2);
        await collection.EnsureCollectionExistsAsync();
        Guid[] keys = [];

        await Concurrently.RunAsync(writes: 400, looks: 20, async round =>
        {
            var version = (round % 5) + 1;
            var chunks = Enumerable.Range(0, version).Select(ordinal => Chunk("doc", ordinal, version)).ToArray();
            await collection.ReplaceAsync(keys, chunks, CancellationToken.None);
            keys = [.. chunks.Select(chunk => chunk.Key)];
        }, Reader(0), Reader(1), Reader(2));

        Func<int, Task> Reader(int reader) => async _ =>
        {
            var found = reader switch
            {
                0 => await collection.GetAsync(record => record.DocumentId == "doc", 100).ReadAllAsync(),
                1 => [.. (await collection.SearchAsync(new float[] { 1, 1 }, 100).ReadAllAsync()).Select(result => result.Record)],
                _ => [.. collection.SearchArms(new float[] { 1, 1 }, "word", record => record.Start > 0, 100).Select(hit => hit.Record)],
            };
            found.Select(record => record.Start).Distinct().Count().Should().BeLessThanOrEqualTo(1);
            if (found.Count > 0)
                found.Should().HaveCount(found[0].Start);
        };
    }

    private static ChunkRecord Chunk(string document, int ordinal, int start = 0) => new()
    {
        Key = Guid.NewGuid(),
        DocumentId = document,
        Ordinal = ordinal,
        Start = start,
        Content = "word",
        Embedding = new float[] { 1, ordinal },
    };

    private static async Task<int[]> OrdinalsAsync(LocalCollection<Guid, ChunkRecord> collection, string document) =>
        [.. (await collection.GetAsync(record => record.DocumentId == document, 100).ReadAllAsync()).Select(record => record.Ordinal)];
}
