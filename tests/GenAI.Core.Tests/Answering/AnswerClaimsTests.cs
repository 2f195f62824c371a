using CsCheck;
using GenAI.Core.Answering;
using GenAI.Core.Verification;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.Answering;

public class AnswerClaimsTests
{
    private const string True = "The warranty lasts two years [1].";
    private const string Wrong = "The warranty lasts five years [1].";
    private const string Foreign = "Penguins swim fast in cold water [2].";

    private static readonly IReadOnlyList<RetrievedChunk> Chunks = Sources.Of("The warranty lasts two years. It covers faults of the motor.", "Returns are free for 30 days.");

    [Fact]
    public async Task By_default_verdicts_are_told_and_the_text_stays()
    {
        var reply = $"{True} {Wrong} Is that all? {Foreign} It covers faults.";
        var answer = await AnswerAsync(reply, new ClaimPolicy());

        answer.Text.Should().Be((await AnswerAsync(reply, policy: null)).Text);
        answer.Claims.Select(claim => claim.Verdict).Should().Equal(ClaimVerdict.Supported, ClaimVerdict.Contradicted, ClaimVerdict.NotCheckable, ClaimVerdict.Unsupported, ClaimVerdict.Unsupported);
        answer.Claims.Should().OnlyContain(claim => claim.Range.Of(answer.Text) == claim.Text && claim.Action == ClaimAction.Keep);
        answer.Claims[0].Evidence!.DocumentId.Should().Be("doc1");
        answer.Claims[1].Failures[0].Reason.Should().Be("The claim says 'five years' where the source says 'two years'.");
        new AnswerOptions().Claims.Should().NotBeNull();
    }

    [Fact]
    public async Task A_quote_of_the_extractive_client_is_supported()
    {
        var answer = await new AnswerPipeline(new ExtractiveChatClient()).AnswerAsync("How long does the warranty last?", Chunks);

        answer.Status.Should().Be(AnswerStatus.Answered);
        answer.Claims.Should().NotBeEmpty().And.OnlyContain(claim => claim.Verdict == ClaimVerdict.Supported);
    }

    [Fact]
    public async Task Marking_puts_the_mark_behind_the_claim()
    {
        var answer = await AnswerAsync($"{True} {Wrong} {True}", new ClaimPolicy { Contradicted = ClaimAction.Mark, MarkText = " (!)" });

        answer.Text.Should().Be($"{True} {Wrong} (!) {True}");
        answer.Claims.Select(claim => claim.Range.Of(answer.Text)).Should().Equal(True, Wrong, True);
        answer.Claims.Select(claim => claim.Action).Should().Equal(ClaimAction.Keep, ClaimAction.Mark, ClaimAction.Keep);
    }

