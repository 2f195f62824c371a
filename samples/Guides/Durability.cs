using GenAI.Core;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;

namespace Guides;

/// <summary>The code of docs/guides/durability.md.</summary>
internal static class Durability
{
    public static async Task RunAsync(string folder)
    {
        // <snippet:durable-store>
        await using var store = new LocalVectorStore(new LocalVectorStoreOptions { Path = folder });
        var chunks = store.GetChunkCollection("chunks", dimensions: 3);
        await chunks.EnsureCollectionExistsAsync();
        await chunks.UpsertAsync(new ChunkRecord { Key = Guid.NewGuid(), Content = "What is acknowledged is there.", Embedding = new float[] { 1, 0, 0 } });
        // </snippet:durable-store>

        // <snippet:durable-care>
        var verification = await store.VerifyAsync();
        foreach (var damage in verification.Damage)
            Console.Error.WriteLine(damage.Message);

        await store.BackupAsync(folder + "-backup");
        await store.CompactAsync();

        var statistics = store.GetStatistics();
        Console.WriteLine($"{statistics.Records} records in {statistics.FileBytes} bytes, {statistics.LogBytes} of log");
        // </snippet:durable-care>
    }

    // <snippet:durable-knowledge-base>
    public static async Task<IReadOnlyList<RetrievedChunk>> SearchAgainAsync(string index, string documents)
    {
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { StorePath = index });
        await knowledgeBase.IngestAsync(documents); // The second time there is nothing to do.
        return await knowledgeBase.SearchAsync("how do I install it?");
    }
    // </snippet:durable-knowledge-base>

    // <snippet:durable-reembed>
    public static async Task ChangeModelAsync(string index, IEmbeddingGenerator<string, Embedding<float>> newModel)
    {
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { StorePath = index, EmbeddingGenerator = newModel });
        await knowledgeBase.ReembedAsync(new Progress<long>(done => Console.WriteLine($"{done} chunks")));
    }
    // </snippet:durable-reembed>
}
