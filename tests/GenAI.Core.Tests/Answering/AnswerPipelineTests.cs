using GenAI.Core.Answering;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.Answering;

public class AnswerPipelineTests
{
    private const string NoEvidenceText = "The sources do not answer this question.";

    private static readonly IReadOnlyList<RetrievedChunk> Chunks = Sources.Of(
        "The warranty lasts two years. It covers faults of material.",
        "Returns are free within 30 days. After that the customer pays for the parcel.");

    [Fact]
    public async Task An_answer_cites_the_characters_that_support_it()
    {
        var answer = await Ask("The warranty is for two years [1]. You can return it for free within 30 days [2].");

        answer.Status.Should().Be(AnswerStatus.Answered);
        answer.Text.Should().Be("The warranty is for two years [1]. You can return it for free within 30 days [2].");
        answer.Citations.Select(c => (c.Number, c.DocumentId, c.Quote)).Should().Equal(
            (1, "doc1", "The warranty lasts two years."), (2, "doc2", "Returns are free within 30 days."));
        answer.Citations.SelectMany(c => c.AnswerRanges).Select(range => range.Of(answer.Text)).Should().Equal(
            "The warranty is for two years", "You can return it for free within 30 days");
        answer.Citations[0].Source.Should().Be(new Uri("https://example.org/doc1"));
        answer.Citations[0].ChunkId.Should().Be(Chunks[0].Chunk.Id);
        answer.Sources.Should().BeSameAs(Chunks);
        CheckQuotes(answer, Chunks);
    }

    [Fact]
    public async Task Markers_of_other_forms_are_written_as_one_per_source()
    {
        var answer = await Ask("Two years【1】 and free returns [Source 2, 1].");

        answer.Text.Should().Be("Two years[1] and free returns [2][1].");
        answer.Citations.Select(c => c.Number).Should().Equal(1, 2);
    }

    [Fact]
    public async Task A_marker_of_no_source_never_reaches_the_caller()
    {
        var answer = await Ask("The warranty is two years [1][99]. It is great [0]. Truly [3, 4].");

        answer.Text.Should().Be("The warranty is two years [1]. It is great. Truly.");
        answer.Citations.Should().ContainSingle();
    }

    [Fact]
    public async Task A_claim_with_two_markers_has_two_citations_and_a_quote_cited_twice_is_one()
    {
        var answer = await Ask("The warranty lasts two years [1] [2]. I repeat. The warranty lasts two years [1].");

        answer.Citations.Select(c => c.Number).Should().Equal(1, 2);
        answer.Citations[0].AnswerRanges.Should().HaveCount(2);
        answer.Citations[1].AnswerRanges.Single().Of(answer.Text).Should().Be("The warranty lasts two years");
    }

    [Fact]
    public async Task A_verbatim_quotation_is_the_quote()
    {
        var answer = await Ask("As they put it, \"the customer pays for the parcel\" later [2].");

        answer.Citations.Single().Quote.Should().Be("the customer pays for the parcel");
        CheckQuotes(answer, Chunks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    [InlineData("NO_EVIDENCE")]
    [InlineData("`NO_EVIDENCE`.")]
    [InlineData("I looked, but: no_evidence")]
    [InlineData("The warranty lasts three years.")]
    [InlineData("The warranty lasts three years [7].")]
    [InlineData("[99]")]
    [InlineData("[0][5]")]
    public async Task A_reply_without_support_is_no_evidence(string reply)
    {
        var answer = await Ask(reply);

        answer.Status.Should().Be(AnswerStatus.NoEvidence);
        answer.Text.Should().Be(NoEvidenceText);
        answer.Citations.Should().BeEmpty();
        answer.Sources.Should().HaveCount(2);
    }

    [Fact]
    public async Task The_sentinel_behind_a_cited_claim_ends_the_answer_there()
    {
        var answer = await Ask("The warranty lasts two years [1]. NO_EVIDENCE for the rest.");

        answer.Text.Should().Be("The warranty lasts two years [1].");
        answer.Status.Should().Be(AnswerStatus.Answered);
    }

    [Fact]
    public async Task Without_required_citations_an_uncited_reply_is_an_answer()
    {
        var answer = await Ask("Two years, I think [9].", new AnswerOptions { RequireCitations = false });

        answer.Status.Should().Be(AnswerStatus.Answered);
        answer.Text.Should().Be("Two years, I think.");
        (await Ask("NO_EVIDENCE", new AnswerOptions { RequireCitations = false })).Status.Should().Be(AnswerStatus.NoEvidence);
    }

    [Fact]
    public async Task Only_markers_cite_what_fits_the_question()
    {
        var answer = await Ask("[2]");

        answer.Text.Should().Be("[2]");
        answer.Citations.Single().AnswerRanges.Should().BeEmpty();
        CheckQuotes(answer, Chunks);
    }

    [Fact]
    public async Task Without_chunks_the_chat_client_is_not_called()
    {
        var client = new FakeChatClient("The warranty lasts two years [1].");
        var pipeline = new AnswerPipeline(client, new AnswerOptions { NoEvidenceText = "Nothing found." });

        var answer = await pipeline.AnswerAsync("How long?", []);
        var updates = await pipeline.AnswerStreamingAsync("How long?", []).ToListAsync();

        answer.Status.Should().Be(AnswerStatus.NoEvidence);
        answer.Text.Should().Be("Nothing found.");
        updates.Single().Answer!.Text.Should().Be("Nothing found.");
        client.Calls.Should().Be(0);
    }

    [Fact]
    public async Task A_content_filter_blocks()
    {
        var client = new FakeChatClient
        {
            OnRespond = (_, _, _) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "The warranty [1] is ...")) { FinishReason = ChatFinishReason.ContentFilter }),
        };

