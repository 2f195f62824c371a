using GenAI.Core.Embeddings;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;

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

    private static Guid Key(int number) => new(number, 0, 0, new byte[8]);

    private static IEnumerable<Document> Documents() => Texts.Select((text, i) => new Document { Id = $"d{i}", Text = text });

    private static KnowledgeBase Base(TemporaryFolder folder, NamedEmbedder embedder) => new(new KnowledgeBaseOptions { StorePath = folder.Path, EmbeddingGenerator = embedder });

    /// <summary>The lexical embedder under another name, with every vector turned round by the name.</summary>
    private sealed class NamedEmbedder(string name, int dimensions = 64) : IEmbeddingGenerator<string, Embedding<float>>
    {
        private readonly LexicalEmbeddingGenerator _inner = new(new LexicalEmbeddingOptions { Dimensions = dimensions });

        public int CallsBeforeFailure { get; set; } = int.MaxValue;

        public float[] Embed(string text)
        {
            var vector = new float[dimensions];
            _inner.Embed(text, vector);
            return [.. vector[name.Length..], .. vector[..name.Length]];
        }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            CallsBeforeFailure-- > 0
                ? Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(Embed(text)))))
                : throw new HttpRequestException("The service is down.");

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("test", null, name, dimensions) : null;

        public void Dispose() => _inner.Dispose();
    }
}
