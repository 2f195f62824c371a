using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Indexing;

/// <summary>What a scan over codes asks of the index that it is run for.</summary>
internal interface IScannedRows
{
    /// <summary>Whether the row's id may be returned.</summary>
    bool Allows(int slot);

    /// <summary>Scores a row as the plain scan does, and offers it.</summary>
    void Score(int slot, ref TopVectors matches);

    /// <summary>Starts bringing a row near, which is about to be scored.</summary>
    void Prefetch(int slot);
}

/// <summary>
/// One query's way through the codes. A row that its code cannot rule out is scored at once if it will probably be kept, which soon
/// makes the bound as good as it gets; the others wait, to be asked again when the bound is better.
/// </summary>
internal static unsafe class CodeScan
{
    /// <summary>Compares the rows of one group, whose inner products with the query's code are known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Kept(CodedQuery query, float* along, int* sums, float* estimates, out uint likely)
    {
        if (!Vector512.IsHardwareAccelerated)
            return KeptScalar(query, along, sums, estimates, out likely);

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

    /// <summary>Deals with the rows of a group that were kept.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Take<TRows>(CodedQuery query, CodeBlocks codes, int group, uint kept, uint likely, float* estimates, in TRows rows, ref TopVectors matches)
        where TRows : struct, IScannedRows
    {
        for (; kept != 0; kept &= kept - 1)
        {
            var lane = BitOperations.TrailingZeroCount(kept);
            var slot = group * NibbleKernels.GroupRows + lane;
            if (!rows.Allows(slot))
                continue;

            if ((likely >> lane & 1) != 0)
            {
                rows.Score(slot, ref matches);
                continue;
            }

            if (query.Waiting == CodedQuery.MostWaiting)
                Settle(query, codes, rows, ref matches);
            query.Slots[query.Waiting] = slot;
            query.Estimates[query.Waiting++] = estimates[lane];
        }

        Tighten(query, matches.Bound);
    }

    /// <summary>Decides on the rows that wait.</summary>
    public static void Settle<TRows>(CodedQuery query, CodeBlocks codes, in TRows rows, ref TopVectors matches)
        where TRows : struct, IScannedRows
    {
        Tighten(query, matches.Bound);
        var (slots, estimates, kept) = (query.Slots, query.Estimates, 0);
        for (var i = 0; i < query.Waiting; i++)
        {
            var slot = slots[i];
            if (estimates[i] < query.Rule.Limit(Along(codes, slot), out _))
                continue;
            (slots[kept], estimates[kept]) = (slot, estimates[i]);
            kept++;
        }

        const int Ahead = 2;
        for (var i = 0; i < kept + Ahead; i++)
        {
            if (i < kept)
                rows.Prefetch(slots[i]);
            var at = i - Ahead;
            if (at < 0 || estimates[at] < query.Rule.Limit(Along(codes, slots[at]), out _))
                continue;
            rows.Score(slots[at], ref matches);
            Tighten(query, matches.Bound);
        }

        query.Waiting = 0;
    }

    /// <summary>Takes note of a better bound.</summary>
    public static void Tighten(CodedQuery query, float bound)
    {
        if (bound > query.Rule.Bound)
            query.Rule.SetBound(bound);
    }

    private static float* Along(CodeBlocks codes, int slot) =>
        codes.Along(codes.Group(slot / NibbleKernels.GroupRows)) + slot % NibbleKernels.GroupRows;

    private static uint KeptScalar(CodedQuery query, float* along, int* sums, float* estimates, out uint likely)
    {
        (var kept, likely) = (0u, 0u);
        for (var lane = 0; lane < NibbleKernels.GroupRows; lane++)
        {
            estimates[lane] = (sums[lane] * 2 - query.Offset) * query.Inverse;
            var limit = query.Rule.Limit(along + lane, out var likelyAbove);
            kept |= (estimates[lane] < limit ? 0u : 1) << lane;
            likely |= (estimates[lane] >= likelyAbove ? 1u : 0) << lane;
        }

        return kept;
    }
}
