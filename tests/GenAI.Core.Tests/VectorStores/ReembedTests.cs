using GenAI.Core.Embeddings;
using GenAI.Core.Tests.Storage;
using GenAI.Core.VectorStores;

namespace GenAI.Core.Tests.VectorStores;

public class ReembedTests
{
    private static readonly string[] Texts = ["the log is written first", "segments are mapped", "a checkpoint moves records", "compaction merges segments", "nothing is lost"];

    [Fact]
    public async Task A_knowledge_base_refuses_another_embedder_of_the_same_dimensions_and_migrates_when_told_to()
    {
        using var folder = new TemporaryFolder();
        using (var first = Base(folder, new NamedEmbedder("one")))
            await first.IngestAsync(Documents());

        using var second = Base(folder, new NamedEmbedder("two"));
        (await second.Awaiting(other => other.SearchAsync("log")).Should().ThrowAsync<InvalidOperationException>()).WithMessage("*model 'test/one', not 'test/two'*ReembedAsync*");

        (await second.ReembedAsync()).Should().Be(Texts.Length);
        (await second.SearchAsync("log is written first", top: 1)).Single().Chunk.Text.Should().Be(Texts[0]);
        (await second.ReembedAsync()).Should().Be(0);
        second.Dispose();

        using var third = Base(folder, new NamedEmbedder("one"));
        await third.Awaiting(other => other.SearchAsync("log")).Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task The_number_of_dimensions_may_change_too()
    {
        using var folder = new TemporaryFolder();
        using (var first = Base(folder, new NamedEmbedder("one")))
            await first.IngestAsync(Documents());

        using var second = Base(folder, new NamedEmbedder("large", dimensions: 96));
        (await second.ReembedAsync()).Should().Be(Texts.Length);
        (await second.SearchAsync("segments are mapped", top: 1)).Single().Chunk.Text.Should().Be(Texts[1]);
    }

    [Fact]
    public async Task An_interrupted_migration_goes_on_where_it_was_and_the_old_vectors_serve_until_then()
    {
        using var folder = new TemporaryFolder();
        await using var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path });
        var collection = store.GetChunkCollection("chunks", 64);
        await collection.EnsureCollectionExistsAsync();
        var records = Enumerable.Range(0, 300).Select(i => new ChunkRecord { Key = Key(i), Content = $"text number {i}", Embedding = new NamedEmbedder("one").Embed($"text number {i}") }).ToArray();
        await collection.UpsertAsync(records);
        await collection.UseEmbedderAsync(EmbedderFingerprint.Of(new NamedEmbedder("one")), CancellationToken.None);

        var failing = new NamedEmbedder("two") { CallsBeforeFailure = 2 };
        await collection.Awaiting(chunks => chunks.ReembedAsync(record => record.Content, failing)).Should().ThrowAsync<HttpRequestException>();
        (await collection.GetAsync(Key(7), new() { IncludeVectors = true }))!.Embedding.ToArray().Should().Equal(records[7].Embedding.ToArray());
        (await store.ListCollectionNamesAsync().ReadAllAsync()).Should().Equal("chunks");

        // Writing goes on in between.
        await collection.DeleteAsync(Key(3));
        await collection.UpsertAsync(new ChunkRecord { Key = Key(5), Content = "changed", Embedding = records[5].Embedding });