        var answer = await new AnswerPipeline(client, new AnswerOptions { BlockedText = "Withheld." }).AnswerAsync("How long?", Chunks);

        answer.Status.Should().Be(AnswerStatus.Blocked);
        answer.Text.Should().Be("Withheld.");
        answer.Citations.Should().BeEmpty();
    }

    [Fact]
    public async Task What_the_chat_client_throws_comes_through()
    {
        var failure = new InvalidOperationException("no model");
        var pipeline = new AnswerPipeline(new FakeChatClient { OnRespond = (_, _, _) => throw failure, OnStream = (_, _, _) => throw failure });

        (await pipeline.Awaiting(p => p.AnswerAsync("How long?", Chunks)).Should().ThrowAsync<InvalidOperationException>()).Which.Should().BeSameAs(failure);
        (await pipeline.Awaiting(p => p.AnswerStreamingAsync("How long?", Chunks).ToListAsync().AsTask()).Should().ThrowAsync<InvalidOperationException>()).Which.Should().BeSameAs(failure);
    }

    [Fact]
    public async Task A_huge_reply_is_read()
    {
        var answer = await Ask(string.Concat(Enumerable.Repeat("The warranty lasts two years [1]. Nonsense [77]. ", 4000)));

        answer.Text.Should().HaveLength(("The warranty lasts two years [1]. Nonsense. ".Length * 4000) - 1);
        answer.Citations.Should().ContainSingle().Which.AnswerRanges.Should().HaveCount(4000);
    }

    [Fact]
    public async Task The_request_is_grounded_and_the_callers_options_stay_as_they_are()
    {
        var client = new FakeChatClient("NO_EVIDENCE");
        var chat = new ChatOptions { ModelId = "m", Temperature = 0.5f };
        var pipeline = new AnswerPipeline(client, new AnswerOptions { MaxAnswerTokens = 77 });

        await pipeline.AnswerAsync("How long?", Chunks, new AskOptions { Chat = chat });
        client.Options!.Should().BeEquivalentTo(new { ModelId = "m", Temperature = 0.5f, MaxOutputTokens = 77 });
        chat.MaxOutputTokens.Should().BeNull();

        await pipeline.AnswerAsync("How long?", Chunks);
        client.Options!.Temperature.Should().Be(0);
        client.Messages[1].Text.Should().Contain("How long?").And.Contain(Chunks[0].Chunk.Text).And.Contain(Chunks[1].Chunk.Text);
    }

    [Fact]
    public async Task Mistakes_are_refused_by_name()
    {
        FluentActions.Invoking(() => new AnswerPipeline(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new AnswerPipeline(new FakeChatClient(), new AnswerOptions { MaxContextTokens = 1024, MaxAnswerTokens = 1024 }))
            .Should().Throw<ArgumentException>().WithMessage("*1024 tokens has no room for sources*MaxContextTokens*");
        FluentActions.Invoking(() => new AnswerOptions { MaxContextTokens = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new AnswerOptions { NoEvidenceText = " " }).Should().Throw<ArgumentException>();

        var pipeline = new AnswerPipeline(new FakeChatClient());
        await pipeline.Awaiting(p => p.AnswerAsync(" ", Chunks)).Should().ThrowAsync<ArgumentException>();
        await pipeline.Awaiting(p => p.AnswerAsync(new string('x', 1_000_000), Chunks)).Should().ThrowAsync<ArgumentException>().WithMessage("*tokens for sources*");
        pipeline.Invoking(p => p.AnswerStreamingAsync("", Chunks)).Should().Throw<ArgumentException>("at the call, not at the first piece");
    }

    [Fact]
    public async Task A_cancelled_question_is_not_asked()
    {
        var client = new FakeChatClient("x");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await FluentActions.Awaiting(() => new AnswerPipeline(client).AnswerAsync("How long?", Chunks, null, cancelled.Token)).Should().ThrowAsync<OperationCanceledException>();
        client.Calls.Should().Be(0);
    }

    internal static void CheckQuotes(Answer answer, IReadOnlyList<RetrievedChunk> chunks)
    {
        foreach (var citation in answer.Citations)
        {
            var chunk = chunks.Single(c => c.Chunk.Id == citation.ChunkId).Chunk;
            chunk.Text.Substring(citation.Range.Start - chunk.Range.Start, citation.Range.Length).Should().Be(citation.Quote);
            citation.Quote.Should().NotBeEmpty();
            answer.Text.Should().Contain($"[{citation.Number}]");
            foreach (var range in citation.AnswerRanges)
                range.Of(answer.Text).Should().NotBeEmpty();
        }
    }

    private static Task<Answer> Ask(string reply, AnswerOptions? options = null) =>
        new AnswerPipeline(new FakeChatClient(reply), options).AnswerAsync("How long is the warranty?", Chunks);
}
