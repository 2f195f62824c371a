using GenAI.Core.Onnx.Tests.Graphs;

namespace GenAI.Core.Onnx.Tests.Running;

/// <summary>What texts cost in managed memory. The runtime counts for the whole process, so nothing else may run beside.</summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public class AllocationTests
{
    private static readonly BertWeights Weights = new(BertShape.Small);

    [Fact]
    public async Task Texts_cost_little_memory_beyond_their_vectors()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        var texts = Texts.Mixed(4000, maxWords: 20);
        await generator.GenerateAsync(texts);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await generator.GenerateAsync(texts);
        var bytes = GC.GetTotalAllocatedBytes(precise: true) - before;

        var vectors = texts.Length * (32 * sizeof(float) + 24);
        ((bytes - vectors) / texts.Length).Should().BeLessThanOrEqualTo(1024);
    }
}
