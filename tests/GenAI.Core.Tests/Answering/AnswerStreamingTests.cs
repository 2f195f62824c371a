using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CsCheck;
using GenAI.Core.Answering;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.Answering;

public partial class AnswerStreamingTests
{
    private static readonly IReadOnlyList<RetrievedChunk> Chunks = Sources.Of("The warranty lasts two years. It covers faults.", "Returns are free [for 30 days].", "Nothing else is known.");

    [Fact]
    public async Task Every_split_of_a_reply_streams_what_the_whole_reply_gives()
    {
        var word = Gen.Int[0, Words.Length - 1].Select(i => Words[i]);
        var reply = Gen.OneOf(word.Array[0, 14].Select(string.Concat), MarkerScannerTests.Reply);
        // Awaited, never blocked on: the test runner has as many threads as there are cores, and blocking them all is a deadlock.
        await Gen.Select(reply, Gen.Int[0, 120].Array[0, 8], Gen.Bool).HoldsAsync(4000, async (text, cuts, requireCitations) =>
        {
            var options = new AnswerOptions { RequireCitations = requireCitations };
            var whole = await new AnswerPipeline(new FakeChatClient(text), options).AnswerAsync("How long is the warranty?", Chunks);
            var updates = await StreamAsync(MarkerScannerTests.Split(text, cuts), options);

            string.Concat(updates.Select(update => update.Text)).Should().Be(whole.Text);
            var last = updates[^1].Answer!;
            last.Should().BeEquivalentTo(whole);
            updates.SkipLast(1).All(update => update.Answer == null && update.Text.Length > 0).Should().BeTrue();
            updates.SelectMany(update => update.Citations).Select(c => (c.Number, c.Range)).Should().BeEquivalentTo(whole.Citations.Select(c => (c.Number, c.Range)));
            AnswerPipelineTests.CheckQuotes(whole, Chunks);
            whole.Text.Should().NotMatchRegex(@"\bNO_EVIDENCE\b");
            if (!text.Contains('`', StringComparison.Ordinal))
                Marker().Matches(whole.Text).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).All(n => n is >= 1 and <= 3).Should().BeTrue();
        });
    }

    [Theory]
    [InlineData("(", " NO_", "EVIDENCE")]
    [InlineData("( [0]. [0].", "NO_EVID", "ENCE The warranty lasts two years")]
    [InlineData("- ", "no", "_evidence")]
    public async Task Signs_in_front_of_the_sentinel_are_not_released(params string[] pieces)
    {
        var updates = await StreamAsync(pieces, new AnswerOptions { RequireCitations = false, NoEvidenceText = "Nothing." });

        updates.Single().Text.Should().Be("Nothing.");
        updates.Single().Answer!.Status.Should().Be(AnswerStatus.NoEvidence);
    }

    [Fact]
    public async Task Nothing_is_released_before_the_first_citation()
    {
        var updates = await StreamAsync(["The warranty ", "lasts two", " years [", "1", "]. And", " more text"], new AnswerOptions());

        updates.Select(update => update.Text).Should().Equal("The warranty lasts two years [1]. And", " more text", "");
        updates[0].Citations.Single().Quote.Should().Be("The warranty lasts two years");
        updates[^1].Answer!.Text.Should().Be("The warranty lasts two years [1]. And more text");
    }

    [Fact]
    public async Task An_abstention_is_one_piece()
    {
        var updates = await StreamAsync(["NO_", "EVI", "DENCE"], new AnswerOptions { NoEvidenceText = "Nothing." });

        updates.Single().Text.Should().Be("Nothing.");
        updates.Single().Answer!.Status.Should().Be(AnswerStatus.NoEvidence);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_throws_and_never_gives_an_answer()
    {
        var client = new FakeChatClient { OnStream = (_, _, cancellationToken) => Breaking(cancellationToken) };
        var received = new List<AnswerUpdate>();

        var act = async () =>
        {
            await foreach (var update in new AnswerPipeline(client).AnswerStreamingAsync("How long?", Chunks))
                received.Add(update);
        };

        await act.Should().ThrowAsync<HttpRequestException>().WithMessage("connection lost");
        received.Should().ContainSingle().Which.Answer.Should().BeNull();

        static async IAsyncEnumerable<ChatResponseUpdate> Breaking([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, "The warranty lasts two years [1].");
            await Task.Delay(1, cancellationToken);
            throw new HttpRequestException("connection lost");
        }
    }

    [Fact]
    public async Task Cancellation_midway_stops_the_stream()
    {
        using var source = new CancellationTokenSource();
        var client = new FakeChatClient { OnStream = (_, _, cancellationToken) => FakeChatClient.Pieces(Enumerable.Repeat("Two years [1]. ", 1000), cancellationToken) };
        var count = 0;

        var act = async () =>
        {
            await foreach (var _ in new AnswerPipeline(client).AnswerStreamingAsync("How long?", Chunks).WithCancellation(source.Token))
            {
                if (++count == 3)
                    await source.CancelAsync();
            }
        };

        await act.Should().ThrowAsync<OperationCanceledException>();
        count.Should().Be(3);
    }

    [Fact]
    public async Task A_content_filter_midway_follows_what_was_released()
    {
        var client = new FakeChatClient { OnStream = (_, _, _) => Filtered() };

        var updates = await new AnswerPipeline(client, new AnswerOptions { BlockedText = "Withheld." }).AnswerStreamingAsync("How long?", Chunks).ToListAsync();

        var answer = updates[^1].Answer!;
        answer.Status.Should().Be(AnswerStatus.Blocked);
        answer.Text.Should().Be("Two years [1].\n\nWithheld.").And.Be(string.Concat(updates.Select(update => update.Text)));
        answer.Citations.Should().ContainSingle();

        static async IAsyncEnumerable<ChatResponseUpdate> Filtered()
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, "Two years [1].");
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, " And a secret [2].") { FinishReason = ChatFinishReason.ContentFilter };
        }
    }

    [Fact]
    public async Task Usage_in_the_stream_is_added_up()
    {
        var client = new FakeChatClient { OnStream = (_, _, _) => WithUsage() };

        var updates = await new AnswerPipeline(client).AnswerStreamingAsync("How long?", Chunks).ToListAsync();

        updates[^1].Answer!.Usage!.TotalTokenCount.Should().Be(12);

        static async IAsyncEnumerable<ChatResponseUpdate> WithUsage()
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { TotalTokenCount = 5 })]);
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("Two years [1]."), new UsageContent(new UsageDetails { TotalTokenCount = 7 })]);
        }
    }

    private static async Task<List<AnswerUpdate>> StreamAsync(string[] pieces, AnswerOptions options)
    {
        var client = new FakeChatClient { OnStream = (_, _, cancellationToken) => FakeChatClient.Pieces(pieces, cancellationToken) };
        return await new AnswerPipeline(client, options).AnswerStreamingAsync("How long is the warranty?", Chunks).ToListAsync();
    }

    private static readonly string[] Words =
    [
        "The warranty lasts two years", " [1]", "[2]", " [99]", "[1, 3]", " [0].", ". ", "It covers faults.", " NO_EVIDENCE", "NO_EVIDENCE ", "\n\n- ", "NO_", "EVIDENCE", " NO_EVIDENCES",
        "Returns are free", "\"Returns are free\"", "  ", "`a[7]`", "[Source 2]", "**bold** ", "!",
    ];

    [GeneratedRegex(@"\[(\d+)\]")]
    private static partial Regex Marker();
}
