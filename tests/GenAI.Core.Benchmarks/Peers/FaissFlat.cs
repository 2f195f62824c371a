using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace GenAI.Core.Benchmarks.Peers;

/// <summary>Compiles and runs the driver of FAISS's IndexFlat, where g++ and libfaiss are installed.</summary>
internal static class FaissFlat
{
    /// <summary>The median milliseconds of one query and of one in a batch, on one thread; null and the reason where FAISS is absent.</summary>
    public static (double One, double Batch)? Run(float[] vectors, float[] queries, int dimensions, int runs, out string reason)
    {
        var folder = Directory.CreateTempSubdirectory("faiss-flat").FullName;
        try
        {
            var source = Path.Combine(AppContext.BaseDirectory, "Peers", "faiss-flat.cpp");
            var driver = Path.Combine(folder, "faiss-flat");
            if (Start("g++", out reason, "-O3", "-march=native", "-fopenmp", "-std=c++17", source, "-o", driver, "-lfaiss", "-lopenblas") is null)
            {
                reason = $"needs g++, libfaiss-dev and libopenblas-dev ({reason})";
                return null;
            }

            var (baseFile, queryFile) = (Path.Combine(folder, "base.f32"), Path.Combine(folder, "query.f32"));
            Write(baseFile, vectors);
            Write(queryFile, queries);
            var figures = Start(driver, out reason, $"{vectors.Length / dimensions}", $"{queries.Length / dimensions}", $"{dimensions}", $"{runs}", baseFile, queryFile)?.Split();
            return figures is null ? null : (double.Parse(figures[0], CultureInfo.InvariantCulture), double.Parse(figures[1], CultureInfo.InvariantCulture));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string path, float[] values)
    {
        using var file = File.Create(path);
        file.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    // The output, or null where the program is not there or fails.
    private static string? Start(string program, out string reason, params string[] arguments)
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
