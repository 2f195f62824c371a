using GenAI.Core.Guardrails;
using GenAI.Core.Policies;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.Policies;

public class PrinciplesTests
{
    private static readonly Principle[] Principles = [new("polite", "The reply is polite."), new("no advice", "The reply gives no medical advice.")];

    [Fact]
    public async Task A_reply_that_keeps_to_all_is_left()
    {
        var report = await Reviewer("1: KEPT: fine\n2: KEPT: fine").ReviewAsync("Good day.");

        report.IsKept.Should().BeTrue();
        (report.Text, report.Revisions).Should().Be(("Good day.", 0));
    }

    [Fact]
    public async Task A_reply_is_revised_until_it_keeps_to_all()
    {
        var report = await Reviewer("1: VIOLATED: rude\n2: KEPT: fine", "Good day, please.", "1: KEPT: fine\n2: KEPT: fine").ReviewAsync("Go away.");

        report.First.Select(finding => finding.Verdict).Should().Equal(PrincipleVerdict.Violated, PrincipleVerdict.Kept);
        (report.Text, report.Revisions, report.IsKept).Should().Be(("Good day, please.", 1, true));
    }

    [Fact]
    public async Task Revisions_are_bounded_and_then_the_reply_is_blocked()
    {
        var judge = Judge("1: VIOLATED: rude\n2: KEPT: fine");

        var verdict = await new PrinciplesGuardrail(judge, Principles).CheckAsync(new GuardrailText("Go away.", GuardrailStages.Output));

        verdict.Outcome.Should().Be(GuardrailOutcome.Block);
        verdict.Findings.Select(finding => finding.Rule).Should().Equal("polite");
        judge.Calls.Should().Be(5, "it judges three times and revises twice");
    }

    [Theory]
    [InlineData("I think it is fine.")]
    [InlineData("1: MAYBE: hm\n2: NaN")]
    [InlineData("1: KEPT\n1: VIOLATED\n7: KEPT\n0: KEPT")]
    [InlineData("")]
    public async Task Nonsense_is_no_verdict(string said)
    {
        var report = await Reviewer(said).ReviewAsync("Good day.");

        report.Last.Should().OnlyContain(finding => finding.Verdict == PrincipleVerdict.Unscorable);
        report.IsKept.Should().BeFalse();
        report.Revisions.Should().Be(0);
    }

    [Theory]
    [InlineData(GuardrailFailure.Block, GuardrailOutcome.Block)]
    [InlineData(GuardrailFailure.Allow, GuardrailOutcome.Allow)]
    public async Task A_judge_that_takes_too_long_or_fails_leaves_them_unscorable(GuardrailFailure onUnscorable, GuardrailOutcome outcome)
    {
        PrinciplesReport? slow = null, broken = null;
        var judge = new FakeChatClient { OnRespond = async (_, _, token) => { await Task.Delay(Timeout.Infinite, token); return new ChatResponse(); } };
        var options = new PrinciplesOptions { Timeout = TimeSpan.FromMilliseconds(20), OnUnscorable = onUnscorable, OnReviewed = report => slow = report };
        var failing = new FakeChatClient { OnRespond = (_, _, _) => throw new HttpRequestException("no") };

        var verdict = await new PrinciplesGuardrail(judge, Principles, options).CheckAsync(new GuardrailText("Good day.", GuardrailStages.Output));
        await new PrinciplesGuardrail(failing, Principles, new PrinciplesOptions { OnReviewed = report => broken = report }).CheckAsync(new GuardrailText("Good day.", GuardrailStages.Output));

        verdict.Outcome.Should().Be(outcome);
        slow!.Last.Concat(broken!.Last).Should().OnlyContain(finding => finding.Verdict == PrincipleVerdict.Unscorable).And.HaveCount(4);
    }

    [Fact]
    public async Task Cancellation_is_not_a_verdict()
    {
        using var cancelled = new CancellationTokenSource();
        var judge = new FakeChatClient { OnRespond = async (_, _, token) => { await cancelled.CancelAsync(); token.ThrowIfCancellationRequested(); return new ChatResponse(); } };

        var reviewing = () => new PrinciplesReviewer(judge, Principles).ReviewAsync("Good day.", cancelled.Token);

        await reviewing.Should().ThrowAsync<OperationCanceledException>();
    }

    private static PrinciplesReviewer Reviewer(params string[] replies) => new(Judge(replies), Principles);

    // The last is repeated.
    private static FakeChatClient Judge(params string[] replies)
    {
        var at = 0;
        return new FakeChatClient { OnRespond = (_, _, _) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, replies[Math.Min(at++, replies.Length - 1)]))) };
    }
}
