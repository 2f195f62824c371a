namespace GenAI.Core.Tests.Indexing;

/// <summary>Vectors that are hard on bounds, scales and ties.</summary>
internal static class HostileVectors
{
    public static IReadOnlyList<string> Kinds { get; } =
        ["normal", "constant", "one huge component", "near duplicates", "duplicates", "denormal", "wide range of lengths", "far from the origin", "whole numbers", "one component"];

    /// <summary>Rows one after the other; never all zeros.</summary>
    public static float[] Make(string kind, Random random, int rows, int dimensions)
    {
        var vectors = new float[rows * dimensions];
        var center = Row(random, dimensions);
        for (var row = 0; row < rows; row++)
        {
            var own = Row(random, dimensions);
            for (var i = 0; i < dimensions; i++)
            {
                vectors[row * dimensions + i] = kind switch
                {
                    "constant" => (row % 7 - 3) * 0.37f + 0.01f,
                    "one huge component" => i == row % dimensions ? 1e6f * own[i] : own[i],
                    "near duplicates" => center[i] + own[i] * 1e-6f,
                    "duplicates" => center[i] * (row % 3 == 0 ? 1 : -1),
                    "denormal" => own[i] * 1e-40f,
                    "wide range of lengths" => own[i] * MathF.Pow(10, row % 35 - 18),
                    "far from the origin" => 1000 + own[i] * 0.01f,
                    "whole numbers" => MathF.Round(own[i] * 2),
                    "one component" => i == row % dimensions ? own[i] : 0,
                    _ => own[i],
                };
            }

            var last = vectors.AsSpan(row * dimensions, dimensions);
            if (!last.ContainsAnyExcept(0f))
                last[0] = 1;
        }

        return vectors;
    }

    private static float[] Row(Random random, int dimensions) =>
        [.. Enumerable.Range(0, dimensions).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
}
