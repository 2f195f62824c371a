using GenAI.Core;
using GenAI.Core.Embeddings;
using GenAI.Core.Onnx;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Guides;

internal static class LocalModels
{
    public static async Task RunAsync(string embedderFolder, string rerankerFolder)
    {
        // <snippet:onnx-knowledge-base>
        var services = new ServiceCollection();
        services.AddGenAI(genAI => genAI
            .UseOnnxEmbeddings(embedderFolder)      // such as models/bge-small-en-v1.5
            .UseOnnxReranker(rerankerFolder));      // such as models/ms-marco-MiniLM-L6-v2
        await using var provider = services.BuildServiceProvider();

        var knowledgeBase = provider.GetRequiredService<KnowledgeBase>();
        await knowledgeBase.IngestAsync("docs");
        foreach (var hit in await knowledgeBase.SearchAsync("What happens to a document that fails?"))
            Console.WriteLine($"{hit.Score:0.000} {hit.Chunk.DocumentId} {hit.Chunk.Range}");
        // </snippet:onnx-knowledge-base>

        // <snippet:onnx-embed>
        using var embedder = new OnnxEmbeddingGenerator(embedderFolder);
        Console.WriteLine($"{embedder.Description.ModelId}: {embedder.Description.Dimensions} dimensions, {embedder.Description.Pooling}, up to {embedder.Description.MaxTokens} tokens");

        var query = await embedder.GenerateAsync(["Where are bicycles kept?"], EmbeddingPurposeExtensions.WithPurpose(null, EmbeddingPurpose.Query));
        var passages = await embedder.GenerateAsync(["Bicycles are kept in the cellar.", "The office opens at seven."], EmbeddingPurposeExtensions.WithPurpose(null, EmbeddingPurpose.Document));
        // </snippet:onnx-embed>

        Console.WriteLine($"{query.Count} {passages.Count}");

        // <snippet:onnx-stream>
        await foreach (var embedding in embedder.GenerateStreamingAsync(LinesAsync("docs/changelog.md")))
            Console.WriteLine(embedding.Vector.Length);
        // </snippet:onnx-stream>

        // <snippet:onnx-late-chunking>
        const string Text = "The cellar has forty stands. They are for bicycles only.";
        var tokens = await embedder.EmbedTokensAsync(Text);
        var second = tokens.Pool(new TextRange(29, Text.Length - 29));
        // </snippet:onnx-late-chunking>

        Console.WriteLine(second.Length);

        // <snippet:onnx-rerank>
        using var reranker = new OnnxReranker(rerankerFolder);
        var scores = await reranker.ScoreAsync("Where are bicycles kept?", ["Bicycles are kept in the cellar.", "The office opens at seven."]);
        // </snippet:onnx-rerank>

        Console.WriteLine(scores[0]);
    }

    public static async Task<OnnxEmbeddingGenerator> FetchAsync(string commit)
    {
        // <snippet:onnx-store>
        using var store = new ModelStore();
        var folder = await store.ResolveAsync("BAAI/bge-small-en-v1.5", revision: commit);
        return new OnnxEmbeddingGenerator(folder);
        // </snippet:onnx-store>
    }

    public static async Task ClassifyAsync(string classifierFolder, string inferenceFolder, string text, string source, string claim)
    {
        // <snippet:onnx-classify>
        using var classifier = new OnnxTextClassifier(classifierFolder, new() { Threshold = 0.9f });
        var labels = await classifier.ClassifyAsync([text]);
        Console.WriteLine($"{labels[0][0].Label} {labels[0][0].Score:0.00} {labels[0][0].Holds}");

        using var inference = new OnnxEntailmentScorer(inferenceFolder);
        var verdicts = await inference.ScoreAsync(source, [claim]);
        Console.WriteLine(verdicts[0].Entailment);
        // </snippet:onnx-classify>
    }

    public static OnnxEmbeddingGenerator OnGpu(string folder)
    {
        // <snippet:onnx-gpu>
        return new OnnxEmbeddingGenerator(folder, new()
        {
            ExecutionProvider = OnnxExecutionProvider.Cuda,
            FallBackToCpu = true,
            ConfigureSession = session => session.EnableProfiling = false,
        });
        // </snippet:onnx-gpu>
    }

    private static async IAsyncEnumerable<string> LinesAsync(string file)
    {
        await foreach (var line in File.ReadLinesAsync(file))
            yield return line;
    }
}
