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
            return Kept256(query, along, sums, estimates, out likely);

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Kept256(ScanQuery query, float* along, int* sums, float* estimates, out uint likely)
    {
        var (offset, inverse) = (Vector256.Create(query.Offset), Vector256.Create(query.Inverse));
        var front = Vector256.ConvertToSingle(Vector256.Load(sums) * 2 - offset) * inverse;
        var back = Vector256.ConvertToSingle(Vector256.Load(sums + 8) * 2 - offset) * inverse;
        var out0 = Vector256.LessThan(front, query.Rule.Limits256(along, out var likelyFront)).ExtractMostSignificantBits();
        var out1 = Vector256.LessThan(back, query.Rule.Limits256(along + 8, out var likelyBack)).ExtractMostSignificantBits();
        var kept = ~(out0 | out1 << 8) & 0xFFFF;
        likely = 0;
        if (kept != 0)
        {
            front.Store(estimates);
            back.Store(estimates + 8);
            likely = Vector256.GreaterThanOrEqual(front, likelyFront).ExtractMostSignificantBits() | Vector256.GreaterThanOrEqual(back, likelyBack).ExtractMostSignificantBits() << 8;
        }

        return kept;
    }
}
