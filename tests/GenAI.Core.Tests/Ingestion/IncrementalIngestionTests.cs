using CsCheck;
using GenAI.Core.Chunking;
using GenAI.Core.Ingestion;

namespace GenAI.Core.Tests.Ingestion;

public class IncrementalIngestionTests
{
    private static readonly string[] Words = ["lamp", "red", "green", "office", "cellar", "bicycle", "train", "ticket", "hotel", "Zurich"];

    [Fact]
    public async Task An_edit_at_the_end_leaves_the_chunks_before_it_untouched()
    {
        using var store = new IngestedStore();
        await store.IngestAsync(Paragraphs("a", 1, 2, 3, 4, 5, 6));
        var before = await store.RecordsAsync(record => record.Ordinal is > 0 and < 5);
        var embedded = store.Generator.Texts;

        var summary = await store.IngestAsync(Paragraphs("a", 1, 2, 3, 4, 5, 7));

        summary.Should().BeEquivalentTo(new { Updated = 1, ChunksEmbedded = 1, ChunksKept = 4, ChunksWritten = 2, ChunksRemoved = 1 });
        store.Generator.Texts.Should().Be(embedded + 1);
        (await store.RecordsAsync(record => record.Ordinal is > 0 and < 5)).Should().Equal(before);
    }

    [Fact]
    public async Task An_edit_at_the_start_moves_the_chunks_behind_it_without_embedding_them()
    {
        using var store = new IngestedStore();
        await store.IngestAsync(Paragraphs("a", 1, 2, 3, 4, 5, 6));
        var edited = Paragraphs("a", 9, 1, 2, 3, 4, 5, 6);

        var summary = await store.IngestAsync(edited);

        summary.Should().BeEquivalentTo(new { Updated = 1, ChunksEmbedded = 1, ChunksWritten = 7, ChunksRemoved = 0 });
        foreach (var record in await store.AllAsync())
        {
            new TextRange(record.Start, record.Content.Length).Of(edited.Text).Should().Be(record.Content);
            record.Embedding.ToArray().Should().Equal(IngestedStore.VectorOf(record.Content));
        }
    }

    [Fact]
    public async Task Other_line_ends_and_spaces_at_line_ends_cost_no_embedding()
    {
        using var store = new IngestedStore();
        await store.IngestAsync(Paragraphs("a", 1, 2, 3));
        var edited = Documents.Of("a", Paragraphs("a", 1, 2, 3).Text.Replace("\n", " \t\r\n", StringComparison.Ordinal));

        var summary = await store.IngestAsync(edited);

        summary.Should().BeEquivalentTo(new { Updated = 1, ChunksEmbedded = 0 });
        (await store.RecordsAsync()).Should().Equal(await IngestedStore.FreshAsync([edited]));
    }

    [Fact]
    public void The_embedded_form_is_that_of_a_regular_expression()
    {
        string[] parts = ["a", "b c", " ", "\t", "\n", "\r", "\r\n", "\n\n", " \n"];
        Gen.Int[0, parts.Length - 1].Select(i => parts[i]).Array[0, 12].Select(string.Concat).Holds(2_000, text =>
            EmbeddedText.Normalize(text) == IngestedStore.EmbeddedTextOf(text));
    }

    [Fact]
    public async Task A_text_that_a_document_repeats_is_embedded_once_and_stored_each_time()
    {
        using var store = new IngestedStore();

        var summary = await store.IngestAsync(Paragraphs("a", 1, 2, 1, 3, 1));

        summary.Should().BeEquivalentTo(new { ChunksWritten = 5, ChunksEmbedded = 3 });
        (await store.AllAsync()).Select(record => record.Key).Should().OnlyHaveUniqueItems().And.HaveCount(5);
    }

