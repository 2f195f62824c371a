using GenAI.Core.Chunking;
using GenAI.Core.Embeddings;
using GenAI.Core.Ingestion;
using GenAI.Core.Retrieval;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.Tests.Retrieval;

public class ExpansionTests
{
    private const string Handbook = """
        # Handbook

        ## Bicycles

        Bicycles are kept in the cellar.

        The cellar has forty stands.

        The key is at the desk.

        ## Travel

        Tickets are paid for journeys of four hours.

        ## Office

        The office opens at seven.
        """;

    [Fact]
    public async Task Neighbours_stand_beside_what_was_found_in_the_order_of_the_document()
    {
        using var store = new LocalVectorStore();
        var (collection, inner) = await Ingest(store);
        var found = await inner.RetrieveAsync("forty stands", 1, new SearchOptions());

        var expanded = await new NeighborRetriever(inner, collection).RetrieveAsync("forty stands", 1, new SearchOptions());

        var at = found[0].Chunk.Ordinal;
        expanded.Select(hit => hit.Chunk.Ordinal).Should().Equal(at - 1, at, at + 1);
        expanded.Select(hit => hit.Rank).Should().Equal(1, 2, 3);
        expanded.Should().OnlyContain(hit => hit.Score == found[0].Score);
        expanded.Should().OnlyContain(hit => hit.Chunk.Range.Of(Handbook) == hit.Chunk.Text);
        expanded[1].Keyword.Should().Be(found[0].Keyword);
    }

    [Fact]
    public async Task Neighbours_that_were_found_themselves_come_once()
    {
        using var store = new LocalVectorStore();
        var (collection, inner) = await Ingest(store);

        var expanded = await new NeighborRetriever(inner, collection, new() { Before = 2, After = 2 }).RetrieveAsync("cellar stands key", 3, new SearchOptions());

        expanded.Select(hit => hit.Chunk.Id).Should().OnlyHaveUniqueItems();
        expanded.Select(hit => hit.Rank).Should().Equal(Enumerable.Range(1, expanded.Count));
    }

    [Fact]
    public async Task A_section_is_given_whole_if_it_fits()
    {
        using var store = new LocalVectorStore();
        var (collection, inner) = await Ingest(store);

        var section = await new ParentRetriever(inner, collection).RetrieveAsync("forty stands", 1, new SearchOptions());
        var document = await new ParentRetriever(inner, collection, new() { Parent = ChunkParent.Document }).RetrieveAsync("forty stands", 1, new SearchOptions());
        var small = await new ParentRetriever(inner, collection, new() { MaxTokens = 10 }).RetrieveAsync("forty stands", 1, new SearchOptions());

        section.Should().HaveCountGreaterThan(1).And.OnlyContain(hit => hit.Chunk.Headings.Contains("Bicycles"));
        string.Concat(section.Select(hit => hit.Chunk.Text)).Should().ContainAll("Bicycles are kept", "forty stands", "key is at the desk");
        document.Select(hit => hit.Chunk.Ordinal).Should().Equal(Enumerable.Range(0, document.Count));
        document.Should().HaveCountGreaterThan(section.Count);
        small.Should().ContainSingle().Which.Chunk.Text.Should().Contain("forty stands");
    }

    [Fact]
    public async Task Steps_are_taken_in_the_order_in_which_they_are_added()
    {
        var services = new ServiceCollection();
        services.AddGenAI(genAI => genAI
            .UseChunker(Chunker())
            .UseReranker(new FakeReranker(text => text.Contains("key", StringComparison.Ordinal) ? 1 : 0), new() { Top = 1 })
            .UseNeighbors(new() { Before = 1, After = 0 }));
        await using var provider = services.BuildServiceProvider();
        var knowledgeBase = provider.GetRequiredService<KnowledgeBase>();
        await knowledgeBase.IngestAsync(new Document { Id = "handbook", Text = Handbook });

        var found = await knowledgeBase.SearchAsync("cellar");

        found.Should().HaveCount(2);
        found[0].Chunk.Text.Should().Contain("forty stands");
        found[1].Chunk.Text.Should().Contain("key");
        found[1].Score.Should().Be(1);
    }

    private static MarkdownChunker Chunker() => new(new ChunkerOptions { MaxTokens = 12, OverlapTokens = 0 });

    private static async Task<(VectorStoreCollection<Guid, ChunkRecord> Collection, CollectionRetriever Inner)> Ingest(LocalVectorStore store)
    {
        var embedder = new LexicalEmbeddingGenerator();
        var collection = store.GetChunkCollection("chunks", embedder.Dimensions);
        await collection.EnsureCollectionExistsAsync();
        var pipeline = new IngestionPipeline(collection, embedder, Chunker());
        (await pipeline.IngestAsync(new[] { new Document { Id = "handbook", Text = Handbook }, new Document { Id = "other", Text = "Another document altogether." } }.ToAsyncEnumerable())).ThrowIfFailed();
        return (collection, new CollectionRetriever(collection, embedder));
    }
}
