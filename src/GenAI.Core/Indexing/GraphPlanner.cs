using System.Numerics;

namespace GenAI.Core.Indexing;

/// <summary>
/// Chooses how to search under a filter from what it measures: how many ids a bitmap allows, and how many of a sample of rows. A scan
/// reads a code for every allowed row; a walk that keeps allowed rows only reads as many times more as there are more others.
/// </summary>
internal static class GraphPlanner
{
    // Measured on 100,000 text embeddings: codes that a walk reads for each candidate it keeps, at breadths of 48 to 300, and how much
    // longer one takes than in a scan because walks wait for links.
    private const int CodesPerCandidate = 15;
    private const double WalkPenalty = 1.5;

    // From here on the others are few enough to leave them out at the end.
    private const double PlainShare = 0.25;
    private const int Sampled = 128;

    // A row that is looked at and not allowed costs this part of one that is compared.
    private const double SkipCost = 0.15;

    /// <summary>Whether a scan of so many rows reads no more than a walk over all of them would.</summary>
    public static bool ScansAll(int count, int breadth) => count <= WalkPenalty * CodesPerCandidate * breadth;

    /// <summary>The most allowed rows that it is quicker to scan than to walk to.</summary>
    public static double MostScanned(int count, int breadth) => Math.Sqrt(WalkPenalty * CodesPerCandidate * breadth * count);

    /// <summary>Whether the bitmap allows at most so many ids.</summary>
    public static bool AllowsAtMost(ReadOnlySpan<ulong> allowed, double most)
    {
        var count = 0L;
        foreach (var word in allowed)
        {
            count += BitOperations.PopCount(word);
            if (count > most)
                return false;
        }

        return true;
    }

    public static VectorSearchPlan Choose(GraphRows rows, in VectorSearchSettings settings, GraphState state, int breadth, out double share, out long budget)
    {
        share = Share(rows, settings, state);

        // A share that the sample has none of may be anything up to one in the size of the sample.
        var scan = (long)((Math.Max(share, 1.0 / Sampled) + SkipCost) * state.Count);
        budget = (long)(scan / WalkPenalty);
        if (share >= PlainShare)
            return VectorSearchPlan.Walk;
        return CodesPerCandidate * breadth / Math.Max(share, 0.5 / Sampled) <= budget ? VectorSearchPlan.FilteredWalk : VectorSearchPlan.Scan;
    }

    private static double Share(GraphRows rows, in VectorSearchSettings settings, GraphState state)
    {
        var (seen, allowed) = (0, 0);
        var step = Math.Max(1, state.Rows / Sampled);
        for (var row = step / 2; row < state.Rows; row += step)
        {
            if (!rows.IsSeenIn(row, state.Version))
                continue;
            seen++;
            if (settings.Allows(rows.IdOf(row)))
                allowed++;
        }

        return seen == 0 ? 0 : (double)allowed / seen;
    }
}