    [Fact]
    public async Task A_text_that_several_documents_have_is_embedded_once()
    {
        using var store = new IngestedStore();

        var first = await store.IngestAsync(Paragraphs("a", 1, 2), Paragraphs("b", 2, 3), Paragraphs("c", 1, 2, 3));
        var second = await store.IngestAsync(Paragraphs("d", 3, 2, 1), Paragraphs("e", 4, 1));

        first.ChunksEmbedded.Should().Be(3);
        second.ChunksEmbedded.Should().Be(1);
        (await store.RecordsAsync()).Should().Equal(await IngestedStore.FreshAsync([Paragraphs("a", 1, 2), Paragraphs("b", 2, 3), Paragraphs("c", 1, 2, 3), Paragraphs("d", 3, 2, 1), Paragraphs("e", 4, 1)]));
    }

    [Fact]
    public async Task A_text_that_very_many_documents_have_hides_no_other_one()
    {
        using var store = new IngestedStore();
        await store.IngestAsync([.. Enumerable.Range(0, 100).Select(i => Paragraphs($"{i}", 1))]);
        await store.IngestAsync(Paragraphs("rare", 2));

        var summary = await store.IngestAsync(Paragraphs("both", 1, 2));

        summary.ChunksEmbedded.Should().Be(0);
    }

    [Fact]
    public async Task Another_chunker_cuts_again_and_embeds_only_texts_that_are_new()
    {
        using var store = new IngestedStore();
        await store.IngestAsync(Paragraphs("a", 1, 2, 3));
        var keys = (await store.AllAsync()).Select(record => record.Key).ToList();

        var summary = await store.PipelineWith(new RecursiveChunker(new ChunkerOptions { MaxTokens = 13, OverlapTokens = 0 })).IngestAsync(new[] { Paragraphs("a", 1, 2, 3) }.ToAsyncEnumerable());

        summary.Should().BeEquivalentTo(new { Updated = 1, ChunksEmbedded = 0, ChunksWritten = 3, ChunksRemoved = 3 });
        (await store.AllAsync()).Select(record => record.Key).Should().NotIntersectWith(keys);
    }

    [Fact]
    public async Task Counters_of_one_type_that_count_otherwise_are_told_apart()
    {
        using var store = new IngestedStore(chunker: ChunkerWith(4));
        await store.IngestAsync(Paragraphs("a", 1, 2, 3));

        (await store.PipelineWith(ChunkerWith(4)).IngestAsync(new[] { Paragraphs("a", 1, 2, 3) }.ToAsyncEnumerable())).Unchanged.Should().Be(1);
        (await store.PipelineWith(ChunkerWith(5)).IngestAsync(new[] { Paragraphs("a", 1, 2, 3) }.ToAsyncEnumerable())).Updated.Should().Be(1);

        static RecursiveChunker ChunkerWith(int charactersPerToken) => new(new ChunkerOptions { MaxTokens = 12, OverlapTokens = 0, Counter = new LengthCounter(charactersPerToken) });
    }

    [Fact]
    public async Task After_another_embedder_made_the_vectors_anew_nothing_is_embedded_again()
    {
        using var memory = new GenAI.Core.VectorStores.LocalVectorStore();
        using var first = new FakeEmbeddingGenerator { Embed = IngestedStore.VectorOf };
        using var second = new FakeEmbeddingGenerator { Embed = text => [.. IngestedStore.VectorOf(text).Reverse()], Metadata = new("fake", defaultModelId: "second", defaultModelDimensions: 4) };
        Document[] documents = [Paragraphs("a", 1, 2, 1), Paragraphs("b", 2, 3), Documents.Travel];
        using (var before = Open(first))
            await before.IngestAsync(documents);
        using var after = Open(second);
        await after.ReembedAsync();
        var texts = second.Texts;

        (await after.IngestAsync(documents)).Should().BeEquivalentTo(new { Unchanged = 3, ChunksWritten = 0 });
        (await after.IngestAsync(Paragraphs("a", 2, 1, 1))).Should().BeEquivalentTo(new { Updated = 1, ChunksEmbedded = 0 });
        second.Texts.Should().Be(texts);

        KnowledgeBase Open(FakeEmbeddingGenerator generator) => new(new KnowledgeBaseOptions
        {
            EmbeddingGenerator = generator,
            OpenCollection = dimensions => memory.GetChunkCollection("chunks", dimensions),
            Chunker = IngestedStore.SmallChunks,
        });
    }

