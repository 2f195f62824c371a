using GenAI.Core;
using GenAI.Core.Chunking;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guides;

internal static class Hosting
{
    public static async Task RunAsync()
    {
        // <snippet:quick-start-host>
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddGenAI(genAI => genAI
            .UseChunker(new RecursiveChunker(new() { MaxTokens = 256, OverlapTokens = 32 }))
            .Configure(options => options.Answering.MaxContextTokens = 4096));

        using var host = builder.Build();
        var knowledgeBase = host.Services.GetRequiredService<KnowledgeBase>();
        // </snippet:quick-start-host>

        await knowledgeBase.IngestAsync(new Document { Id = "hosting", Text = "Options are validated when the host starts." });

        // <snippet:named>
        var services = new ServiceCollection();
        services.AddGenAI("legal", genAI => genAI.UseLocalStore());
        services.AddGenAI("people", genAI => genAI.UseLocalStore());
        using var provider = services.BuildServiceProvider();

        var legal = provider.GetRequiredKeyedService<KnowledgeBase>("legal");
        // </snippet:named>

        await legal.IngestAsync(new Document { Id = "terms", Text = "The contract ends after one year." });

        // <snippet:tool>
        AIFunction search = legal.AsAIFunction("search_contracts", "Searches the contracts of this company.");
        var options = new ChatOptions { Tools = [search] };
        // </snippet:tool>

        Console.WriteLine(options.Tools[0].Name);
    }
}
