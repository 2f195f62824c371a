namespace GenAI.Core.Benchmarks.Suites;

/// <summary>The vector index against the machine's limits and its C++ peers.</summary>
internal static class IndexSuite
{
    public static void Run(BenchmarkReport report)
    {
        ExactRows.Run(report);
        if (report.Wants("exact/growing"))
            GrowthRows.Run(report);
        GraphRows.Run(report);
        if (report.Wants("hardware"))
            HardwareRows.Run(report);
    }
}
