using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ZstdSharp;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>Vectors of 384 dimensions and unit length, with queries from the same source.</summary>
internal sealed record VectorSet(string Name, float[] Vectors, float[] Queries)
{
    public const int Dimensions = 384;

    public int Rows => Vectors.Length / Dimensions;

    /// <summary>A query, one after the other, from the start again behind the last.</summary>
    public ReadOnlySpan<float> Query(int number) => Queries.AsSpan(number % (Queries.Length / Dimensions) * Dimensions, Dimensions);

    /// <summary>Text embeddings; null where the data is absent.</summary>
    public static VectorSet? Text(int rows)
    {
        if (BenchmarkData.Find("vectors", "text-384", "base.i8.zst") is not { } path)
            return null;

        var folder = Path.GetDirectoryName(path)!;
        var scales = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "scales.f32"))).ToArray();
        using var stream = new DecompressionStream(File.OpenRead(path));
        var packed = new byte[Dimensions];
        var vectors = new float[rows * Dimensions];
        for (var row = 0; row < rows; row++)
        {
            stream.ReadExactly(packed);
            var vector = vectors.AsSpan(row * Dimensions, Dimensions);
            for (var i = 0; i < Dimensions; i++)
                vector[i] = (sbyte)packed[i] * scales[i];
            Normalize(vector);
        }

        var queries = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "query.fbin")).AsSpan(8)).ToArray();
        return new VectorSet($"text-384/{rows / 1000}k", vectors, queries);
    }

    /// <summary>A thousand clusters around random directions; members and queries are as far from their center as the center is long.</summary>
    public static VectorSet Clustered(int rows, int queryCount = 100)
    {
        const int Clusters = 1000;
        var random = new Random(1);
        var centers = new float[Clusters * Dimensions];
        Fill(random, centers);
        var vectors = new float[(long)rows * Dimensions];
        var queries = new float[queryCount * Dimensions];
        foreach (var set in (float[][])[vectors, queries])
        {
            Fill(random, set);
            for (long first = 0; first < set.Length; first += Dimensions)
            {
                var vector = set.AsSpan((int)first, Dimensions);
                TensorPrimitives.Add(vector, centers.AsSpan(random.Next(Clusters) * Dimensions, Dimensions), vector);
                Normalize(vector);
            }
        }

        return new VectorSet($"clustered-384/{rows / 1000}k", vectors, queries);
    }

    // Sums of four uniform numbers are near enough to a normal distribution, and quick.
    private static void Fill(Random random, float[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var bits = (ulong)random.NextInt64();
            values[i] = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 47 & 0xFFFF) - 131_070f;
        }
    }

    // Added up in order, so that the vectors are the same whatever the processor has (TensorPrimitives adds in as many lanes as there are).
    private static void Normalize(Span<float> vector)
    {
        var squares = 0.0;
        foreach (var value in vector)
            squares += (double)value * value;
        TensorPrimitives.Divide(vector, (float)Math.Sqrt(squares), vector);
    }
}
