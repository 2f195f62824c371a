using GenAI.Core;
using GenAI.Core.Retrieval;
using Microsoft.Extensions.DependencyInjection;

namespace Guides;

internal static class Reranking
{
    public static async Task RunAsync()
    {
        var reranker = new WordCount();

        // <snippet:retrieval-steps>
        var services = new ServiceCollection();
        services.AddGenAI(genAI => genAI
            .UseReranker(reranker)                                  // 50 chunks read with the query, the best 8 kept
            .UseScoreCut(new() { MinScore = 0.1f })                 // the list ends where scores fall off
            .UseNeighbors());                                       // and each chunk brings those beside it
        // </snippet:retrieval-steps>
        await using var provider = services.BuildServiceProvider();

        var knowledgeBase = provider.GetRequiredService<KnowledgeBase>();
        await knowledgeBase.IngestAsync(new Document { Id = "office", Text = "The office opens at seven. Bicycles are kept in the cellar." });
        foreach (var hit in await knowledgeBase.SearchAsync("bicycles"))
            Console.WriteLine($"{hit.Rank}. {hit.Score} before: {hit.Retrieved?.Rank}");
    }

    // <snippet:reranker>
    private sealed class WordCount : IReranker
    {
        public Task<IReadOnlyList<float>> ScoreAsync(string query, IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
        {
            var words = query.Split(' ');
            return Task.FromResult<IReadOnlyList<float>>([.. texts.Select(text => (float)words.Count(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)) / words.Length)]);
        }
    }
    // </snippet:reranker>
}
