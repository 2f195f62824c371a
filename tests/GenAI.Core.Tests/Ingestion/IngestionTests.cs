using GenAI.Core.Chunking;
using GenAI.Core.Ingestion;

namespace GenAI.Core.Tests.Ingestion;

public class IngestionTests
{
    [Fact]
    public async Task Every_document_is_counted_once()
    {
        using var knowledgeBase = new KnowledgeBase();
        await knowledgeBase.IngestAsync([Documents.Travel, Documents.Office]);

        var summary = await knowledgeBase.IngestAsync(
        [
            Documents.Travel,
            Documents.Of("office.txt", "The office moved. It opens at nine."),
            Documents.Of("new.txt", "A new document."),
            Documents.Of("empty.txt", ""),
            Documents.Of("white.txt", " \r\n\t"),
        ]);

        summary.Should().BeEquivalentTo(new { Documents = 5, Unchanged = 1, Updated = 1, Added = 1, Empty = 2, Failed = 0 });
        summary.ChunksWritten.Should().Be(2);
    }

    [Fact]
    public async Task A_changed_document_replaces_the_earlier_version_whole()
    {
        using var knowledgeBase = new KnowledgeBase();
        await knowledgeBase.IngestAsync([Documents.Travel, Documents.Office]);

        await knowledgeBase.IngestAsync(Documents.Of("travel.md", "Nobody travels any more."));

        var chunks = await knowledgeBase.SearchAsync("hotel train ticket travels", 100);
        chunks.Where(chunk => chunk.Chunk.DocumentId == "travel.md").Should().ContainSingle().Which.Chunk.Text.Should().Be("Nobody travels any more.");
    }

    [Fact]
    public async Task A_document_that_became_empty_is_gone()
    {
        using var knowledgeBase = new KnowledgeBase();
        await knowledgeBase.IngestAsync([Documents.Travel, Documents.Office]);

        var summary = await knowledgeBase.IngestAsync(Documents.Of("office.txt", "  "));

        summary.Empty.Should().Be(1);
        summary.ChunksRemoved.Should().BePositive();
        (await knowledgeBase.SearchAsync("bicycles", 100)).Should().NotContain(chunk => chunk.Chunk.DocumentId == "office.txt");
    }

    [Fact]
    public async Task Ingesting_the_same_again_embeds_nothing()
    {
        using var generator = new FakeEmbeddingGenerator();
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { EmbeddingGenerator = generator });
        await knowledgeBase.IngestAsync([Documents.Travel, Documents.Office]);
        var texts = generator.Texts;

        var summary = await knowledgeBase.IngestAsync([Documents.Travel, Documents.Office]);

