using System.Numerics;
using System.Runtime.CompilerServices;

namespace GenAI.Core.Indexing;

/// <content>
/// Scanning codes. A row that its code cannot rule out is scored at once if it will probably be kept, which soon makes the bound as
/// good as it gets; the others wait, to be asked again when the bound is better. What is found is what the plain scan finds, bit for bit.
/// </content>
internal sealed unsafe partial class ExactScan
{
    /// <summary>Queries that are compared with a group at once.</summary>
    public const int QueriesAtOnce = 8;

    // Codes that stay in the second-level cache while every query of a batch is compared with them.
    private const int TileBytes = 256 << 10;

    /// <summary>Compares the codes of some groups with one query.</summary>
    /// <param name="query">The query; it has codes.</param>
    /// <param name="group">The first group.</param>
    /// <param name="endGroup">The one behind the last.</param>
    /// <param name="shared">The bound of other threads that search for the same query, if there are any.</param>
    public void Groups(ScanQuery query, int group, int endGroup, SharedBound? shared)
    {
        var codes = _state.Codes!;
        var sums = stackalloc int[NibbleKernels.GroupRows];
        var estimates = stackalloc float[NibbleKernels.GroupRows];
        var stretch = Math.Max(1, TileBytes / codes.GroupBytes);
        CodesRead += Math.Min((long)endGroup * NibbleKernels.GroupRows, _state.Rows) - (long)group * NibbleKernels.GroupRows;
        while (group < endGroup)
        {
            _settings.CancellationToken.ThrowIfCancellationRequested();
            if (shared is not null)
            {
                shared.Raise(query.Matches.Bound);
                query.Tighten(shared.Value);
            }

            var end = Math.Min(Math.Min(endGroup, group + stretch), (group / codes.GroupsPerBlock + 1) * codes.GroupsPerBlock);
            for (var bytes = codes.Start(group, end); group < end; group++, bytes += codes.GroupBytes)
            {
                NibbleKernels.Dot(bytes, query.Codes, codes.Steps, sums);
                var kept = CodeScan.Kept(query, codes.Along(bytes), sums, estimates, out var likely) & Present(group);
                if (kept != 0)
                    Take(query, group, kept, likely, estimates);
            }
        }
    }

    /// <summary>Compares all codes with several queries, whose codes stand one after the other: a stretch of codes that stays in the cache after the other.</summary>
    public void Tiles(ReadOnlySpan<ScanQuery> queries, sbyte* queryCodes)
    {
        var codes = _state.Codes!;
        var (groups, tile) = (CodeBlocks.Groups(_state.Rows), Math.Max(1, TileBytes / codes.GroupBytes));
        CodesRead += (long)_state.Rows * queries.Length;
        for (var group = 0; group < groups;)
        {
            _settings.CancellationToken.ThrowIfCancellationRequested();
            var end = Math.Min(Math.Min(groups, group + tile), (group / codes.GroupsPerBlock + 1) * codes.GroupsPerBlock);
            for (var i = 0; i < queries.Length; i += QueriesAtOnce)
            {
                var some = queries.Slice(i, Math.Min(QueriesAtOnce, queries.Length - i));
                Tile(some, queryCodes + (long)i * codes.Steps * NibbleKernels.StepDimensions, group, end);
            }

            group = end;
        }
    }

    /// <summary>Decides on the rows that wait.</summary>
    public void Settle(ScanQuery query)
    {
        var matches = query.Matches;
        query.Tighten(matches.Bound);
        var (waiting, kept) = (query.Waiting, 0);
        for (var i = 0; i < query.WaitingCount; i++)
        {
            if (waiting[i].Estimate < query.Rule.Limit(waiting[i].Angle, out _))
                continue;
            waiting[kept++] = waiting[i];
        }

        for (var i = 0; i < kept + Ahead; i++)
        {
            if (i < kept)
                Prefetch(waiting[i].Slot);
            var at = i - Ahead;
            if (at < 0 || waiting[at].Estimate < query.Rule.Limit(waiting[at].Angle, out _) || !Allows(waiting[at].Slot))
                continue;
            Score(query, waiting[at].Slot, ref matches);
            query.Tighten(matches.Bound);
        }

        query.WaitingCount = 0;
        query.Keep(matches);
    }

    private void Tile(ReadOnlySpan<ScanQuery> queries, sbyte* queryCodes, int group, int endGroup)
    {
        var codes = _state.Codes!;
        var sums = stackalloc int[QueriesAtOnce * NibbleKernels.GroupRows];
        var estimates = stackalloc float[NibbleKernels.GroupRows];
        for (var bytes = codes.Start(group, endGroup); group < endGroup; group++, bytes += codes.GroupBytes)
        {
            NibbleKernels.Dot8(bytes, queryCodes, codes.Steps, sums);
            for (var i = 0; i < queries.Length; i++)
            {
                var query = queries[i];
                if (!query.IsCoded)
                    continue;
                var kept = CodeScan.Kept(query, codes.Along(bytes), sums + i * NibbleKernels.GroupRows, estimates, out var likely) & Present(group);
                if (kept != 0)
                    Take(query, group, kept, likely, estimates);
            }
        }
    }

    // Deals with the rows of a group that were kept. Whether one that waits may be returned is asked when it has passed again.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Take(ScanQuery query, int group, uint kept, uint likely, float* estimates)
    {
        var codes = _state.Codes!;
        var bytes = codes.Group(group);
        var matches = query.Matches;
        for (; kept != 0; kept &= kept - 1)
        {
            var lane = BitOperations.TrailingZeroCount(kept);
            var slot = group * NibbleKernels.GroupRows + lane;
            if ((likely >> lane & 1) != 0)
            {
                if (Allows(slot))
                    Score(query, slot, ref matches);
                continue;
            }

            if (query.WaitingCount == ScanQuery.MostWaiting)
            {
                query.Keep(matches);
                Settle(query);
                matches = query.Matches;
            }

            query.Waiting[query.WaitingCount++] = new WaitingRow(slot, estimates[lane], codes.Angle(bytes, lane));
        }

        query.Keep(matches);
        query.Tighten(matches.Bound);
    }

    // Which rows of a group there are: the last group may not be full.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Present(int group)
    {
        var present = _state.Rows - group * NibbleKernels.GroupRows;
        return present >= NibbleKernels.GroupRows ? 0xFFFF : (1u << present) - 1;
    }
}