        var embedder = new NamedEmbedder("two");
        var embedded = await collection.ReembedAsync(record => record.Content, embedder);
        embedded.Should().BeLessThan(300 - 100).And.BeGreaterThan(300 - 130 - 3);
        (await collection.GetAsync(Key(5), new() { IncludeVectors = true }))!.Embedding.ToArray().Should().Equal(embedder.Embed("changed"));
        (await collection.GetAsync(Key(299), new() { IncludeVectors = true }))!.Embedding.ToArray().Should().Equal(embedder.Embed("text number 299"));
        (await collection.GetAsync(Key(3))).Should().BeNull();
        store.GetStatistics().Records.Should().Be(299);
    }

    /// <summary>The process, or its disk, fails at every step: whoever opens the store then has all the old vectors or all the new ones, and the migration can be finished.</summary>
    [Theory]
    [InlineData("Tear", 6)]
    [InlineData("SyncError", 8)]
    public async Task A_migration_that_ends_at_any_step_leaves_all_old_vectors_or_all_new_ones_and_is_resumed(string fault, int stride)
    {
        const int Records = 70;
        var checks = await CrashDriver.EveryStepAsync<object>(
            async (folder, _) =>
            {
                var (durable, chunks) = await OpenAsync(folder);
                await chunks.UpsertAsync(Enumerable.Range(0, Records).Select(Made));
                await chunks.UseEmbedderAsync(EmbedderFingerprint.Of(new NamedEmbedder("one")), CancellationToken.None);
                await chunks.ReembedAsync(record => record.Content, new NamedEmbedder("two"));
                await durable.CloseAsync();
            },
            async (folder, _) =>
            {
                var (durable, chunks) = await OpenAsync(folder);
                var records = await chunks.GetAsync(record => record.Content != "", 1000, new() { IncludeVectors = true }).ReadAllAsync();
                records.Count.Should().BeOneOf(0, Records);
                if (records.Count > 0 && durable.Find("chunks")!.Embedders[0] is { } embedder)
                {
                    foreach (var record in records)
                        record.Embedding.ToArray().Should().Equal(new NamedEmbedder(embedder.ModelId["test/".Length..]).Embed(record.Content), "all vectors are of {0}", embedder.ModelId);
                    await chunks.ReembedAsync(record => record.Content, new NamedEmbedder("two"));
                    (await chunks.GetAsync(Key(7), new() { IncludeVectors = true }))!.Embedding.ToArray().Should().Equal(new NamedEmbedder("two").Embed("text number 7"));
                    durable.Tables.Should().HaveCount(1);
                }

                await durable.CloseAsync();
            },
            Enum.Parse<FaultKind>(fault),
            stride: stride);
        checks.Should().BeGreaterThan(15);
    }

    [Fact]
    public async Task A_process_that_is_killed_while_it_migrates_keeps_others_out_and_leaves_what_it_has_made()
    {
        using var folder = new TemporaryFolder();
        var records = Enumerable.Range(0, 300).Select(Made).ToArray();
        await using (var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path }))
        {
            var chunks = store.GetChunkCollection("chunks", 64);
            await chunks.EnsureCollectionExistsAsync();
            await chunks.UpsertAsync(records);
            await chunks.UseEmbedderAsync(EmbedderFingerprint.Of(new NamedEmbedder("one")), CancellationToken.None);
        }

        using (var process = ChildProcess.Start(ChildProcess.Reembedder, folder.Path))
        {
            (await process.StandardOutput.ReadLineAsync()).Should().Be("waiting", "two of the batches are made");
            folder.Invoking(path => new LocalVectorStore(new LocalVectorStoreOptions { Path = path.Path })).Should().Throw<IOException>()
                .WithMessage($"*{folder.Path}*open for writing elsewhere*process {process.Id} *read-only*");
            await using (var reader = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path, ReadOnly = true }))
                (await reader.GetChunkCollection("chunks", 64).GetAsync(Key(7), new() { IncludeVectors = true }))!.Embedding.ToArray().Should().Equal(records[7].Embedding.ToArray());
            process.Kill();
            await process.WaitForExitAsync();
        }

        await using var opened = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder.Path });
        var again = opened.GetChunkCollection("chunks", 64);
        (await again.GetAsync(Key(299), new() { IncludeVectors = true }))!.Embedding.ToArray().Should().Equal(records[299].Embedding.ToArray());
        (await opened.ListCollectionNamesAsync().ReadAllAsync()).Should().Equal("chunks");
        (await again.ReembedAsync(record => record.Content, new NamedEmbedder("two"))).Should().Be(300 - 2 * 64, "two batches were made before");
        (await again.GetAsync(Key(0), new() { IncludeVectors = true }))!.Embedding.ToArray().Should().Equal(new NamedEmbedder("two").Embed("text number 0"));
        (await again.ReembedAsync(record => record.Content, new NamedEmbedder("two"))).Should().Be(0);
    }

    /// <summary>What the process does: it makes two batches, says so, and waits to be killed.</summary>
    internal static async Task ReembedUntilKilledAsync(string path)
    {
        await using var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = path });
        var embedder = new NamedEmbedder("two") { CallsBeforeFailure = 2 };
        try
        {
            await store.GetChunkCollection("chunks", 64).ReembedAsync(record => record.Content, embedder);
        }
        catch (HttpRequestException)
        {
            Console.WriteLine("waiting");
            await Task.Delay(Timeout.Infinite);
        }
    }

    [Fact]
    public void What_is_not_known_of_an_embedder_differs_from_nothing()
    {
        var known = new EmbedderFingerprint("model") { ContentHash = "1", Pooling = "mean", Prefix = "passage: ", Dimensions = 3, IsNormalized = true };
        known.DifferenceFrom(new EmbedderFingerprint("model")).Should().BeNull();
        known.DifferenceFrom(known with { ContentHash = "2" }).Should().Be("content hash '1', not '2'");
        known.DifferenceFrom(known with { Pooling = "cls" }).Should().Be("pooling 'mean', not 'cls'");
        known.DifferenceFrom(known with { Prefix = "" }).Should().Be("prefix 'passage: ', not ''");
        known.DifferenceFrom(known with { IsNormalized = false }).Should().NotBeNull();
        EmbedderFingerprint.Of(new LexicalEmbeddingGenerator()).ModelId.Should().Be("genai-core-lexical-1");
    }

    [Fact]
    public void A_generator_that_does_not_say_what_its_model_is_is_not_told_from_another()
    {
        EmbedderFingerprint.SaidBy(new NamedEmbedder("")).Should().BeNull();
        EmbedderFingerprint.SaidBy(new NamedEmbedder("one"))!.ModelId.Should().Be("test/one");
        EmbedderFingerprint.SaidBy(new LexicalEmbeddingGenerator()).Should().Be(EmbedderFingerprint.Of(new LexicalEmbeddingGenerator()));
    }

    private static ChunkRecord Made(int number) => new() { Key = Key(number), Content = $"text number {number}", Embedding = new NamedEmbedder("one").Embed($"text number {number}") };

    private static async Task<(DurableStore Durable, LocalCollection<Guid, ChunkRecord> Chunks)> OpenAsync(FaultFolder folder)
    {
        var durable = DurableStore.Open(folder, DurableStoreOptions.Of(null));
        var chunks = new LocalVectorStore(new LocalDatabase(durable), null).GetChunkCollection("chunks", 64);
        await chunks.EnsureCollectionExistsAsync();
        return (durable, chunks);
    }

    private static Guid Key(int number) => new(number, 0, 0, new byte[8]);

    private static IEnumerable<Document> Documents() => Texts.Select((text, i) => new Document { Id = $"d{i}", Text = text });

    private static KnowledgeBase Base(TemporaryFolder folder, NamedEmbedder embedder) => new(new KnowledgeBaseOptions { StorePath = folder.Path, EmbeddingGenerator = embedder });
}
