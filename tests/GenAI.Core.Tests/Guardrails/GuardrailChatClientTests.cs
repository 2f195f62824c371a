using System.Text.Json;
using CsCheck;
using GenAI.Core.Guardrails;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.Guardrails;

public class GuardrailChatClientTests
{
    private static readonly RuleGuardrail Secrets = new("secrets",
    [
        TextRule.Regex("key", @"\bsk-\w{8,16}\b"),
        TextRule.Terms("project", ["blue heron"]),
        TextRule.Terms("bomb", ["self-destruct"], RuleAction.Block),
    ]);

    [Theory]
    [InlineData("The key is sk-12345678abc, of course.", "The key is [key], of course.")]
    [InlineData("About Blue Heron and sk-short.", "About [project] and sk-short.")]
    [InlineData("Nothing here. Smile \uD83D\uDE00!", "Nothing here. Smile \uD83D\uDE00!")]
    [InlineData("sk-12345678", "[key]")]
    public async Task A_reply_is_the_same_whether_it_streams_in_pieces_or_not(string reply, string expected)
    {
        using var client = Guarded(new FakeChatClient(reply));
        (await client.GetResponseAsync("hi")).Text.Should().Be(expected);

        foreach (var size in Enumerable.Range(1, 7))
        {
            using var streaming = Guarded(Streaming(reply.Chunk(size).Select(piece => new string(piece))));
            (await streaming.GetStreamingResponseAsync("hi").ToChatResponseAsync()).Text.Should().Be(expected);
        }
    }

    [Fact]
    public async Task No_prefix_of_a_stream_ever_holds_a_part_of_what_is_removed()
    {
        var texts = new[] { "tell ", "sk-12345678", "blue heron", "blue ", "sk-", "x", ". ", "SELF-destruct", "self-" };
        var pieces = Gen.Select(Gen.Int[0, texts.Length - 1].Array[1, 8], Gen.ULong);
        var cases = new List<(string Text, ulong Places)>();
        pieces.Holds(400, (parts, places) => cases.Add((string.Concat(parts.Select(part => texts[part])), places)));
        var rules = new RuleSet(Secrets.Rules);
        foreach (var (text, places) in cases)
        {
            var isBlocked = (await Secrets.CheckAsync(new GuardrailText(text, GuardrailStages.Output))).Outcome == GuardrailOutcome.Block;
            var expected = string.Concat(RulePieces.Filter(rules, [text]));
            using var client = Guarded(Streaming(RulePieces.Cut(text, places)));
            var released = "";
            ChatFinishReason? finish = null;

            await foreach (var update in client.GetStreamingResponseAsync("hi"))
            {
                finish = update.FinishReason ?? finish;
                released += finish == ChatFinishReason.ContentFilter ? "" : update.Text;
                expected.Should().StartWith(released);
            }

            released.Should().Be(expected);
            (finish == ChatFinishReason.ContentFilter).Should().Be(isBlocked);
        }
    }

    [Fact]
    public async Task A_request_that_is_blocked_never_reaches_the_model()
    {
        var inner = new FakeChatClient("sure");
        using var client = Guarded(inner);

        var response = await client.GetResponseAsync([new(ChatRole.System, "self-destruct is fine in our own words"), new(ChatRole.User, "How do I SELF-DESTRUCT it?")]);
        var streamed = await client.GetStreamingResponseAsync("self-destruct!").ToChatResponseAsync();

        inner.Calls.Should().Be(0);
        foreach (var blocked in new[] { response, streamed })
        {
            blocked.FinishReason.Should().Be(ChatFinishReason.ContentFilter);
            blocked.Text.Should().Be(new GuardrailOptions().BlockedText);
        }
    }

    [Fact]
    public async Task What_is_removed_from_a_request_is_not_sent_and_the_callers_messages_stay_as_they_are()
    {
        var inner = new FakeChatClient("ok");
        using var client = Guarded(inner);
        var result = JsonSerializer.SerializeToElement(new { note = "key sk-12345678", rows = new object[] { "blue heron", 7 } });
        ChatMessage[] messages =
        [
            new(ChatRole.User, [new TextContent("my key is sk-1234"), new TextContent("5678 ok?")]),
            new(ChatRole.Assistant, [new FunctionCallContent("1", "look")]),
            new(ChatRole.Tool, [new FunctionResultContent("1", result)]),
        ];

        await client.GetResponseAsync(messages);

        inner.Messages[0].Text.Should().Be("my key is [key] ok?");
        inner.Messages[2].Contents.OfType<FunctionResultContent>().Single().Result!.ToString().Should().Be("""{"note":"key [key]","rows":["[project]",7]}""");
        messages[0].Text.Should().Be("my key is sk-12345678 ok?");
        messages[2].Contents.OfType<FunctionResultContent>().Single().Result.Should().Be(result);
    }

