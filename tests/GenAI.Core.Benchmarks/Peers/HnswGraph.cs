using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using GenAI.Core.Benchmarks.Suites;
using GenAI.Core.Indexing;

namespace GenAI.Core.Benchmarks.Peers;

/// <summary>Compiles and runs the driver of hnswlib, where g++ and libhnswlib-dev are installed.</summary>
internal static class HnswGraph
{
    private const int MaxNeighbors = 16;
    private const int BuildBreadth = 200;

    /// <summary>The seconds that building takes on two threads, and a curve of recall and time; null and the reason where hnswlib is absent.</summary>
    public static (double Build, RecallPoint[] Curve)? Run(GraphSet set, int runs, out string reason)
    {
        var folder = Directory.CreateTempSubdirectory("hnsw-graph").FullName;
        try
        {
            var source = Path.Combine(AppContext.BaseDirectory, "Peers", "hnsw-graph.cpp");
            var driver = Path.Combine(folder, "hnsw-graph");

            // Where the header is not installed for all, HNSWLIB_INCLUDE names the folder that has hnswlib/hnswlib.h.
            string[] include = Environment.GetEnvironmentVariable("HNSWLIB_INCLUDE") is { Length: > 0 } path ? [$"-I{path}"] : [];
            if (Start("g++", out reason, ["-O3", "-march=native", "-std=c++17", "-pthread", .. include, source, "-o", driver]) is null)
            {
                reason = $"needs g++ and libhnswlib-dev ({reason})";
                return null;
            }

            Write<float>(Path.Combine(folder, "base.f32"), set.Vectors);
            Write<float>(Path.Combine(folder, "query.f32"), set.Queries);
            Write<int>(Path.Combine(folder, "truth.i32"), set.Truth);
            object[] arguments =
            [
                set.Rows, set.QueryCount, set.Dimensions, set.Metric == VectorMetric.Euclidean ? "l2" : "ip", MaxNeighbors, BuildBreadth, 2, runs,
                Path.Combine(folder, "base.f32"), Path.Combine(folder, "query.f32"), Path.Combine(folder, "truth.i32"),
            ];
            var lines = Start(driver, out reason, [.. arguments.Select(argument => $"{argument}")])?.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines is null)
                return null;
            var points = lines.Skip(1).Select(line => line.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray());
            return (double.Parse(lines[0], CultureInfo.InvariantCulture), [.. points.Select(point => new RecallPoint(point[1], point[2] / set.QueryCount))]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write<T>(string path, T[] values)
        where T : unmanaged
    {
        using var file = File.Create(path);
        file.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    // The output, or null where the program is not there or fails.
    private static string? Start(string program, out string reason, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            reason = errors.GetAwaiter().GetResult().Split('\n')[0];
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            reason = exception.Message;
            return null;
        }
    }
}
