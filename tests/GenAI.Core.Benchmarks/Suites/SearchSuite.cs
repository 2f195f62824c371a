namespace GenAI.Core.Benchmarks.Suites;

internal static class SearchSuite
{
    public static void Run(BenchmarkReport report) => report.Absent("search", "not measured yet");
}
