using GenAI.Core.Onnx;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Benchmarks.Onnx;

/// <summary>What a text costs in managed memory beyond its vector, and what a token adds to it.</summary>
internal static class AllocationRows
{
    public static void Run(BenchmarkReport report, BenchmarkModel model)
    {
        using var generator = new OnnxEmbeddingGenerator(model.Path);
        var random = new Random(31);
        var count = report.Quick ? 100 : 400;
        var (shortBytes, longBytes) = (Bytes(generator, model, 8, count, random), Bytes(generator, model, 40, count, random));
        report.Lower("onnx/allocation/per-text", Math.Max(shortBytes, longBytes), "bytes", count, floor: 1024);
        report.Lower("onnx/allocation/per-token", Math.Max(0, (longBytes - shortBytes) / (40 - 8)), "bytes", count, floor: 1);

        var text = model.Text(8, random);
        LoneCallsAsync(generator, text, 10).GetAwaiter().GetResult();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        LoneCallsAsync(generator, text, count).GetAwaiter().GetResult();
        report.Lower("onnx/allocation/lone-call", (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)count - Vector(generator), "bytes", count);
    }

    private static async Task LoneCallsAsync(OnnxEmbeddingGenerator generator, string text, int count)
    {
        for (var i = 0; i < count; i++)
            await generator.GenerateVectorAsync(text).ConfigureAwait(false);
    }

    private static double Bytes(OnnxEmbeddingGenerator generator, BenchmarkModel model, int tokens, int count, Random random)
    {
        var texts = Enumerable.Range(0, count).Select(_ => model.Text(tokens, random)).ToArray();
        generator.GenerateAsync(texts).GetAwaiter().GetResult();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        generator.GenerateAsync(texts).GetAwaiter().GetResult();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)count - Vector(generator);
    }

    // The array with its header.
    private static double Vector(OnnxEmbeddingGenerator generator) => generator.Description.Dimensions * sizeof(float) + 24;
}
