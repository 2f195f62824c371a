using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using GenAI.Core.Indexing;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>The same searches on what the processor has and on less: settings of the runtime are read when a process starts, so each is one of its own.</summary>
internal static class HardwareRows
{
    public const string ChildArgument = "index-child";

    private const int Top = 10;

    public static void Run(BenchmarkReport report)
    {
        var (rows, digest) = (report.Quick ? 5_000 : 20_000, "");
        foreach (var (name, setting) in ((string, string?)[])[("all", null), ("no-avx512", "DOTNET_EnableAVX512"), ("no-avx2", "DOTNET_EnableAVX2"), ("no-intrinsics", "DOTNET_EnableHWIntrinsic")])
        {
            var start = new ProcessStartInfo("dotnet", [typeof(HardwareRows).Assembly.Location, ChildArgument, $"{rows}"]) { RedirectStandardOutput = true };
            if (setting is not null)
                start.Environment[setting] = "0";
            using var process = Process.Start(start)!;
            var words = process.StandardOutput.ReadToEnd().Split();
            process.WaitForExit();
            double Number(int word) => double.Parse(words[word], CultureInfo.InvariantCulture);
            digest = digest.Length == 0 ? words[4] : digest;
            report.Higher($"hardware/{name}/register-width", Number(0), "bits", 1);
            report.Lower($"hardware/{name}/exact/one-query", Number(1), "ms", 31);
            report.Lower($"hardware/{name}/exact/batch-of-100", Number(2), "ms/query", 5);
            report.Higher($"hardware/{name}/graph/queries-at-breadth-64", Number(3), "1/s", 5);
            report.Higher($"hardware/{name}/same-results", words[4] == digest ? 1 : 0, "yes", 1, floor: 1);
        }
    }

    /// <summary>What the child process does. The graph is built on one thread, so that it is the same each time.</summary>
    public static int RunChild(int rows)
    {
        const int Queries = 100;
        var set = VectorSet.Clustered(rows);
        using var exact = VectorIndex.CreateExact(VectorSet.Dimensions, VectorMetric.Cosine);
        using var graph = VectorIndex.CreateGraph(VectorSet.Dimensions, VectorMetric.Cosine, new GraphIndexOptions { MaxDegreeOfParallelism = 1 });
        exact.Upsert(GraphSet.Ids(0, rows), set.Vectors);
        graph.Upsert(GraphSet.Ids(0, rows), set.Vectors);

        var (one, batch, next) = (new VectorMatch[Top], new VectorMatch[Queries * Top], 0);
        var (oneThread, narrow) = (new VectorSearchSettings { MaxDegreeOfParallelism = 1 }, new VectorSearchSettings { SearchBreadth = 64 });
        var single = Measure.Seconds(31, () => exact.Search(set.Query(next++), one, oneThread));
        var many = Measure.Seconds(5, () => exact.SearchBatch(set.Queries, batch, Top, oneThread)) / Queries;
        var digest = Digest(batch, 0);
        var walks = Measure.Seconds(5, () =>
        {
            for (var query = 0; query < Queries; query++)
                graph.Search(set.Query(query), batch.AsSpan(query * Top, Top), narrow);
        }) / Queries;
        digest = Digest(batch, digest);
        var width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{width} {single * 1e3} {many * 1e3} {1 / walks} {digest:x}"));
        return 0;
    }

    // Ids and every bit of the scores.
    private static ulong Digest(VectorMatch[] matches, ulong digest)
    {
        foreach (var match in matches)
            digest = (digest * 31) + ((ulong)match.Id * 17) + BitConverter.SingleToUInt32Bits(match.Score);
        return digest;
    }
}
