using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

/// <summary>What an index must return, computed the slow way: in double precision, one component after the other.</summary>
internal static class VectorOracle
{
    public static double Score(VectorMetric metric, ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double dot = 0, squaredA = 0, squaredB = 0, squared = 0, absolute = 0, unequal = 0;
        for (var i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            squaredA += (double)a[i] * a[i];
            squaredB += (double)b[i] * b[i];
            var difference = (double)a[i] - b[i];
            squared += difference * difference;
            absolute += Math.Abs(difference);
            unequal += a[i] == b[i] ? 0 : 1;
        }

        return metric switch
        {
            VectorMetric.Cosine => dot / Math.Sqrt(squaredA) / Math.Sqrt(squaredB),
            VectorMetric.DotProduct => dot,
            VectorMetric.Euclidean => -Math.Sqrt(squared),
            VectorMetric.Manhattan => -absolute,
            _ => -unequal,
        };
    }

    public static VectorMatch[] Search(VectorMetric metric, IReadOnlyDictionary<long, float[]> rows, float[] query, int top, Func<long, bool>? allowed = null) =>
        [.. rows.Where(row => allowed?.Invoke(row.Key) ?? true)
            .Select(row => new VectorMatch(row.Key, (float)Score(metric, query, row.Value)))
            .OrderByDescending(match => match.Score).ThenBy(match => match.Id).Take(top)];

    /// <summary>Vectors of small whole numbers: every score is exact in single precision, so that ties are ties.</summary>
    public static float[] Whole(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-3, 4))];

    public static float[] Real(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
}
