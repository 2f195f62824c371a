using System.Numerics;

namespace GenAI.Core.Indexing;

/// <content>Scanning codes for several queries: each group is unpacked once for all of them.</content>
internal sealed unsafe partial class ExactScan
{
    /// <summary>Compares all codes with several queries.</summary>
    /// <param name="queries">The queries; those that are not coded are left out.</param>
    /// <param name="queryCodes">Their codes, one after the other.</param>
    /// <param name="unpacked">Room for an unpacked group.</param>
    public void Batch(ReadOnlySpan<ScanQuery> queries, sbyte* queryCodes, byte* unpacked)
    {
        var codes = _state.Codes!;
        var (groups, queryBytes, nextLook) = (CodeBlocks.Groups(_state.Rows), NibbleBatch.QueryBytes(codes.Steps), (long)FirstLook);
        var sums = stackalloc int[NibbleBatch.Queries * NibbleKernels.GroupRows];
        var estimates = stackalloc float[NibbleKernels.GroupRows];
        CodesRead += (long)_state.Rows * queries.Length;
        for (var group = 0; group < groups; group++)
        {
            _settings.CancellationToken.ThrowIfCancellationRequested();
            var bytes = codes.Start(group, group + 1);
            var (next, parts) = ((nint)codes.Group(Math.Min(group + 1, groups - 1)), (queries.Length + NibbleBatch.Queries - 1) / NibbleBatch.Queries);
            NibbleBatch.Unpack(bytes, codes.Steps, unpacked);
            for (var first = 0; first < queries.Length; first += NibbleBatch.Queries)
            {
                var count = Math.Min(NibbleBatch.Queries, queries.Length - first);
                var some = queryCodes + (long)first * queryBytes;
                NibbleBatch.Prefetch((byte*)next, codes.GroupBytes, first / NibbleBatch.Queries, parts);
                NibbleBatch.Dot(bytes, unpacked, some, count, codes.Steps, sums);
                Sift(queries.Slice(first, count), group, bytes, (SumTest*)(some + NibbleBatch.TestOffset(codes.Steps)), sums, estimates);
            }

            if (group + 1 != nextLook)
                continue;
            nextLook *= LaterLook;
            foreach (var query in queries)
                Look(query);
        }
    }

    // Has the rows of a group wait that each query keeps.
    private void Sift(ReadOnlySpan<ScanQuery> queries, int group, byte* bytes, SumTest* test, int* sums, float* estimates)
    {
        var codes = _state.Codes!;
        var along = codes.Along(bytes);
        var passing = new GroupAngles(along).Passing((byte*)test, NibbleBatch.QueryBytes(codes.Steps), queries.Length, sums);
        for (; passing != 0; passing &= passing - 1)
        {
            var i = BitOperations.TrailingZeroCount(passing);
            if (!queries[i].IsCoded)
                continue;
            var kept = CodeScan.Kept(queries[i], along, sums + i * NibbleKernels.GroupRows, estimates) & Present(group);
            if (kept != 0)
                Take(queries[i], group, kept, estimates, ScanQuery.MostWaiting);
        }
    }
}