    [Theory]
    [InlineData($"{True} {Wrong} {True}", $"{True} {True}")]
    [InlineData($"{Wrong} {True}", True)]
    [InlineData($"{True} {Wrong}", True)]
    [InlineData($"{True}\n\n{Wrong}\n\n{True}", $"{True}\n\n{True}")]
    [InlineData($"- {True}\n- {Wrong}\n- {True}", $"- {True}\n- {True}")]
    [InlineData($"- {Wrong} {True}\n- {True}", $"- {True}\n- {True}")]
    [InlineData($"# One\n\n{Wrong}\n\n# Two\n\n{True}", $"# Two\n\n{True}")]
    [InlineData($"{True}\n\n# Two\n\n{Wrong}", True)]
    [InlineData($"{True} {Foreign}", True)]
    public async Task Dropping_leaves_no_hole(string reply, string text)
    {
        var answer = await AnswerAsync(reply, ClaimPolicy.Strict());

        answer.Text.Should().Be(text);
        answer.Claims.Where(claim => claim.Action == ClaimAction.Drop).Should().NotBeEmpty().And.OnlyContain(claim => claim.Range.Length == 0 && claim.Text.Length > 0);
        answer.Claims.Where(claim => claim.Action == ClaimAction.Keep).Should().OnlyContain(claim => claim.Range.Of(answer.Text) == claim.Text);
        answer.Citations.Select(citation => citation.Number).Distinct().Should().Equal(1);
        answer.Citations.SelectMany(citation => citation.AnswerRanges).Should().OnlyContain(range => range.Of(answer.Text).StartsWith("The warranty lasts two years", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_of_which_nothing_is_left_is_no_evidence()
    {
        var answer = await AnswerAsync($"# Warranty\n\n{Wrong}", ClaimPolicy.Strict());

        answer.Status.Should().Be(AnswerStatus.NoEvidence);
        answer.Citations.Should().BeEmpty();
        answer.Claims.Select(claim => claim.Verdict).Should().Equal(ClaimVerdict.NotCheckable, ClaimVerdict.Contradicted);
    }

    [Fact]
    public async Task Abstaining_withholds_all_of_it()
    {
        var updates = await StreamAsync([$"{True} ", Wrong], new ClaimPolicy { Contradicted = ClaimAction.Abstain });

        updates.Single().Answer!.Status.Should().Be(AnswerStatus.NoEvidence);
        updates.Single().Text.Should().Be(new AnswerOptions().NoEvidenceText);
        updates.Single().Answer!.Claims.Should().OnlyContain(claim => claim.Action == ClaimAction.Abstain);
    }

    [Fact]
    public async Task Asking_again_lists_what_failed_and_takes_the_better_answer()
    {
        var client = Client(Wrong, True);
        var answer = await Pipeline(client, new ClaimPolicy { Contradicted = ClaimAction.AskAgain }).AnswerAsync("How long?", Chunks);

        answer.Text.Should().Be(True);
        client.Calls.Should().Be(2);
        client.Messages.Should().HaveCount(3);
        client.Messages[^1].Text.Should().Contain(Wrong).And.Contain("The claim says 'five years' where the source says 'two years'.");
        answer.Usage!.OutputTokenCount.Should().Be(10, "both calls were paid");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Asking_again_is_bounded_and_then_drops(int retries)
    {
        var client = Client($"{True} {Wrong}");
        var policy = new ClaimPolicy { Contradicted = ClaimAction.AskAgain, MaxRetries = retries };
        var answer = await Pipeline(client, policy).AnswerAsync("How long?", Chunks);

        client.Calls.Should().Be(1 + retries);
        answer.Text.Should().Be(True);

        var updates = await StreamAsync([$"{True} ", Wrong], policy);
        updates.Single().Text.Should().Be(True);
    }

    [Fact]
    public async Task A_sentence_is_released_when_its_verdict_is_in_and_no_earlier()
    {
        var updates = await StreamAsync(["The warranty lasts ", "two years [1]", ". The warranty", " lasts five years [1]. ", "It covers faults of the motor [1]", "."], ClaimPolicy.Strict());

        updates.Select(update => update.Text).Where(text => text.Length > 0).Should().Equal(True, " It covers faults of the motor [1].");
        updates.SelectMany(update => update.Claims).Select(claim => claim.Action).Should().Equal(ClaimAction.Keep, ClaimAction.Drop, ClaimAction.Keep);
        updates[0].Citations.Single().Number.Should().Be(1);
    }

    [Fact]
    public async Task Every_split_under_every_policy_streams_what_the_whole_reply_gives()
    {
        var piece = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]);
        ClaimPolicy?[] policies =
        [
            null, new(), ClaimPolicy.Strict(), new() { Partly = ClaimAction.Drop, Unsupported = ClaimAction.Mark, Contradicted = ClaimAction.Mark },
            new() { Contradicted = ClaimAction.AskAgain, Unsupported = ClaimAction.Drop }, new() { Contradicted = ClaimAction.Abstain, Unsupported = ClaimAction.Drop },
        ];
        await Gen.Select(piece.Array[0, 10].Select(string.Concat), Gen.Int[0, 160].Array[0, 8], Gen.Int[0, policies.Length - 1]).HoldsAsync(400, async (reply, cuts, chosen) =>
        {
            var policy = policies[chosen];
            var whole = await AnswerAsync(reply, policy);
            var updates = await StreamAsync(MarkerScannerTests.Split(reply, cuts), policy);

            string.Concat(updates.Select(update => update.Text)).Should().Be(whole.Text);
            updates[^1].Answer.Should().BeEquivalentTo(whole, options => options.Excluding(answer => answer.Usage));
            updates.SkipLast(1).All(update => update.Answer is null).Should().BeTrue();
            whole.Claims.Where(claim => claim.Range.Length > 0).All(claim => claim.Range.Of(whole.Text) == claim.Text && claim.Action is ClaimAction.Keep or ClaimAction.Mark).Should().BeTrue();
            AnswerPipelineTests.CheckQuotes(whole, Chunks);
        });
    }

    [Fact]
    public async Task A_content_filter_ends_what_was_verified()
    {
        var client = new FakeChatClient
        {
            OnStream = (_, _, cancellationToken) => Filtered([$"{True} The rest is", " cut"], cancellationToken),
        };
        var updates = new List<AnswerUpdate>();
        await foreach (var update in Pipeline(client, ClaimPolicy.Strict()).AnswerStreamingAsync("How long?", Chunks))
            updates.Add(update);

        string.Concat(updates.Select(update => update.Text)).Should().Be($"{True}\n\n{new AnswerOptions().BlockedText}");
        updates[^1].Answer.Should().BeEquivalentTo(new { Status = AnswerStatus.Blocked, Text = $"{True}\n\n{new AnswerOptions().BlockedText}" });
        updates[^1].Answer!.Citations.Should().ContainSingle();
    }

    [Fact]
    public async Task A_failing_judge_is_never_support()
    {
        var policy = new ClaimPolicy { Verifier = new ClaimVerifierOptions { Judge = new ChatEntailmentJudge(new FakeChatClient("certainly!")) } };
        var answer = await AnswerAsync("The motor warranty is a thing of two years of joy [1].", policy);

        answer.Claims.Single().Verdict.Should().Be(ClaimVerdict.Unscorable);
    }

    [Fact]
    public async Task Annotations_carry_the_verdict()
    {
        var answer = await AnswerAsync($"{True} {Wrong}", new ClaimPolicy());
        var annotations = answer.ToChatResponse().Messages[0].Contents.SelectMany(content => content.Annotations!).OfType<CitationAnnotation>().ToArray();

        annotations.Select(annotation => annotation.AdditionalProperties![AnswerChatExtensions.VerdictProperty]).Should().Contain("Contradicted");
        annotations.Should().OnlyContain(annotation => annotation.AdditionalProperties![AnswerChatExtensions.ScoreProperty] is double);
    }

    [Fact]
    public async Task A_question_can_have_a_policy_of_its_own()
    {
        var pipeline = Pipeline(new FakeChatClient($"{True} {Wrong}"), new ClaimPolicy());

        (await pipeline.AnswerAsync("How long?", Chunks, new AskOptions { Claims = ClaimPolicy.Strict() })).Text.Should().Be(True);
        (await pipeline.AnswerAsync("How long?", Chunks)).Text.Should().Be($"{True} {Wrong}");
    }

    [Fact]
    public void Mistakes_are_refused_when_the_pipeline_is_made()
    {
        var make = () => Pipeline(new FakeChatClient(), new ClaimPolicy { Verifier = new ClaimVerifierOptions { MinPartialSupport = 0.9 } });

        make.Should().Throw<ArgumentException>().WithMessage("*MinPartialSupport is 0.9*");
        new KnowledgeBaseOptions { Answering = new AnswerOptions { Claims = new ClaimPolicy { Verifier = new ClaimVerifierOptions { MinPartialSupport = 0.9 } } } }.Problems().Should().ContainSingle();
        ((Action)(() => new ClaimPolicy().Partly = (ClaimAction)9)).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => new ClaimPolicy().MaxRetries = 0)).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => new ClaimPolicy().MarkText = " ")).Should().Throw<ArgumentException>();
    }

    private static readonly string[] Pieces =
    [
        True, Wrong, Foreign, " ", " ", "\n", "\n\n", "- ", "# Warranty\n", "Is that all? ", "It covers faults [1]. ", "It covers faults. ", "As follows:\n", "```\ncode\n```\n", "[9]", "[1]", "\u05D0\u05D1. ", "NO_EVIDENCE", "\"free for 30 days\" [2]. ",
    ];

    private static AnswerPipeline Pipeline(IChatClient client, ClaimPolicy? policy) => new(client, new AnswerOptions { Claims = policy });

    private static Task<Answer> AnswerAsync(string reply, ClaimPolicy? policy) => Pipeline(new FakeChatClient(reply), policy).AnswerAsync("How long?", Chunks);

    private static async Task<List<AnswerUpdate>> StreamAsync(IEnumerable<string> pieces, ClaimPolicy? policy)
    {
        var client = new FakeChatClient { OnStream = (_, _, cancellationToken) => FakeChatClient.Pieces(pieces, cancellationToken) };
        var updates = new List<AnswerUpdate>();
        await foreach (var update in Pipeline(client, policy).AnswerStreamingAsync("How long?", Chunks))
            updates.Add(update);
        return updates;
    }

    /// <summary>A client that gives these replies, the last one for every further call.</summary>
    private static FakeChatClient Client(params string[] replies)
    {
        var calls = 0;
        return new FakeChatClient
        {
            OnRespond = (_, _, _) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, replies[Math.Min(calls++, replies.Length - 1)])) { Usage = new UsageDetails { OutputTokenCount = 5 } }),
        };
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Filtered(IEnumerable<string> pieces, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var update in FakeChatClient.Pieces(pieces, cancellationToken))
            yield return update;
        yield return new ChatResponseUpdate(ChatRole.Assistant, []) { FinishReason = ChatFinishReason.ContentFilter };
    }
}
