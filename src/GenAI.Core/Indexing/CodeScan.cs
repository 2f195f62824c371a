using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Indexing;

/// <summary>Compares the rows of one group, whose inner products with the query's code are known, with what the rule asks of them.</summary>
internal static unsafe class CodeScan
{
    /// <param name="query">The query.</param>
    /// <param name="along">Where the group's alongs are.</param>
    /// <param name="sums">The kernel's sums.</param>
    /// <param name="estimates">Receives the inner products with the query's code brought to unit length, if any row is kept.</param>
    /// <param name="likely">Receives the rows that are rather above the bound than below it.</param>
    /// <returns>The rows that are not ruled out.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Kept(ScanQuery query, float* along, int* sums, float* estimates, out uint likely)
    {
        if (!Vector512.IsHardwareAccelerated)
            return Kept128(query, along, sums, estimates, out likely);

        var products = Vector512.Load(sums) * 2 - Vector512.Create(query.Offset);
        var estimate = Vector512.ConvertToSingle(products) * query.Inverse;
        var limits = query.Rule.Limits(along, out var likelyAbove);
        var kept = ~(uint)Vector512.LessThan(estimate, limits).ExtractMostSignificantBits() & 0xFFFF;
        likely = 0;
        if (kept != 0)
        {
            estimate.Store(estimates);
            likely = (uint)Vector512.GreaterThanOrEqual(estimate, likelyAbove).ExtractMostSignificantBits();
        }

        return kept;
    }

    private static uint Kept128(ScanQuery query, float* along, int* sums, float* estimates, out uint likely)
    {
        (var kept, likely) = (0u, 0u);
        for (var lane = 0; lane < NibbleKernels.GroupRows; lane += 4)
        {
            var products = Vector128.Load(sums + lane) * 2 - Vector128.Create(query.Offset);
            var estimate = Vector128.ConvertToSingle(products) * query.Inverse;
            var limits = query.Rule.Limits128(along + lane, out var likelyAbove);
            estimate.Store(estimates + lane);
            kept |= (~Vector128.LessThan(estimate, limits).ExtractMostSignificantBits() & 15) << lane;
            likely |= Vector128.GreaterThanOrEqual(estimate, likelyAbove).ExtractMostSignificantBits() << lane;
        }

        return kept;
    }
}
