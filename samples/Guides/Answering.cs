using GenAI.Core;
using GenAI.Core.Answering;
using Microsoft.Extensions.AI;

namespace Guides;

internal static class Answering
{
    public static async Task RunAsync()
    {
        using var knowledgeBase = new KnowledgeBase();
        await knowledgeBase.IngestAsync(new Document { Id = "office", Text = "The office opens at seven. Bicycles are kept in the cellar." });

        // <snippet:ask>
        Answer answer = await knowledgeBase.AskAsync("Where are bicycles kept?");

        if (answer.Status == AnswerStatus.Answered)
        {
            foreach (var citation in answer.Citations)
                Console.WriteLine($"[{citation.Number}] {citation.DocumentId}, characters {citation.Range}: {citation.Quote}");
        }
        // </snippet:ask>

        // <snippet:ask-streaming>
        await foreach (var update in knowledgeBase.AskStreamingAsync("When does the office open?"))
        {
            Console.Write(update.Text);
            if (update.Answer is { } whole)
                Console.WriteLine($" ({whole.Citations.Count} citations)");
        }
        // </snippet:ask-streaming>

        // <snippet:annotations>
        ChatResponse response = answer.ToChatResponse();
        foreach (var annotation in response.Messages[0].Contents.SelectMany(content => content.Annotations ?? []).OfType<CitationAnnotation>())
            Console.WriteLine($"{annotation.FileId}: {annotation.Snippet}");
        // </snippet:annotations>
    }

    // <snippet:answer-pipeline>
    public static async Task<string> AnswerWithAsync(IChatClient chatClient, KnowledgeBase knowledgeBase, string question)
    {
        var pipeline = new AnswerPipeline(chatClient, new AnswerOptions { MaxContextTokens = 16_384, MaxAnswerTokens = 800 });
        var chunks = await knowledgeBase.SearchAsync(question, top: 12);
        var answer = await pipeline.AnswerAsync(question, chunks);
        return answer.Text;
    }
    // </snippet:answer-pipeline>
}
