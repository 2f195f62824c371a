using System.Text.Json;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests;

public class KnowledgeBaseTests
{
    [Fact]
    public async Task Answers_a_question_offline_with_a_citation_of_the_exact_characters()
    {
        using var knowledgeBase = await HandbookAsync();

        var answer = await knowledgeBase.AskAsync("When is a first-class ticket paid?");

        answer.Status.Should().Be(AnswerStatus.Answered);
        answer.Text.Should().Contain("more than four hours").And.Contain("[1]");
        var citation = answer.Citations.Should().ContainSingle(citation => citation.Number == 1).Subject;
        citation.DocumentId.Should().Be("travel.md");
        citation.Range.Of(Documents.Travel.Text).Should().Be(citation.Quote).And.Contain("first-class ticket");
    }

    [Fact]
    public async Task Says_that_there_is_no_evidence_when_no_document_answers()
    {
        using var knowledgeBase = await HandbookAsync();

        var answer = await knowledgeBase.AskAsync("How many moons does Jupiter have?");

        answer.Status.Should().Be(AnswerStatus.NoEvidence);
        answer.Citations.Should().BeEmpty();
    }

    [Fact]
    public async Task Says_that_there_is_no_evidence_when_there_is_no_document()
    {
        using var knowledgeBase = new KnowledgeBase();

        (await knowledgeBase.AskAsync("Anything?")).Status.Should().Be(AnswerStatus.NoEvidence);
        (await knowledgeBase.SearchAsync("anything")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_streamed_answer_is_the_same_as_a_whole_one()
    {
        using var knowledgeBase = await HandbookAsync();
        var whole = await knowledgeBase.AskAsync("What does the company pay for a hotel night in London?");

        var updates = await knowledgeBase.AskStreamingAsync("What does the company pay for a hotel night in London?").ToListAsync();

        string.Concat(updates.Select(update => update.Text)).Should().Be(whole.Text);
        var answer = updates[^1].Answer;
        answer.Should().NotBeNull();
        answer!.Text.Should().Be(whole.Text);
        answer.Citations.Select(citation => (citation.Number, citation.Range)).Should().Equal(whole.Citations.Select(citation => (citation.Number, citation.Range)));
        updates.SelectMany(update => update.Citations).Should().HaveCount(whole.Citations.Count);
    }

    [Theory]
    [InlineData(RetrievalMode.Vector)]
    [InlineData(RetrievalMode.Keyword)]
    [InlineData(RetrievalMode.Hybrid)]
    public async Task Every_mode_finds_the_chunk_and_says_why(RetrievalMode mode)
    {
        using var knowledgeBase = await HandbookAsync();

        var chunks = await knowledgeBase.SearchAsync("bicycles in the cellar", 3, new SearchOptions { Mode = mode });

        var first = chunks[0];
        first.Chunk.DocumentId.Should().Be("office.txt");
        first.Rank.Should().Be(1);
        (first.Vector is not null).Should().Be(mode != RetrievalMode.Keyword);
        (first.Keyword is not null).Should().Be(mode != RetrievalMode.Vector);
        first.Chunk.Range.Of(Documents.Office.Text).Should().Be(first.Chunk.Text);
        first.Chunk.Metadata.Should().Contain("team", "facilities");
        chunks.Select(chunk => chunk.Score).Should().BeInDescendingOrder();
    }

    [Fact]
    public async Task A_filter_holds_in_every_mode()
    {
        using var knowledgeBase = await HandbookAsync();

        foreach (var mode in Enum.GetValues<RetrievalMode>())
        {
            var chunks = await knowledgeBase.SearchAsync("the office opens for booked trips", 10, new SearchOptions { Mode = mode, Filter = record => record.Tags.Contains("team=people") });

            chunks.Should().OnlyContain(chunk => chunk.Chunk.DocumentId == "travel.md", "mode is {0}", mode);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\n")]
    public async Task An_empty_question_is_refused(string? question)
    {
        using var knowledgeBase = await HandbookAsync();

        await FluentActions.Awaiting(() => knowledgeBase.AskAsync(question!)).Should().ThrowAsync<ArgumentException>().WithParameterName(nameof(question));
        await FluentActions.Awaiting(() => knowledgeBase.SearchAsync(question!)).Should().ThrowAsync<ArgumentException>().WithParameterName("query");
        await FluentActions.Awaiting(() => knowledgeBase.AskStreamingAsync(question!).ToListAsync().AsTask()).Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task A_question_of_a_megabyte_is_refused_with_its_length_and_the_limit()
    {
        using var knowledgeBase = await HandbookAsync();

        await FluentActions.Awaiting(() => knowledgeBase.AskAsync(new string('a', 1 << 20)))
            .Should().ThrowAsync<ArgumentException>().WithMessage("*1048576 characters*32768*MaxQueryLength*");
    }

    [Fact]
    public async Task A_question_of_several_pages_is_answered_and_one_that_fills_the_context_is_refused()
    {
        using var knowledgeBase = await HandbookAsync();

        var answer = await knowledgeBase.AskAsync(string.Concat(Enumerable.Repeat("When is a first-class ticket paid? ", 400)));
        var search = await knowledgeBase.SearchAsync(string.Concat(Enumerable.Repeat("ticket? ", 4096)));

        answer.Status.Should().Be(AnswerStatus.Answered);
        search.Should().NotBeEmpty();
        await FluentActions.Awaiting(() => knowledgeBase.AskAsync(string.Concat(Enumerable.Repeat("ticket? ", 4096))))
            .Should().ThrowAsync<ArgumentException>().WithMessage("*Shorten it, or raise MaxContextTokens*");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_top_below_one_is_refused(int top)
    {
        using var knowledgeBase = await HandbookAsync();

        await FluentActions.Awaiting(() => knowledgeBase.SearchAsync("ticket", top)).Should().ThrowAsync<ArgumentOutOfRangeException>().WithParameterName(nameof(top));
    }

    [Fact]
    public async Task A_top_of_a_billion_returns_what_there_is()
    {
        using var knowledgeBase = await HandbookAsync();

        foreach (var mode in Enum.GetValues<RetrievalMode>())
        {
            var chunks = await knowledgeBase.SearchAsync("ticket", 1_000_000_000, new SearchOptions { Mode = mode });

            chunks.Should().NotBeEmpty().And.HaveCountLessThan(10);
        }
    }

    [Fact]
    public async Task A_cancelled_call_throws_and_the_next_one_works()
    {
        using var knowledgeBase = await HandbookAsync();
        var cancelled = new CancellationToken(canceled: true);

        await FluentActions.Awaiting(() => knowledgeBase.SearchAsync("ticket", cancellationToken: cancelled)).Should().ThrowAsync<OperationCanceledException>();
        await FluentActions.Awaiting(() => knowledgeBase.AskAsync("ticket?", cancellationToken: cancelled)).Should().ThrowAsync<OperationCanceledException>();
        await FluentActions.Awaiting(() => knowledgeBase.IngestAsync(Documents.Of("late", "Too late."), cancellationToken: cancelled)).Should().ThrowAsync<OperationCanceledException>();

        (await knowledgeBase.SearchAsync("late")).Should().NotContain(chunk => chunk.Chunk.DocumentId == "late");
        (await knowledgeBase.AskAsync("When is a first-class ticket paid?")).Status.Should().Be(AnswerStatus.Answered);
    }

    [Fact]
    public async Task A_removed_document_is_not_found_any_more()
    {
        using var knowledgeBase = await HandbookAsync();

        (await knowledgeBase.RemoveAsync("office.txt")).Should().BeTrue();

        (await knowledgeBase.RemoveAsync("office.txt")).Should().BeFalse();
        (await knowledgeBase.SearchAsync("bicycles in the cellar")).Should().NotContain(chunk => chunk.Chunk.DocumentId == "office.txt");
    }

    [Fact]
    public async Task A_chat_client_that_throws_reaches_the_caller_and_the_next_question_works()
    {
        var fails = true;
        using var client = new FakeChatClient();
        client.OnRespond = (_, _, _) => fails ? throw new HttpRequestException("down") : Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Bicycles are kept in the cellar. [1]")));
        using var knowledgeBase = await HandbookAsync(new KnowledgeBaseOptions { ChatClient = client });

        await FluentActions.Awaiting(() => knowledgeBase.AskAsync("Where are bicycles kept?")).Should().ThrowAsync<HttpRequestException>().WithMessage("down");
        fails = false;

        (await knowledgeBase.AskAsync("Where are bicycles kept?")).Status.Should().Be(AnswerStatus.Answered);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    public async Task A_chat_client_that_says_nothing_is_no_evidence(string response)
    {
        using var client = new FakeChatClient(response);
        using var knowledgeBase = await HandbookAsync(new KnowledgeBaseOptions { ChatClient = client });

        var answer = await knowledgeBase.AskAsync("Where are bicycles kept?");

        answer.Status.Should().Be(AnswerStatus.NoEvidence);
        answer.Text.Should().NotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task A_marker_of_a_source_that_does_not_exist_never_reaches_the_caller()
    {
        using var client = new FakeChatClient("Bicycles are kept in the cellar. [1] [0][99] Everybody knows. [77]");
        using var knowledgeBase = await HandbookAsync(new KnowledgeBaseOptions { ChatClient = client });

        var answer = await knowledgeBase.AskAsync("Where are bicycles kept?");

        answer.Text.Should().Contain("[1]").And.NotContain("[0]").And.NotContain("[99]").And.NotContain("[77]");
        answer.Citations.Should().OnlyContain(citation => citation.Number == 1);
    }

    [Fact]
    public void Dimensions_that_contradict_the_model_are_refused_with_both_numbers()
    {
        using var generator = new FakeEmbeddingGenerator();

        var act = () => new KnowledgeBase(new KnowledgeBaseOptions { EmbeddingGenerator = generator, Dimensions = 8 });

        act.Should().Throw<ArgumentException>().WithMessage("*Dimensions is 8*'fake-4'*vectors of 4*");
    }

    [Fact]
    public void A_context_budget_without_room_for_an_answer_is_refused()
    {
        var act = () => new KnowledgeBase(new KnowledgeBaseOptions { Answering = new() { MaxContextTokens = 100, MaxAnswerTokens = 200 } });

        act.Should().Throw<ArgumentException>().WithMessage("*100*200*");
    }

    [Fact]
    public async Task A_generator_that_does_not_say_its_dimensions_is_asked_once()
    {
        using var generator = new FakeEmbeddingGenerator { Metadata = null };
        using var knowledgeBase = await HandbookAsync(new KnowledgeBaseOptions { EmbeddingGenerator = generator });

        (await knowledgeBase.SearchAsync("ticket")).Should().NotBeEmpty();
    }

    [Fact]
    public async Task The_vector_arm_weighs_as_much_as_the_keywords_when_a_model_makes_the_vectors()
    {
        // The model knows that bicycles belong to the trip; the words point to the office.
        float[] Embed(string text) => text.Contains("Trips", StringComparison.Ordinal) || text.Contains("bicycles", StringComparison.Ordinal) ? [1, 0, 0, 0] : [0, 1, 0, 0];
        using var model = new FakeEmbeddingGenerator { Embed = Embed };
        using var knowledgeBase = await HandbookAsync(new KnowledgeBaseOptions { EmbeddingGenerator = model });

        var balanced = await knowledgeBase.SearchAsync("bicycles", 1);
        var lexical = await knowledgeBase.SearchAsync("bicycles", 10, new SearchOptions { Fusion = new() });

        balanced[0].Score.Should().BeApproximately(0.5f, 1e-4f);
        lexical[0].Chunk.DocumentId.Should().Be("office.txt");
        lexical[0].Score.Should().BeApproximately(0.85f, 1e-4f);
    }

    [Fact]
    public async Task Another_vector_store_takes_the_place_of_the_local_one()
    {
        using var store = new LocalVectorStore();
        using var knowledgeBase = await HandbookAsync(new KnowledgeBaseOptions { OpenCollection = dimensions => new OtherProvider(store.GetChunkCollection("handbook", dimensions)) });

        var chunks = await knowledgeBase.SearchAsync("bicycles in the cellar", 2);
        var answer = await knowledgeBase.AskAsync("When is a first-class ticket paid?");

        chunks[0].Chunk.DocumentId.Should().Be("office.txt");
        answer.Status.Should().Be(AnswerStatus.Answered);
        (await knowledgeBase.RemoveAsync("office.txt")).Should().BeTrue();
        (await knowledgeBase.IngestAsync(Documents.Travel)).Unchanged.Should().Be(1);
    }

    [Fact]
    public async Task An_agent_can_search_with_the_tool()
    {
        using var knowledgeBase = await HandbookAsync();
        var tool = knowledgeBase.AsAIFunction(description: "The handbook.");

        var result = (JsonElement)(await tool.InvokeAsync(new AIFunctionArguments { ["query"] = "bicycles", ["top"] = 1 }))!;

        tool.Name.Should().Be("search_documents");
        tool.JsonSchema.GetProperty("required")[0].GetString().Should().Be("query");
        result.GetArrayLength().Should().Be(1);
        result[0].GetProperty("documentId").GetString().Should().Be("office.txt");
        result[0].GetProperty("text").GetString().Should().Contain("Bicycles");
        await FluentActions.Awaiting(() => tool.InvokeAsync(new AIFunctionArguments()).AsTask()).Should().ThrowAsync<ArgumentException>().WithMessage("*'query'*");
    }

    [Theory]
    [InlineData("\uFEFFThe kettle is in the attic.\r\nIt whistles.")]
    [InlineData("The kettle\0 is in the attic.\0")]
    [InlineData("\uD83D The kettle is in the attic. \uDE00")]
    [InlineData("\u202EThe kettle\u202C is in the attic. \u200B\u2028 العربية 漢字 👩‍👩‍👧")]
    public async Task Strange_characters_are_kept_found_and_cited(string text)
    {
        using var knowledgeBase = new KnowledgeBase();
        (await knowledgeBase.IngestAsync(Documents.Of("strange", text))).ThrowIfFailed();

        var answer = await knowledgeBase.AskAsync("Where is the kettle? \uD83D\0");
        var result = (JsonElement)(await knowledgeBase.AsAIFunction().InvokeAsync(new AIFunctionArguments { ["query"] = "kettle \uDC00" }))!;

        answer.Status.Should().Be(AnswerStatus.Answered);
        answer.Citations.Should().NotBeEmpty().And.OnlyContain(citation => citation.Range.Of(text) == citation.Quote);
        result.GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Searching_while_ingesting_sees_every_document_whole()
    {
        using var knowledgeBase = new KnowledgeBase();
        var versions = new[] { "alpha", "beta" }.Select(word => Documents.Of("one", string.Join("\n\n", Enumerable.Repeat(string.Join(' ', Enumerable.Repeat(word, 300)), 8)))).ToArray();
        await knowledgeBase.IngestAsync(versions[0]);

        await Concurrently.RunAsync(writes: 40, looks: 5, i => knowledgeBase.IngestAsync(versions[(i + 1) % 2]), async _ =>
            (await knowledgeBase.SearchAsync("alpha beta", 100)).Select(hit => hit.Chunk.Text[..4]).Distinct().Should().ContainSingle());
    }

    private static async Task<KnowledgeBase> HandbookAsync(KnowledgeBaseOptions? options = null)
    {
        var knowledgeBase = new KnowledgeBase(options);
        (await knowledgeBase.IngestAsync([Documents.Travel, Documents.Office])).ThrowIfFailed();
        return knowledgeBase;
    }
}
