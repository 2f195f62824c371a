using GenAI.Core.Benchmarks.Onnx;
using GenAI.Core.Onnx.Tests.Graphs;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>Local models: how near the embedder comes to ONNX Runtime by itself, what batching gains, what concurrent callers get, what it costs in memory.</summary>
/// <remarks>The network has six layers of 384, as all-MiniLM-L6-v2, with random weights: speed does not depend on what they are.</remarks>
internal static class OnnxSuite
{
    public static void Run(BenchmarkReport report)
    {
        if (report.Wants("onnx/accuracy/"))
            AccuracyRows.Run(report);
        using (var model = new BenchmarkModel(BertShape.MiniLm))
        {
            ThroughputRows.Run(report, model);
            ConcurrencyRows.Run(report, model);
            if (report.Wants("onnx/allocation/"))
                AllocationRows.Run(report, model);
        }

        StreamRows.Run(report);
    }
}
