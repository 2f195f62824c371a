using System.Numerics;

namespace GenAI.Core.Indexing;

/// <content>Scanning codes for several queries: each group is unpacked once for all of them.</content>
internal sealed unsafe partial class ExactScan
{
    // Rows that are on their way from memory: as many as eight queries may keep of a group.
    private readonly (int Query, int Slot)[] _coming = new (int, int)[NibbleBatch.Queries * NibbleKernels.GroupRows];

    /// <summary>Compares all codes with several queries.</summary>
    /// <param name="queries">The queries; those that are not coded are left out.</param>
    /// <param name="queryCodes">Their codes, one after the other.</param>
    /// <param name="unpacked">Room for an unpacked group.</param>
    public void Batch(ReadOnlySpan<ScanQuery> queries, sbyte* queryCodes, byte* unpacked)
    {
        var codes = _state.Codes!;
        var (groups, queryBytes, coming) = (CodeBlocks.Groups(_state.Rows), NibbleBatch.QueryBytes(codes.Steps), 0);
        var sums = stackalloc int[NibbleBatch.Queries * NibbleKernels.GroupRows];
        CodesRead += (long)_state.Rows * queries.Length;
        for (var group = 0; group < groups; group++)
        {
            _settings.CancellationToken.ThrowIfCancellationRequested();
            var bytes = codes.Start(group, group + 1);
            NibbleBatch.Unpack(bytes, codes.Steps, unpacked);
            for (var first = 0; first < queries.Length; first += NibbleBatch.Queries)
            {
                var count = Math.Min(NibbleBatch.Queries, queries.Length - first);
                NibbleBatch.Dot(bytes, unpacked, queryCodes + (long)first * queryBytes, count, codes.Steps, sums);
                ScoreComing(queries, coming);
                coming = Sift(queries, first, count, group, sums);
            }
        }

        ScoreComing(queries, coming);
    }

    /// <summary>
    /// Looks which rows of a group each query keeps. Those that will probably be returned are scored when the next sums are done: by
    /// then they have come from memory.
    /// </summary>
    private int Sift(ReadOnlySpan<ScanQuery> queries, int first, int count, int group, int* sums)
    {
        var (codes, coming) = (_state.Codes!, 0);
        var along = codes.Along(codes.Group(group));
        var estimates = stackalloc float[NibbleKernels.GroupRows];
        for (var i = first; i < first + count; i++, sums += NibbleKernels.GroupRows)
        {
            var query = queries[i];
            if (!query.IsCoded)
                continue;
            var kept = CodeScan.Kept(query, along, sums, estimates, out var likely) & Present(group);
            if (kept == 0)
                continue;
            for (var left = kept & likely; left != 0; left &= left - 1)
            {
                var slot = group * NibbleKernels.GroupRows + BitOperations.TrailingZeroCount(left);
                Prefetch(slot);
                _coming[coming++] = (i, slot);
            }

            if ((kept & ~likely) != 0)
                Take(query, group, kept & ~likely, 0, estimates);
        }

        return coming;
    }

    private void ScoreComing(ReadOnlySpan<ScanQuery> queries, int count)
    {
        foreach (var (place, slot) in _coming.AsSpan(0, count))
        {
            if (!Allows(slot))
                continue;
            var query = queries[place];
            var matches = query.Matches;
            Score(query, slot, ref matches);
            query.Keep(matches);
            query.Tighten(matches.Bound);
        }
    }
}
