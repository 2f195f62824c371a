namespace GenAI.Core.Benchmarks.Suites;

/// <summary>The vector index against the machine's limits and its C++ peers.</summary>
internal static class IndexSuite
{
    public static void Run(BenchmarkReport report)
    {
        ExactRows.Run(report);
        GraphRows.Run(report);
    }
}
