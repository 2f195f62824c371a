using GenAI.Core;

namespace Guides;

internal static class QuickStart
{
    public static async Task RunAsync()
    {
        // <snippet:quick-start>
        using var knowledgeBase = new KnowledgeBase();
        await knowledgeBase.IngestAsync(
        [
            new Document { Id = "travel", Text = "A first-class ticket is paid for journeys of more than four hours." },
            new Document { Id = "office", Text = "The office opens at seven. Bicycles are kept in the cellar." },
        ]);

        var answer = await knowledgeBase.AskAsync("Where are bicycles kept?");

        Console.WriteLine(answer.Text);
        foreach (var citation in answer.Citations)
            Console.WriteLine($"[{citation.Number}] {citation.DocumentId} {citation.Range}: {citation.Quote}");
        // </snippet:quick-start>
    }
}
