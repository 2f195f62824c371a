using System.Numerics;
using System.Runtime.CompilerServices;

namespace GenAI.Core.Indexing;

/// <content>
/// Scanning codes. A row that its code cannot rule out is scored at once if it will probably be kept, which soon makes the bound as
/// good as it gets; the others wait, to be asked again when the bound is better. What is found is what the plain scan finds, bit for bit.
/// </content>
internal sealed unsafe partial class ExactScan
{
    // Between looks at the bound of other threads and at the cancellation token.
    private const int BytesAtOnce = 256 << 10;

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
        var stretch = Math.Max(1, BytesAtOnce / codes.GroupBytes);
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
