namespace GenAI.Core.Indexing;

/// <summary>Decides whether a vector can be stored or searched for, and says why not.</summary>
internal static class VectorNorm
{
    // Below and above these lengths the square of a length leaves the range in which single precision is exact to 24 bits.
    internal const double Shortest = 1e-15;
    internal const double Longest = 1e15;

    // The products and squared differences of two vectors up to this length stay finite in single precision (4e36 of 3.4e38).
    private const double LongestScored = 1e18;

    /// <summary>The length of the vector, or -1 and the fault with its remedy.</summary>
    public static double Check(ReadOnlySpan<float> vector, VectorMetric metric, out string? fault)
    {
        fault = null;
        var squared = LaneSums.Sum<ProductTerm>(vector, vector);
        var length = squared is > 1e-30f and < 1e30f ? Math.Sqrt(squared) : Precise(vector, out fault);
        if (fault is not null)
            return -1;

        switch (metric)
        {
            case VectorMetric.Cosine when length == 0:
                fault = "is all zeros, which has no direction to compare by cosine. Leave such vectors out, or use another metric or distance function.";
                return -1;
            case VectorMetric.DotProduct or VectorMetric.Euclidean or VectorMetric.Manhattan when length > LongestScored:
                fault = $"has the length {length:g3}; scores of vectors longer than {LongestScored:g} are not finite in single precision. Scale the vectors down.";
                return -1;
            default:
                return length;
        }
    }

    private static double Precise(ReadOnlySpan<float> vector, out string? fault)
    {
        var squared = 0d;
        for (var i = 0; i < vector.Length; i++)
        {
            if (!float.IsFinite(vector[i]))
            {
                var value = float.IsNaN(vector[i]) ? "not a number (NaN)" : "infinite";
                fault = $"is {value} at component {i}. Vectors must be finite: check what computed it.";
                return -1;
            }

            squared += (double)vector[i] * vector[i];
        }

        fault = null;
        return Math.Sqrt(squared);
    }
}
