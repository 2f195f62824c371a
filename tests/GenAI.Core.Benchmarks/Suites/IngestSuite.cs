namespace GenAI.Core.Benchmarks.Suites;

internal static class IngestSuite
{
    public static void Run(BenchmarkReport report) => report.Absent("ingest", "not measured yet");
}
