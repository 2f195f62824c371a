using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Indexing;

/// <summary>What a query asks of the kernels' sums at the least: <c>sum >= Along * along + Across * across + Start</c>. Looked at before the rule is, for it costs a third.</summary>
/// <remarks>It keeps what the rule keeps: its own rounding is taken off <see cref="Start"/>, and NaN is not below anything.</remarks>
internal struct SumTest
{
    /// <summary>More than its terms can err by together, in units of the largest that they can be.</summary>
    public const float Margin = 2e-6f;

    public float Along;
    public float Across;
    public float Start;
}

/// <summary>The numbers of a group that a test needs, in registers.</summary>
internal readonly struct GroupAngles
{
    private readonly Vector512<float> _along;
    private readonly Vector512<float> _across;

    /// <param name="along">Where the group's alongs are.</param>
    public unsafe GroupAngles(float* along) => (_along, _across) = (Vector512.Load(along), Vector512.Load(along + NibbleKernels.GroupRows));

    /// <summary>The queries of whose tests any row of the group passes: a bit for each.</summary>
    /// <param name="test">The first query's test.</param>
    /// <param name="stride">Bytes from one query's test to the next.</param>
    /// <param name="count">The number of queries, at most 32.</param>
    /// <param name="sums">The kernel's sums, sixteen for each query.</param>
    /// <remarks>Nothing is called in here, so that everything stays in registers.</remarks>
    public unsafe uint Passing(byte* test, int stride, int count, int* sums)
    {
        var passing = 0u;
        if (Vector512.IsHardwareAccelerated)
        {
            for (var i = 0; i < count; i++, test += stride, sums += NibbleKernels.GroupRows)
            {
                var (along, across, start) = (Vector512.Create(((SumTest*)test)->Along), Vector512.Create(((SumTest*)test)->Across), Vector512.Create(((SumTest*)test)->Start));
                var limits = Vector512.MultiplyAddEstimate(_along, along, Vector512.MultiplyAddEstimate(_across, across, start));
                passing |= Vector512.LessThanAll(Vector512.ConvertToSingle(Vector512.Load(sums)), limits) ? 0 : 1u << i;
            }

            return passing;
        }

        if (!Vector256.IsHardwareAccelerated)
            return (uint)((1UL << count) - 1);
        var (frontAlong, backAlong, frontAcross, backAcross) = (_along.GetLower(), _along.GetUpper(), _across.GetLower(), _across.GetUpper());
        for (var i = 0; i < count; i++, test += stride, sums += NibbleKernels.GroupRows)
        {
            var (along, across, start) = (Vector256.Create(((SumTest*)test)->Along), Vector256.Create(((SumTest*)test)->Across), Vector256.Create(((SumTest*)test)->Start));
            var front = Vector256.MultiplyAddEstimate(frontAlong, along, Vector256.MultiplyAddEstimate(frontAcross, across, start));
            var back = Vector256.MultiplyAddEstimate(backAlong, along, Vector256.MultiplyAddEstimate(backAcross, across, start));
            var below = Vector256.LessThan(Vector256.ConvertToSingle(Vector256.Load(sums)), front) & Vector256.LessThan(Vector256.ConvertToSingle(Vector256.Load(sums + 8)), back);

            // Not a comparison, which would become a branch that cannot be foretold.
            passing |= ((below.ExtractMostSignificantBits() ^ 0xFF) + 0xFF) >> 8 << i;
        }

        return passing;
    }
}

/// <summary>Compares the rows of one group, whose inner products with the query's code are known, with what the rule asks of them.</summary>
internal static unsafe class CodeScan
{
    /// <param name="query">The query.</param>
    /// <param name="along">Where the group's alongs are.</param>
    /// <param name="sums">The kernel's sums.</param>
    /// <param name="estimates">Receives the inner products with the query's code brought to unit length, if any row is kept.</param>
    /// <returns>The rows that are not ruled out.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Kept(ScanQuery query, float* along, int* sums, float* estimates)
    {
        if (!Vector512.IsHardwareAccelerated)
            return Kept256(query, along, sums, estimates);

        // Added to itself, for multiplying by two is a multiplication.
        var sum = Vector512.Load(sums);
        var estimate = Vector512.ConvertToSingle(sum + sum - Vector512.Create(query.Offset)) * query.Inverse;
        var kept = ~(uint)Vector512.LessThan(estimate, query.Rule.Limits(along)).ExtractMostSignificantBits() & 0xFFFF;
        if (kept != 0)
            estimate.Store(estimates);
        return kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Kept256(ScanQuery query, float* along, int* sums, float* estimates)
    {
        var (offset, inverse) = (Vector256.Create(query.Offset), Vector256.Create(query.Inverse));
        var (frontSum, backSum) = (Vector256.Load(sums), Vector256.Load(sums + 8));
        var front = Vector256.ConvertToSingle(frontSum + frontSum - offset) * inverse;
        var back = Vector256.ConvertToSingle(backSum + backSum - offset) * inverse;
        var out0 = Vector256.LessThan(front, query.Rule.Limits256(along)).ExtractMostSignificantBits();
        var out1 = Vector256.LessThan(back, query.Rule.Limits256(along + 8)).ExtractMostSignificantBits();
        var kept = ~(out0 | out1 << 8) & 0xFFFF;
        if (kept != 0)
        {
            front.Store(estimates);
            back.Store(estimates + 8);
        }

        return kept;
    }
}
