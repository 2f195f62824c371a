using System.Globalization;

namespace GenAI.Core.Benchmarks.Peers;

/// <summary>FAISS's IndexFlat, where g++ and libfaiss are installed.</summary>
internal static class FaissFlat
{
    /// <summary>The median milliseconds of one query and of one in a batch, on one thread; null and the reason where FAISS is absent.</summary>
    public static (double One, double Batch)? Run(float[] vectors, float[] queries, int dimensions, int runs, out string reason)
    {
        using var driver = NativeDriver.Compile("faiss-flat", "g++, libfaiss-dev and libopenblas-dev", out reason, "-fopenmp", "-lfaiss", "-lopenblas");
        var figures = driver?.Run(
            out reason, vectors.Length / dimensions, queries.Length / dimensions, dimensions, runs, driver.Write("base.f32", vectors), driver.Write("query.f32", queries))?.Split();
        return figures is null ? null : (double.Parse(figures[0], CultureInfo.InvariantCulture), double.Parse(figures[1], CultureInfo.InvariantCulture));
    }
}
