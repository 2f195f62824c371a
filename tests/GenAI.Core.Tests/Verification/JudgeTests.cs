using GenAI.Core.Verification;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.Verification;

public class JudgeTests
{
    private const string Source = "Employees receive thirty days of holiday each year. The office is in Bern.";

    // Enough words for the same matter, too few for support.
    private const string Open = "Employees receive much time away from work and desks every single year [1].";

    [Theory]
    [InlineData(0.9, 0.05, ClaimVerdict.Supported)]
    [InlineData(0.05, 0.9, ClaimVerdict.Contradicted)]
    [InlineData(0.2, 0.2, ClaimVerdict.Unsupported)]
    public async Task A_judge_decides_what_the_other_checks_leave_open(double entailment, double contradiction, ClaimVerdict verdict)
    {
        var judge = new FakeJudge((_, _, _) => ValueTask.FromResult(new EntailmentJudgement(entailment, contradiction)));

        (await VerifyAsync(judge, Open)).Verdict.Should().Be(verdict);
        judge.Asked.Should().ContainSingle().Which.Hypothesis.Should().NotContain("[1]");
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(0, double.NaN)]
    [InlineData(-0.1, 0)]
    [InlineData(0.9, 0.9)]
    [InlineData(double.PositiveInfinity, 0)]
    public async Task A_judgement_that_is_no_probability_is_unscorable(double entailment, double contradiction)
    {
        var claim = await VerifyAsync(new FakeJudge((_, _, _) => ValueTask.FromResult(new EntailmentJudgement(entailment, contradiction))), Open);

        claim.Verdict.Should().Be(ClaimVerdict.Unscorable);
        claim.Score.Should().Be(0);
        claim.Failures[0].Check.Should().Be(ClaimCheck.Entailment);
    }

    [Fact]
    public async Task A_judge_that_throws_is_unscorable()
    {
        var claim = await VerifyAsync(new FakeJudge((_, _, _) => throw new InvalidOperationException("secret")), Open);

        claim.Verdict.Should().Be(ClaimVerdict.Unscorable);
        claim.Failures[0].Reason.Should().Be("The model failed: InvalidOperationException.");
    }

    [Fact]
    public async Task A_judge_that_does_not_look_at_its_token_is_not_waited_for()
    {
        var never = new TaskCompletionSource<EntailmentJudgement>();
        var options = new ClaimVerifierOptions { Judge = new FakeJudge((_, _, _) => new(never.Task)), JudgeTimeout = TimeSpan.FromMilliseconds(20) };

        var report = await new ClaimVerifier(options).VerifyAsync(Open, [new(Source)]);

        report.Claims.Single().Verdict.Should().Be(ClaimVerdict.Unscorable);
        report.Claims.Single().Failures[0].Reason.Should().StartWith("The model took longer than");
    }

    [Theory]
    [InlineData("Employees receive thirty days of holiday each year [1].", ClaimVerdict.Supported)]
    [InlineData("Employees receive forty days of holiday each year [1].", ClaimVerdict.Contradicted)]
    [InlineData("Employees receive thirty days of holiday each year [2].", ClaimVerdict.Unsupported)]
    public async Task A_judge_is_not_asked_about_what_is_decided(string text, ClaimVerdict verdict)
    {
        var judge = new FakeJudge((_, _, _) => throw new InvalidOperationException());

        (await VerifyAsync(judge, text)).Verdict.Should().Be(verdict);
        judge.Asked.Should().BeEmpty();
    }

    [Fact]
    public async Task Cancelling_is_not_a_failure_of_the_judge()
    {
        using var stop = new CancellationTokenSource();
        var judge = new FakeJudge(async (_, _, token) =>
        {
            await stop.CancelAsync();
            token.ThrowIfCancellationRequested();
            return default;
        });

        var verify = () => new ClaimVerifier(new ClaimVerifierOptions { Judge = judge }).VerifyAsync(Open, [new(Source)], stop.Token);

        await verify.Should().ThrowAsync<OperationCanceledException>();
    }

    [Theory]
    [InlineData("SUPPORTED", ClaimVerdict.Supported)]
    [InlineData(" supported.\n", ClaimVerdict.Supported)]
    [InlineData("**CONTRADICTED**", ClaimVerdict.Contradicted)]
    [InlineData("Neither", ClaimVerdict.Unsupported)]
    [InlineData("The claim is supported by the text.", ClaimVerdict.Unscorable)]
    [InlineData("", ClaimVerdict.Unscorable)]
    [InlineData("NaN", ClaimVerdict.Unscorable)]
    public async Task A_chat_client_judges_in_one_word(string reply, ClaimVerdict verdict)
    {
        var client = new FakeChatClient(reply);

        (await VerifyAsync(new ChatEntailmentJudge(client), Open)).Verdict.Should().Be(verdict);
        client.Options!.Temperature.Should().Be(0);
        client.Messages.Should().HaveCount(2);
    }

    [Fact]
    public void A_judge_cannot_be_asked_synchronously() =>
        ((Action)(() => new ClaimVerifier(new ClaimVerifierOptions { Judge = new FakeJudge((_, _, _) => default) }).Verify(Open, [new(Source)])))
            .Should().Throw<InvalidOperationException>().WithMessage("*VerifyAsync*");

    [Theory]
    [InlineData(1f, 0f, ClaimVerdict.Supported)]
    [InlineData(0f, 1f, ClaimVerdict.Unsupported)]
    [InlineData(float.NaN, 0f, ClaimVerdict.Unscorable)]
    public async Task Similar_meaning_stands_for_missing_words(float x, float y, ClaimVerdict verdict)
    {
        using var embedder = new FixedEmbeddings([1, 0], [x, y]);

        (await new ClaimVerifier(new ClaimVerifierOptions { EmbeddingGenerator = embedder }).VerifyAsync(Open, [new(Source)])).Claims.Single().Verdict.Should().Be(verdict);
    }

    private static async Task<Claim> VerifyAsync(IEntailmentJudge judge, string text) =>
        (await new ClaimVerifier(new ClaimVerifierOptions { Judge = judge }).VerifyAsync(text, [new(Source)])).Claims.Single();

    private sealed class FakeJudge(Func<string, string, CancellationToken, ValueTask<EntailmentJudgement>> judge) : IEntailmentJudge
    {
        public List<(string Premise, string Hypothesis)> Asked { get; } = [];

        public ValueTask<EntailmentJudgement> JudgeAsync(string premise, string hypothesis, CancellationToken cancellationToken = default)
        {
            Asked.Add((premise, hypothesis));
            return judge(premise, hypothesis, cancellationToken);
        }
    }

    private sealed class FixedEmbeddings(params float[][] vectors) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(vectors.Select(vector => new Embedding<float>(vector))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