        summary.Unchanged.Should().Be(2);
        generator.Texts.Should().Be(texts);
    }

    [Fact]
    public async Task A_changed_title_or_metadata_is_a_change()
    {
        using var knowledgeBase = new KnowledgeBase();
        await knowledgeBase.IngestAsync(Documents.Office);

        var summary = await knowledgeBase.IngestAsync(new Document { Id = "office.txt", Title = "Building", Text = Documents.Office.Text, Metadata = Documents.Office.Metadata });

        summary.Updated.Should().Be(1);
        (await knowledgeBase.SearchAsync("bicycles"))[0].Chunk.Title.Should().Be("Building");
    }

    [Fact]
    public async Task An_id_that_comes_twice_fails_and_the_first_document_stands()
    {
        using var knowledgeBase = new KnowledgeBase();

        var summary = await knowledgeBase.IngestAsync([Documents.Office, Documents.Of("office.txt", "Another text.")]);

        var failure = summary.Failures.Should().ContainSingle().Subject;
        failure.DocumentId.Should().Be("office.txt");
        failure.Stage.Should().Be(IngestionStage.Read);
        failure.Exception.Message.Should().Contain("'office.txt'").And.Contain("second time");
        (await knowledgeBase.SearchAsync("bicycles"))[0].Chunk.Text.Should().Contain("Bicycles");
    }

    [Fact]
    public async Task A_document_that_fails_half_way_in_chunking_is_reported_and_the_others_land()
    {
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { Chunker = new HalfWayChunker() });

        var summary = await knowledgeBase.IngestAsync([Documents.Travel, Documents.Of("bad", "First part. Then it breaks."), Documents.Office]);

        summary.Added.Should().Be(2);
        summary.Failures.Should().ContainSingle().Which.Should().BeEquivalentTo(new { DocumentId = "bad", Stage = IngestionStage.Chunk });
        (await knowledgeBase.SearchAsync("first part breaks", 100)).Should().NotContain(chunk => chunk.Chunk.DocumentId == "bad");
    }

    [Fact]
    public async Task A_document_whose_embedding_fails_is_reported_and_keeps_its_old_version()
    {
        var failing = false;
        using var generator = new FakeEmbeddingGenerator
        {
            BeforeBatch = (texts, _) => failing && texts.Any(text => text.Contains("poison", StringComparison.Ordinal)) ? throw new HttpRequestException("502") : Task.CompletedTask,
        };
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { EmbeddingGenerator = generator });
        await knowledgeBase.IngestAsync(Documents.Of("bad", "The old text."));
        failing = true;

        var summary = await knowledgeBase.IngestAsync([Documents.Travel, Documents.Of("bad", "The poison text."), Documents.Office]);

        summary.Added.Should().Be(2);
        var failure = summary.Failures.Should().ContainSingle().Subject;
        failure.Should().BeEquivalentTo(new { DocumentId = "bad", Stage = IngestionStage.Embed });
        failure.Exception.Should().BeOfType<HttpRequestException>();
        (await knowledgeBase.SearchAsync("old text", 100)).Should().ContainSingle(chunk => chunk.Chunk.DocumentId == "bad").Which.Chunk.Text.Should().Be("The old text.");
        summary.Invoking(s => s.ThrowIfFailed()).Should().Throw<AggregateException>().WithMessage("*1 of 3*");
    }

    [Fact]
    public async Task A_generator_that_returns_too_few_embeddings_is_reported()
    {
        using var generator = new FakeEmbeddingGenerator { Withhold = 1 };
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { EmbeddingGenerator = generator });

        var summary = await knowledgeBase.IngestAsync(Documents.Office);

        summary.Failures.Should().ContainSingle().Which.Exception.Message.Should().Contain("0 embeddings for 1 texts");
    }

    [Theory]
    [InlineData(float.NaN, "*Embedding*NaN*")]
    [InlineData(float.PositiveInfinity, "*Embedding*infinite*")]
    public async Task A_vector_that_is_not_a_number_is_reported_and_nothing_of_the_document_is_stored(float value, string message)
    {
        using var generator = new FakeEmbeddingGenerator { Embed = text => text.Contains("cellar", StringComparison.Ordinal) ? [1, value, 0, 0] : [1, 0, 0, 0] };
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { EmbeddingGenerator = generator });

        var summary = await knowledgeBase.IngestAsync([Documents.Travel, Documents.Office]);

        summary.Failures.Should().ContainSingle().Which.Should().BeEquivalentTo(new { DocumentId = "office.txt", Stage = IngestionStage.Write });
        summary.Failures[0].Exception.Message.Should().Match(message);
        (await knowledgeBase.SearchAsync("bicycles at the desk", 100)).Should().OnlyContain(chunk => chunk.Chunk.DocumentId == "travel.md");
    }

    [Fact]
    public async Task A_store_that_fails_is_reported_and_ingesting_again_puts_it_right()
    {
        using var store = new GenAI.Core.VectorStores.LocalVectorStore();
        OtherProvider? provider = null;
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { OpenCollection = dimensions => provider = new OtherProvider(store.GetChunkCollection("chunks", dimensions)) });
        await knowledgeBase.IngestAsync(Documents.Travel);
        provider!.BeforeWrite = () => throw new IOException("disk full");

        var failed = await knowledgeBase.IngestAsync([Documents.Travel, Documents.Office]);
        provider.BeforeWrite = null;
        var repaired = await knowledgeBase.IngestAsync([Documents.Travel, Documents.Office]);

        failed.Failures.Should().ContainSingle().Which.Should().BeEquivalentTo(new { DocumentId = "office.txt", Stage = IngestionStage.Write });
        repaired.Should().BeEquivalentTo(new { Unchanged = 1, Added = 1, Failed = 0 });
    }

    [Fact]
    public async Task A_replacement_that_another_provider_left_half_done_is_noticed_and_finished()
    {
        using var store = new GenAI.Core.VectorStores.LocalVectorStore();
        OtherProvider? provider = null;
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { OpenCollection = dimensions => provider = new OtherProvider(store.GetChunkCollection("chunks", dimensions)) });
        await knowledgeBase.IngestAsync(Documents.Travel);
        var changed = Documents.Of("travel.md", "Nobody travels any more.");
        var writes = 0;
        provider!.BeforeWrite = () => _ = ++writes > 1 ? throw new IOException("connection lost") : 0;

        var failed = await knowledgeBase.IngestAsync(changed);
        provider.BeforeWrite = null;
        var repaired = await knowledgeBase.IngestAsync(changed);

        failed.Failures.Should().ContainSingle().Which.Stage.Should().Be(IngestionStage.Write);
        repaired.Updated.Should().Be(1);
        (await knowledgeBase.SearchAsync("hotel train ticket travels", 100, new SearchOptions { Mode = RetrievalMode.Vector }))
            .Should().ContainSingle().Which.Chunk.Text.Should().Be(changed.Text);
        (await knowledgeBase.IngestAsync(changed)).Unchanged.Should().Be(1);
    }

    [Fact]
    public async Task Cancelling_at_any_point_leaves_whole_documents_and_a_second_call_finishes()
    {
        var texts = Enumerable.Range(0, 30).Select(i => Documents.Of($"{i}", string.Join("\n\n", Enumerable.Range(0, 20).Select(p => $"Document {i} paragraph {p}. " + new string('x', 400))))).ToList();
        for (var after = 0; after < 12; after++)
        {
            using var stop = new CancellationTokenSource();
            var batches = 0;
            var cancelAt = after;
            using var generator = new FakeEmbeddingGenerator
            {
                BeforeBatch = async (_, token) =>
                {
                    if (Interlocked.Increment(ref batches) > cancelAt)
                        await stop.CancelAsync();
                    token.ThrowIfCancellationRequested();
                },
            };
            using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { EmbeddingGenerator = generator, Ingestion = new() { EmbeddingBatchSize = 8 } });

            await FluentActions.Awaiting(() => knowledgeBase.IngestAsync(texts, cancellationToken: stop.Token)).Should().ThrowAsync<OperationCanceledException>();

            batches = int.MinValue;
            var stored = await knowledgeBase.SearchAsync("document paragraph", 10_000);
            foreach (var document in stored.GroupBy(hit => hit.Chunk.DocumentId))
                document.Select(hit => hit.Chunk.Ordinal).Order().Should().Equal(Enumerable.Range(0, document.Count()));
            var summary = await knowledgeBase.IngestAsync(texts);
            (summary.Added + summary.Unchanged).Should().Be(30);
            summary.Updated.Should().Be(0);
        }
    }

    [Fact]
    public async Task Progress_counts_up_to_the_total()
    {
        var progress = new Collected();
        using var knowledgeBase = new KnowledgeBase();

        await knowledgeBase.IngestAsync([Documents.Travel, Documents.Office, Documents.Of("empty", "")], progress);

        progress.Reports.Select(report => report.DocumentsDone).Should().Equal(1, 2, 3);
        progress.Reports.Should().OnlyContain(report => report.DocumentsTotal == 3);
    }

    [Fact]
    public async Task A_progress_callback_that_throws_ends_the_ingestion_instead_of_hanging_it()
    {
        using var knowledgeBase = new KnowledgeBase();
        var documents = Enumerable.Range(0, 200).Select(i => Documents.Of($"{i}", $"Document {i}.")).ToAsyncEnumerable();

        await FluentActions.Awaiting(() => knowledgeBase.IngestAsync(documents, new Throwing())).Should().ThrowAsync<InvalidOperationException>().WithMessage("full");
    }

    [Fact]
    public async Task A_sequence_that_throws_does_so_after_the_documents_before_it_have_landed()
    {
        using var knowledgeBase = new KnowledgeBase();

        await FluentActions.Awaiting(() => knowledgeBase.IngestAsync(Broken())).Should().ThrowAsync<IOException>().WithMessage("lost");

        (await knowledgeBase.SearchAsync("bicycles"))[0].Chunk.DocumentId.Should().Be("office.txt");

        static async IAsyncEnumerable<Document> Broken()
        {
            yield return Documents.Office;
            await Task.Yield();
            throw new IOException("lost");
        }
    }

    private sealed class Collected : IProgress<IngestionProgress>
    {
        public List<IngestionProgress> Reports { get; } = [];

        public void Report(IngestionProgress value) => Reports.Add(value);
    }

    private sealed class Throwing : IProgress<IngestionProgress>
    {
        public void Report(IngestionProgress value) => throw new InvalidOperationException("full");
    }

    private sealed class HalfWayChunker : IChunker
    {
        public async IAsyncEnumerable<Chunk> ChunkAsync(Document document, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            yield return Chunk.Create(document, new TextRange(0, 11), 0);
            if (document.Id == "bad")
                throw new InvalidDataException("broken in the middle");
            yield return Chunk.Create(document, TextRange.FromBounds(11, document.Text.Length), 1);
        }
    }
}
