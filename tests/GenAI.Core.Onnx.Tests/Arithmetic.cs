namespace GenAI.Core.Onnx.Tests;

/// <summary>Arithmetic of the tests, in double precision.</summary>
internal static class Arithmetic
{
    public static double Cosine(ReadOnlySpan<float> a, IReadOnlyList<double> b)
    {
        a.Length.Should().Be(b.Count);
        double dot = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            dot += a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += b[i] * b[i];
        }

        return dot / Math.Sqrt(aa * bb);
    }

    public static double[] Normalized(double[] vector)
    {
        var norm = Math.Sqrt(vector.Sum(x => x * x));
        return [.. vector.Select(x => x / norm)];
    }

    public static double Norm(ReadOnlySpan<float> vector)
    {
        double sum = 0;
        foreach (var value in vector)
            sum += (double)value * value;
        return Math.Sqrt(sum);
    }

    public static double[] Mean(IReadOnlyList<double[]> rows) => [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Average(row => row[i]))];

    public static float GreatestDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        a.Length.Should().Be(b.Length);
        var greatest = 0f;
        for (var i = 0; i < a.Length; i++)
            greatest = MathF.Max(greatest, MathF.Abs(a[i] - b[i]));
        return greatest;
    }
}