    [Fact]
    public async Task Another_embedder_embeds_everything_again()
    {
        using var store = new IngestedStore();
        await store.IngestAsync(Paragraphs("a", 1, 2, 3));
        using var other = new FakeEmbeddingGenerator { Metadata = new("fake", defaultModelId: "another", defaultModelDimensions: 4) };

        var summary = await store.PipelineWith(generator: other).IngestAsync(new[] { Paragraphs("a", 1, 2, 3) }.ToAsyncEnumerable());

        summary.Should().BeEquivalentTo(new { Updated = 1, ChunksEmbedded = 3, ChunksRemoved = 3 });
    }

    [Fact]
    public async Task A_chunker_that_gives_the_same_id_twice_loses_nothing()
    {
        using var store = new IngestedStore(chunker: new SameIdChunker());

        var summary = await store.IngestAsync(Documents.Of("a", "First part. Second part."));

        summary.Should().BeEquivalentTo(new { Added = 1, ChunksWritten = 2 });
        (await store.AllAsync()).Should().HaveCount(2);
    }

    [Fact]
    public async Task Records_are_stored_in_the_order_of_the_documents()
    {
        using var store = new IngestedStore(new IngestionOptions { MaxDegreeOfParallelism = 8, EmbeddingBatchSize = 3 });
        var documents = Enumerable.Range(0, 60).Select(i => Paragraphs($"{i}", i, i + 1)).ToArray();

        await store.IngestAsync(documents);

        (await store.AllAsync()).Select(record => record.DocumentId).Distinct().Should().Equal(documents.Select(document => document.Id));
    }

