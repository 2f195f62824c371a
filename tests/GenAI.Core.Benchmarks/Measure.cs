using System.Diagnostics;

namespace GenAI.Core.Benchmarks;

/// <summary>Timing that can be quoted on a noisy machine: medians, and ratios of runs that alternate.</summary>
internal static class Measure
{
    /// <summary>The median of the seconds that <paramref name="action"/> takes, after one run that is not counted.</summary>
    public static double Seconds(int runs, Action action)
    {
        action();
        var seconds = new double[runs];
        for (var i = 0; i < runs; i++)
            seconds[i] = Once(action);
        return Median(seconds);
    }

    /// <summary>
    /// The medians of two actions that are run in turn, A B A B, and the median of the ratios A/B pair by pair,
    /// which holds when the machine's speed drifts.
    /// </summary>
    public static (double A, double B, double Ratio) Pair(int runs, Action a, Action b)
    {
        a();
        b();
        var (first, second, ratios) = (new double[runs], new double[runs], new double[runs]);
        for (var i = 0; i < runs; i++)
        {
            first[i] = Once(a);
            second[i] = Once(b);
            ratios[i] = first[i] / second[i];
        }

        return (Median(first), Median(second), Median(ratios));
    }

    public static double Once(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public static double Median(double[] values) => Percentile(values, 0.5);

    public static double Percentile(double[] values, double fraction)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(fraction * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
