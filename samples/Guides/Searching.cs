using GenAI.Core;

namespace Guides;

internal static class Searching
{
    public static async Task RunAsync()
    {
        using var knowledgeBase = new KnowledgeBase();
        await knowledgeBase.IngestAsync(new Document { Id = "terms", Text = "The contract ends after one year.", Metadata = new Dictionary<string, string> { ["team"] = "legal" } });

        // <snippet:search>
        var chunks = await knowledgeBase.SearchAsync("end of contract", top: 5, new SearchOptions
        {
            Mode = RetrievalMode.Hybrid,
            Filter = record => record.Tags.Contains("team=legal") && record.DocumentId != "draft",
        });

        foreach (var hit in chunks)
            Console.WriteLine($"{hit.Rank}. {hit.Chunk.DocumentId} {hit.Score:0.000} vector {hit.Vector?.Rank} keyword {hit.Keyword?.Rank}");
        // </snippet:search>
    }
}
