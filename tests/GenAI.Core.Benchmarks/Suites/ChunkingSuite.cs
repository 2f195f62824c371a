namespace GenAI.Core.Benchmarks.Suites;

internal static class ChunkingSuite
{
    public static void Run(BenchmarkReport report) => report.Absent("chunking", "not measured yet");
}