    [Fact]
    public async Task Reasoning_refusals_and_tool_calls_are_guarded_too()
    {
        ChatResponseUpdate[] updates =
        [
            new(ChatRole.Assistant, [new TextReasoningContent("maybe sk-12"), new TextContent("It is blue")]),
            new(ChatRole.Assistant, [new FunctionCallContent("1", "save", new Dictionary<string, object?> { ["text"] = "sk-12345678", ["count"] = 2 })]),
            new(ChatRole.Assistant, [new TextReasoningContent("345678 then"), new UsageContent(new UsageDetails()), new TextContent(" heron."), new ErrorContent("no blue heron")]),
            new(ChatRole.Assistant, []) { FinishReason = ChatFinishReason.ToolCalls },
        ];
        using var streaming = Guarded(new FakeChatClient { OnStream = (_, _, _) => updates.ToAsyncEnumerable() });
        using var whole = Guarded(new FakeChatClient { OnRespond = (_, _, _) => Task.FromResult(updates.ToChatResponse()) });

        foreach (var response in new[] { await streaming.GetStreamingResponseAsync("hi").ToChatResponseAsync(), await whole.GetResponseAsync("hi") })
        {
            var contents = response.Messages.SelectMany(message => message.Contents).ToList();
            contents.OfType<FunctionCallContent>().Single().Arguments.Should().Equal(new Dictionary<string, object?> { ["text"] = "[key]", ["count"] = 2 });
            contents.OfType<ErrorContent>().Single().Message.Should().Be("no [project]");
            response.FinishReason.Should().Be(ChatFinishReason.ToolCalls);
        }

        // Streamed, a match is found on both sides of other contents.
        var streamed = await streaming.GetStreamingResponseAsync("hi").ToListAsync();
        string.Concat(streamed.SelectMany(update => update.Contents).OfType<TextReasoningContent>().Select(content => content.Text)).Should().Be("maybe [key] then");
        string.Concat(streamed.Select(update => update.Text)).Should().Be("It is [project].");
    }

