using GenAI.Core.Answering;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.Answering;

public class AnswerChatExtensionsTests
{
    private static readonly IReadOnlyList<RetrievedChunk> Chunks = Sources.Retrieved(
        Chunk.Create(Sources.Document("a", "The warranty lasts two years.", "Warranty"), new TextRange(0, 29), 0));

    [Fact]
    public async Task A_response_carries_the_citations_as_annotations()
    {
        var answer = await new AnswerPipeline(new FakeChatClient("It is for two years [1].")).AnswerAsync("How long?", Chunks);

        var response = answer.ToChatResponse();

        response.Text.Should().Be(answer.Text);
        response.FinishReason.Should().Be(ChatFinishReason.Stop);
        var content = response.Messages.Single().Contents.Single();
        var annotation = content.Annotations!.Single().Should().BeOfType<CitationAnnotation>().Subject;
        annotation.Title.Should().Be("Warranty");
        annotation.Url.Should().Be(new Uri("https://example.org/a"));
        annotation.FileId.Should().Be("a");
        annotation.Snippet.Should().Be("The warranty lasts two years.");
        var region = annotation.AnnotatedRegions!.Single().Should().BeOfType<TextSpanAnnotatedRegion>().Subject;
        response.Text[region.StartIndex!.Value..region.EndIndex!.Value].Should().Be("It is for two years");
    }

    [Fact]
    public async Task Streamed_updates_make_the_same_response()
    {
        var pipeline = new AnswerPipeline(new ExtractiveChatClient());

        var whole = (await pipeline.AnswerAsync("How long is the warranty?", Chunks)).ToChatResponse();
        var streamed = await pipeline.AnswerStreamingAsync("How long is the warranty?", Chunks).ToChatResponseUpdatesAsync().ToChatResponseAsync();

        streamed.Text.Should().Be(whole.Text);
        streamed.FinishReason.Should().Be(whole.FinishReason);
        streamed.Usage!.TotalTokenCount.Should().Be(whole.Usage!.TotalTokenCount);
        streamed.Messages.Single().Contents.SelectMany(content => content.Annotations ?? []).OfType<CitationAnnotation>().Single().Snippet.Should().Be("The warranty lasts two years.");
    }

    [Fact]
    public async Task A_blocked_answer_says_so_in_the_finish_reason()
    {
        var answer = new Answer { Status = AnswerStatus.Blocked, Text = "Withheld." };

        answer.ToChatResponse().FinishReason.Should().Be(ChatFinishReason.ContentFilter);
        answer.ToChatResponse().Messages.Single().Contents.Single().Annotations.Should().BeNull();
        var updates = await new[] { new AnswerUpdate { Text = "", Answer = answer } }.ToAsyncEnumerable().ToChatResponseUpdatesAsync().ToListAsync();
        updates.Single().FinishReason.Should().Be(ChatFinishReason.ContentFilter);
    }
}
