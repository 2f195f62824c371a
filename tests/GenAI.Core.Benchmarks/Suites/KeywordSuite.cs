namespace GenAI.Core.Benchmarks.Suites;

internal static class KeywordSuite
{
    public static void Run(BenchmarkReport report) => report.Absent("keyword", "not measured yet");
}