    [Fact]
    public async Task Raw_representations_do_not_carry_what_was_removed()
    {
        var inner = new FakeChatClient
        {
            OnRespond = (_, _, _) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "sk-12345678") { RawRepresentation = "sk-12345678" }) { RawRepresentation = "sk-12345678" }),
            OnStream = (_, _, _) => new[] { new ChatResponseUpdate(ChatRole.Assistant, "sk-12345678") { RawRepresentation = "sk-12345678" } }.ToAsyncEnumerable(),
        };
        using var client = Guarded(inner);

        var response = await client.GetResponseAsync("hi");
        var updates = await client.GetStreamingResponseAsync("hi").ToListAsync();

        response.RawRepresentation.Should().BeNull();
        response.Messages.Single().RawRepresentation.Should().BeNull();
        updates.Should().OnlyContain(update => update.RawRepresentation == null);
    }

    [Fact]
    public async Task Where_nothing_fires_no_more_than_the_longest_match_is_held_back()
    {
        var reply = string.Concat(Enumerable.Repeat("The blue sky is sk- and self- and heron. ", 50));
        var (sent, received) = (0, 0);
        using var client = Guarded(Streaming(reply.Select(c =>
        {
            sent++;
            return c.ToString();
        })));

        await foreach (var update in client.GetStreamingResponseAsync("hi"))
        {
            received += update.Text.Length;
            (sent - received).Should().BeLessThanOrEqualTo(Secrets.MaxHeldCharacters);
        }

        received.Should().Be(reply.Length);
    }

    [Fact]
    public async Task Other_guardrails_are_asked_about_each_sentence_and_a_sentence_waits_for_them()
    {
        var guardrail = FakeGuardrail.Of(text => text.Text.Contains("bad", StringComparison.Ordinal) ? GuardrailVerdict.Block("It is bad.") : GuardrailVerdict.Allow, GuardrailStages.Output);
        using var client = new GuardrailChatClient(Streaming(["One sen", "tence. And an", "other. This is bad.", " Never said."]), [guardrail, Secrets]);

        var updates = await client.GetStreamingResponseAsync("hi").ToListAsync();

        string.Concat(updates.SkipLast(1).Select(update => update.Text)).Should().Be("One sentence. And another. ");
        updates[^1].FinishReason.Should().Be(ChatFinishReason.ContentFilter);
        guardrail.Asked.Select(asked => asked.Text).Should().Equal("One sentence. ", "And another. ", "This is bad. ");
    }

    [Theory]
    [InlineData(GuardrailFailure.Block, "throws")]
    [InlineData(GuardrailFailure.Allow, "throws")]
    [InlineData(GuardrailFailure.Block, "hangs")]
    [InlineData(GuardrailFailure.Allow, "hangs")]
    [InlineData(GuardrailFailure.Block, "nonsense")]
    public async Task A_guardrail_that_fails_blocks_or_allows_as_configured_and_is_reported(GuardrailFailure onFailure, string how)
    {
        var decisions = new List<GuardrailDecision>();
        var guardrail = new FakeGuardrail(async (text, _) => how switch
        {
            "throws" => throw new InvalidOperationException("broken"),
            "hangs" => await new TaskCompletionSource<GuardrailVerdict>().Task,
            _ => GuardrailVerdict.Replace([new GuardrailFinding(new TextRange(0, text.Text.Length + 1), "r", "")]),
        }, GuardrailStages.Output);
        // Only what never ends may meet the limit.
        var limit = how == "hangs" ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromMinutes(2);
        using var client = new GuardrailChatClient(new FakeChatClient("reply"), [guardrail], new GuardrailOptions { OnFailure = onFailure, Timeout = limit, OnDecision = decisions.Add });

        var response = await client.GetResponseAsync("hi");

        (response.FinishReason == ChatFinishReason.ContentFilter).Should().Be(onFailure == GuardrailFailure.Block);
        var decision = decisions.Should().ContainSingle().Which;
        decision.Error.Should().BeOfType(how == "hangs" ? typeof(TimeoutException) : typeof(InvalidOperationException));
        decision.ToString().Should().NotContain("reply");
    }

    [Fact]
    public async Task A_callers_cancellation_is_no_failure_of_a_guardrail()
    {
        using var cancellation = new CancellationTokenSource();
        var guardrail = new FakeGuardrail(async (_, cancellationToken) =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return GuardrailVerdict.Allow;
        });
        var decisions = new List<GuardrailDecision>();
        using var client = new GuardrailChatClient(new FakeChatClient("reply"), [guardrail], new GuardrailOptions { OnFailure = GuardrailFailure.Allow, OnDecision = decisions.Add });

        var asking = () => client.GetResponseAsync("hi", cancellationToken: cancellation.Token);

        await asking.Should().ThrowAsync<OperationCanceledException>();
        decisions.Should().BeEmpty();
    }

    [Fact]
    public async Task Decisions_tell_what_was_found_and_where_in_the_stream()
    {
        var decisions = new List<GuardrailDecision>();
        using var client = Streaming(["one sk-1234", "5678 two ", "sk-abcdefgh"]).AsBuilder().UseGuardrails([Secrets], new GuardrailOptions { OnDecision = decisions.Add }).Build();

        await client.GetStreamingResponseAsync("hi").ToListAsync();

        decisions.SelectMany(decision => decision.Findings).Should().Equal(
            new GuardrailFinding(new TextRange(4, 11), "key", "[key]"), new GuardrailFinding(new TextRange(20, 11), "key", "[key]"));
        decisions.Should().OnlyContain(decision => decision.Guardrail == "secrets" && decision.Stage == GuardrailStages.Output && decision.Outcome == GuardrailOutcome.Replace);
    }

    private static GuardrailChatClient Guarded(IChatClient inner) => new(inner, [Secrets]);

    private static FakeChatClient Streaming(IEnumerable<string> pieces) => new() { OnStream = (_, _, cancellationToken) => FakeChatClient.Pieces(pieces, cancellationToken) };
}
