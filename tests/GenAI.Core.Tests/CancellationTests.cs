using System.Runtime.CompilerServices;
using GenAI.Core.Chunking;
using GenAI.Core.Embeddings;
using GenAI.Core.Ingestion;
using GenAI.Core.Retrieval;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests;

/// <summary>
/// A caller cancels at every call in turn that a knowledge base makes of any of its parts. The parts themselves go on, so that it is the knowledge base that has to notice.
/// A call then ends as cancelled or with all of its result; nothing is half written, and the same call works when it is made again.
/// </summary>
public sealed class CancellationTests : IDisposable
{
    private static readonly Document[] Handbook = [Documents.Travel, Documents.Office, Documents.Of("long.md", string.Join("\n\n", Enumerable.Range(0, 12).Select(i => $"Paragraph {i} of the long document. " + new string('x', 300))))];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("genai-core-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("ingest", false, 10)]
    [InlineData("ingest", true, 10)]
    [InlineData("ingest a folder", false, 10)]
    [InlineData("ingest a folder", true, 10)]
    [InlineData("remove", true, 1)]
    [InlineData("search", false, 2)]
    [InlineData("search", true, 2)]
    [InlineData("ask", false, 3)]
    [InlineData("ask", true, 3)]
    [InlineData("ask, streaming", false, 4)]
    public async Task Cancelling_at_any_call_of_any_part_leaves_nothing_half_done(string work, bool otherProvider, int least)
    {
        foreach (var document in Handbook)
            File.WriteAllText(Path.Combine(_folder.FullName, Path.ChangeExtension(document.Id, ".md")), document.Text);
        var isWrite = work is "remove" or ['i', ..];
        var expected = await RunAsync(work, new Parts(otherProvider));
        var (cancelled, cancelAt) = (0, 0);
        for (; ; cancelAt++)
        {
            using var stop = new CancellationTokenSource();
            var parts = new Parts(otherProvider);
            using var knowledgeBase = parts.KnowledgeBase;
            if (!work.StartsWith('i'))
                await knowledgeBase.IngestAsync(Handbook);
            parts.Calls = 0;
            parts.OnCall = call =>
            {
                if (call == cancelAt)
                    stop.Cancel();
            };

            string? result = null;
            try
            {
                result = await DoAsync(work, knowledgeBase, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                cancelled++;
            }

            parts.OnCall = null;
            if (!stop.IsCancellationRequested)
                break;
            if (result is not null)
                result.Should().Be(expected, "cancelled at call {0} it ended with a result, which is whole", cancelAt);
            if (isWrite)
                await EachDocumentIsWholeOrAbsentAsync(knowledgeBase);
            var again = await DoAsync(work, knowledgeBase, default);
            if (work is not "remove")
                again.Should().Be(expected, "the second call works after a first that was cancelled at call {0}", cancelAt);
            if (work is ['i', ..])
                (await ContentAsync(knowledgeBase)).Should().Equal(await ContentAsync(await FreshAsync(work)));
        }

        cancelAt.Should().BeGreaterThanOrEqualTo(least, "so many calls are there to cancel at");
        cancelled.Should().BeGreaterThan(0);
    }

    private async Task<string> RunAsync(string work, Parts parts)
    {
        using var knowledgeBase = parts.KnowledgeBase;
        if (!work.StartsWith('i'))
            await knowledgeBase.IngestAsync(Handbook);
        return await DoAsync(work, knowledgeBase, default);
    }

    private async Task<string> DoAsync(string work, KnowledgeBase knowledgeBase, CancellationToken cancellationToken)
    {
        switch (work)
        {
            case "ingest":
                return Counts(await knowledgeBase.IngestAsync(Handbook, cancellationToken: cancellationToken));
            case "ingest a folder":
                return Counts(await knowledgeBase.IngestAsync(_folder.FullName, cancellationToken: cancellationToken));
            case "remove":
                return (await knowledgeBase.RemoveAsync("long.md", cancellationToken)).ToString();
            case "search":
                return string.Join("\n", (await knowledgeBase.SearchAsync("first-class ticket", 3, cancellationToken: cancellationToken)).Select(hit => $"{hit.Rank} {hit.Score:R} {hit.Chunk.Id}"));
            case "ask":
                var answer = await knowledgeBase.AskAsync("When is a first-class ticket paid?", cancellationToken: cancellationToken);
                return $"{answer.Status} {answer.Text} {string.Join(", ", answer.Citations.Select(citation => citation.Quote))}";
            default:
                var text = "";
                await foreach (var update in knowledgeBase.AskStreamingAsync("When is a first-class ticket paid?", cancellationToken: cancellationToken))
                    text += update.Text;
                return text;
        }
    }

    // What a second call says of documents that the first one finished differs; how many there are, and that none failed, does not.
    private static string Counts(IngestionSummary summary) => $"{summary.Documents} documents, {summary.Failed} failed, {summary.Updated} updated, {summary.Removed} removed";

    private async Task<KnowledgeBase> FreshAsync(string work)
    {
        var knowledgeBase = new Parts(otherProvider: false).KnowledgeBase;
        await DoAsync(work, knowledgeBase, default);
        return knowledgeBase;
    }

    private static async Task<IEnumerable<string>> ContentAsync(KnowledgeBase knowledgeBase) =>
        (await knowledgeBase.SearchAsync("document ticket desk", 1000, new SearchOptions { Mode = RetrievalMode.Vector })).Select(hit => $"{hit.Chunk.DocumentId} {hit.Chunk.Range} {hit.Chunk.Text}").Order(StringComparer.Ordinal);

    private static async Task EachDocumentIsWholeOrAbsentAsync(KnowledgeBase knowledgeBase)
    {
        using var fresh = new Parts(otherProvider: false).KnowledgeBase;
        await fresh.IngestAsync(Handbook);
        var whole = (await ContentAsync(fresh)).ToLookup(chunk => chunk.Split('.')[0]);
        foreach (var document in (await ContentAsync(knowledgeBase)).GroupBy(chunk => chunk.Split('.')[0]))
            document.Select(chunk => chunk[(chunk.IndexOf(' ') + 1)..]).Should().Equal(whole[document.Key].Select(chunk => chunk[(chunk.IndexOf(' ') + 1)..]));
    }

    /// <summary>A knowledge base whose parts count the calls that are made of them and know of no cancellation.</summary>
    private sealed class Parts : IChunker, IDocumentReader
    {
        private readonly RecursiveChunker _chunker = new(new ChunkerOptions { MaxTokens = 60, OverlapTokens = 0 });
        private readonly TextDocumentReader _reader = new();
        private int _calls;

        public Parts(bool otherProvider)
        {
            var lexical = new LexicalEmbeddingGenerator(new LexicalEmbeddingOptions { Dimensions = 64 });
            var generator = new FakeEmbeddingGenerator
            {
                Metadata = new EmbeddingGeneratorMetadata("fake", defaultModelId: "lexical", defaultModelDimensions: 64),
                Embed = text => lexical.GenerateAsync([text]).GetAwaiter().GetResult()[0].Vector.ToArray(),
                BeforeBatch = async (_, _) => await CallAsync(),
            };
            var client = new FakeChatClient { OnRespond = async (_, _, _) => await ReplyAsync(), OnStream = (_, _, _) => StreamAsync() };
            var options = new KnowledgeBaseOptions
            {
                Chunker = this,
                DocumentReader = this,
                EmbeddingGenerator = generator,
                ChatClient = client,
                Ingestion = new() { EmbeddingBatchSize = 3, MaxDegreeOfParallelism = 1 },
            };
            options.RetrievalSteps.Add((inner, _) => new Step(this, inner));
            if (otherProvider)
            {
                var store = new LocalVectorStore();
                options.OpenCollection = dimensions => new OtherProvider(store.GetChunkCollection("chunks", dimensions)) { BeforeRead = Call, BeforeWrite = Call };
            }

            KnowledgeBase = new KnowledgeBase(options);
        }

        public KnowledgeBase KnowledgeBase { get; }

        public Action<int>? OnCall { get; set; }

        public int Calls
        {
            get => _calls;
            set => _calls = value;
        }

        public async IAsyncEnumerable<Chunk> ChunkAsync(Document document, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var chunk in _chunker.ChunkAsync(document, CancellationToken.None))
            {
                await CallAsync();
                yield return chunk;
            }
        }

        public async Task<Document?> ReadAsync(FileInfo file, string documentId, CancellationToken cancellationToken = default)
        {
            await CallAsync();
            return await _reader.ReadAsync(file, documentId, CancellationToken.None);
        }

        private void Call() => OnCall?.Invoke(Interlocked.Increment(ref _calls) - 1);

        private async Task CallAsync()
        {
            await Task.Yield();
            Call();
            await Task.Yield();
        }

        private async Task<ChatResponse> ReplyAsync()
        {
            await CallAsync();
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, "A first-class ticket is paid for journeys of more than four hours. [1]"));
        }

        private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync()
        {
            foreach (var piece in (string[])["A first-class ticket is paid ", "for journeys of more ", "than four hours. [1]"])
            {
                await CallAsync();
                yield return new ChatResponseUpdate(ChatRole.Assistant, piece);
            }
        }

        private sealed class Step(Parts parts, IRetriever inner) : IRetriever
        {
            public async Task<IReadOnlyList<RetrievedChunk>> RetrieveAsync(string query, int top, SearchOptions options, CancellationToken cancellationToken = default)
            {
                await parts.CallAsync();
                var found = await inner.RetrieveAsync(query, top, options, cancellationToken);
                await parts.CallAsync();
                return found;
            }
        }
    }
}