    [Fact]
    public Task After_any_edits_the_store_is_that_of_a_fresh_ingestion_and_only_new_texts_were_embedded() =>
        Gen.Select(Gen.Int[0, 8], Gen.Int[0, 5], Gen.Int[0, 1_000_000]).Array[1, 12].HoldsAsync(80, async edits =>
        {
            using var store = new IngestedStore(new IngestionOptions { EmbeddingBatchSize = 4 });
            var state = new SortedDictionary<string, Document>(StringComparer.Ordinal);
            foreach (var (kind, place, seed) in edits)
            {
                var texts = (await store.AllAsync()).Select(record => IngestedStore.EmbeddedTextOf(record.Content)).ToHashSet(StringComparer.Ordinal);
                var removed = Edit(state, kind, place, new Random(seed));

                var summary = (await store.IngestAsync([.. state.Values])).ThrowIfFailed();
                if (removed is not null)
                    await store.Pipeline.RemoveAsync(removed);

                (await store.RecordsAsync()).Should().Equal(await IngestedStore.FreshAsync(state.Values));
                var fresh = (await store.AllAsync()).Select(record => IngestedStore.EmbeddedTextOf(record.Content)).Distinct(StringComparer.Ordinal).Count(text => !texts.Contains(text));
                summary.ChunksEmbedded.Should().Be(fresh);
            }
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ingesting_the_same_again_reads_no_vector_and_writes_nothing(bool isOtherProvider)
    {
        using var store = new IngestedStore(isOtherProvider: isOtherProvider);
        Document[] documents = [Paragraphs("a", 1, 2, 3), Paragraphs("b", 4)];
        await store.IngestAsync(documents);
        if (isOtherProvider)
            store.Other!.BeforeWrite = () => throw new InvalidOperationException("written to");
        var calls = store.Generator.Calls;

        var summary = await store.IngestAsync(documents);

        summary.Should().BeEquivalentTo(new { Unchanged = 2, ChunksWritten = 0, ChunksRemoved = 0, ChunksEmbedded = 0 });
        store.Generator.Calls.Should().Be(calls);
    }

    [Fact]
    public async Task A_provider_that_cannot_be_asked_for_texts_still_keeps_the_vectors_of_chunks_that_moved()
    {
        using var store = new IngestedStore(isOtherProvider: true);
        store.Other!.RefusesLists = true;
        await store.IngestAsync(Paragraphs("a", 1, 2, 3, 4));

        var summary = await store.IngestAsync(Paragraphs("a", 5, 1, 2, 3, 4));

        summary.ChunksEmbedded.Should().Be(1);
        (await store.RecordsAsync()).Should().Equal(await IngestedStore.FreshAsync([Paragraphs("a", 5, 1, 2, 3, 4)]));
    }

    [Fact]
    public async Task Two_ingestions_of_one_document_at_once_leave_one_version_whole()
    {
        using var store = new IngestedStore(generator: new FakeEmbeddingGenerator { Embed = IngestedStore.VectorOf, BeforeBatch = async (_, _) => await Task.Yield() });
        for (var round = 0; round < 20; round++)
        {
            var versions = Enumerable.Range(0, 3).Select(i => Paragraphs("a", round, round + i, 1, 2, round * i, 3)).ToArray();

            await Task.WhenAll(versions.Select(version => Task.Run(async () => (await store.IngestAsync(version)).ThrowIfFailed())));

            var stored = await store.RecordsAsync();
            (await Task.WhenAll(versions.Select(version => IngestedStore.FreshAsync([version])))).Should().ContainSingle(fresh => fresh.SequenceEqual(stored), "in round {0}", round);
        }
    }

    internal static Document Paragraphs(string id, params int[] paragraphs) => Documents.Of(id, string.Join("\n\n", paragraphs.Select(Paragraph)));

    private static string Paragraph(int number) => $"The {Words[number % 10]} of paragraph {number} is in the {Words[number * 7 % 10]}.";

    /// <summary>Changes one document.</summary>
    /// <returns>The id of a document that is to be removed, if that is the change.</returns>
    private static string? Edit(SortedDictionary<string, Document> state, int kind, int place, Random random)
    {
        var id = $"document {place}";
        if (!state.TryGetValue(id, out var document))
        {
            state[id] = Paragraphs(id, [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(12))]);
            return null;
        }

        var paragraphs = document.Text.Split("\n\n").ToList();
        var at = random.Next(paragraphs.Count);
        switch (kind)
        {
            case 0:
                paragraphs.Insert(at, Paragraph(random.Next(12)));
                break;
            case 1:
                paragraphs.RemoveAt(at);
                break;
            case 2:
                paragraphs[at] += " And more.";
                break;
            case 3:
                paragraphs.Insert(at, paragraphs[random.Next(paragraphs.Count)]);
                break;
            case 4:
                paragraphs.Reverse();
                break;
            case 5:
                paragraphs[at] = paragraphs[at].Replace(" ", "  \r\n", StringComparison.Ordinal);
                break;
            case 6:
                state[id] = new Document { Id = id, Text = document.Text, Title = random.Next(2) == 0 ? "Title" : null, Metadata = new Dictionary<string, string> { ["n"] = $"{random.Next(2)}" } };
                return null;
            case 7:
                state.Remove(id);
                return id;
            default:
                state.Remove(id);
                state[$"{id} renamed"] = Documents.Of($"{id} renamed", document.Text);
                return id;
        }

        state[id] = Documents.Of(id, string.Join("\n\n", paragraphs));
        return null;
    }

    private sealed class LengthCounter(int charactersPerToken) : TokenCounter
    {
        public override int Count(ReadOnlySpan<char> text) => (text.Length + charactersPerToken - 1) / charactersPerToken;
    }

    private sealed class SameIdChunker : IChunker
    {
        public async IAsyncEnumerable<Chunk> ChunkAsync(Document document, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            foreach (var (range, ordinal) in new[] { (new TextRange(0, 11), 0), (TextRange.FromBounds(12, document.Text.Length), 1) })
            {
                yield return new Chunk { Id = new string('0', 32), DocumentId = document.Id, Range = range, Text = range.Of(document.Text), Ordinal = ordinal, ContentHash = "" };
            }
        }
    }
}
