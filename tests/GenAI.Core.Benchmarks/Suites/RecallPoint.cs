namespace GenAI.Core.Benchmarks.Suites;

/// <summary>The recall that a breadth of search reaches, and the seconds that a query takes with it.</summary>
internal readonly record struct RecallPoint(double Recall, double Seconds)
{
    /// <summary>Queries per second at a recall, between the two points around it; null where the curve does not reach it.</summary>
    public static double? QueriesPerSecond(IReadOnlyList<RecallPoint> curve, double recall)
    {
        for (var i = 0; i < curve.Count; i++)
        {
            if (curve[i].Recall < recall)
                continue;
            if (i == 0)
                return 1 / curve[0].Seconds;

            // The logarithm of what is missed falls about as the logarithm of the time grows.
            static double Missed(double found) => Math.Log(Math.Max(1 - found, 1e-5));
            var (before, after) = (curve[i - 1], curve[i]);
            var part = (Missed(recall) - Missed(before.Recall)) / (Missed(after.Recall) - Missed(before.Recall));
            return 1 / Math.Exp(Math.Log(before.Seconds) + part * (Math.Log(after.Seconds) - Math.Log(before.Seconds)));
        }

        return null;
    }
}
