using System.Numerics;
using System.Runtime.CompilerServices;

namespace GenAI.Core.Indexing;

/// <content>
/// Scanning codes. Rows that their codes cannot rule out wait. Whenever four times as many groups were looked at, the few that promise most are scored, which
/// makes the bound about as good as it gets; most of the others are ruled out by it without having been read. What is found is what the plain scan finds, bit for bit.
/// </content>
internal sealed unsafe partial class ExactScan
{
    // The first look at those that wait, and by how much later each one is.
    internal const int FirstLook = 8;
    private const int LaterLook = 4;

    // Where more matches are wanted than this, those that wait are scored in their order.
    private const int MostPromising = 128;

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
            Share(query, shared);
            var end = Math.Min(Math.Min(endGroup, group + stretch), (group / codes.GroupsPerBlock + 1) * codes.GroupsPerBlock);
            for (var bytes = codes.Start(group, end); group < end; group++, bytes += codes.GroupBytes)
            {
                NibbleKernels.Dot(bytes, query.Codes, codes.Steps, sums);
                var kept = CodeScan.Kept(query, codes.Along(bytes), sums, estimates) & Present(group);
                if (kept != 0)
                    Take(query, group, kept, estimates, ScanQuery.MostWaitingAlone);
                if (++query.GroupsSeen == query.NextLook)
                {
                    query.NextLook *= LaterLook;
                    Look(query);
                }
            }
        }
    }

    /// <summary>Decides on the rows that wait.</summary>
    /// <param name="query">The query.</param>
    /// <param name="shared">The bound of other threads that search for the same query, if there are any.</param>
    public void Settle(ScanQuery query, SharedBound? shared = null)
    {
        Look(query);
        Share(query, shared);
        RuleOut(query, 0);
        ScoreWaiting(query, 0, float.NegativeInfinity);
    }

    private static void Share(ScanQuery query, SharedBound? shared)
    {
        if (shared is null)
            return;
        shared.Raise(query.Matches.Bound);
        query.Tighten(shared.Value);
    }

    // Scores the most promising of the rows that came since the last look, and rules out what it can of them by the bound that this makes.
    private void Look(ScanQuery query)
    {
        var (first, wanted) = (query.FirstNew, Math.Min(query.MostMatches, MostPromising));
        if (query.WaitingCount - first > wanted)
        {
            Span<float> best = stackalloc float[wanted];
            best.Fill(float.NegativeInfinity);
            foreach (var row in query.Waiting.AsSpan(first..query.WaitingCount))
            {
                if (!(row.Expected > best[0]))
                    continue;
                var place = 0;
                for (; place + 1 < wanted && row.Expected > best[place + 1]; place++)
                    best[place] = best[place + 1];
                best[place] = row.Expected;
            }

            ScoreWaiting(query, first, best[0]);
        }

        query.FirstNew = RuleOut(query, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int RuleOut(ScanQuery query, int first)
    {
        var (waiting, kept) = (query.Waiting, first);
        for (var i = first; i < query.WaitingCount; i++)
        {
            // Without a branch, which would be guessed wrongly for every other row.
            var row = waiting[i];
            waiting[kept] = row;
            kept += row.Estimate < query.Rule.Limit(row.Angle) ? 0 : 1;
        }

        return query.WaitingCount = kept;
    }

    // Scores those of the rows from a first on that promise so much, as far as they are still in question, and lets them go.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScoreWaiting(ScanQuery query, int first, float least)
    {
        var matches = query.Matches;
        var (waiting, count, left) = (query.Waiting, query.WaitingCount, first);
        for (var i = first; i < count; i++)
        {
            if (waiting[i].Expected < least)
            {
                (waiting[left], waiting[i]) = (waiting[i], waiting[left]);
                left++;
            }
        }

        for (var i = left; i < count + Ahead; i++)
        {
            if (i < count)
                Prefetch(waiting[i].Slot);
            var at = i - Ahead;
            if (at < left || waiting[at].Estimate < query.Rule.Limit(waiting[at].Angle) || !Allows(waiting[at].Slot))
                continue;
            Score(query, waiting[at].Slot, ref matches);
            query.Tighten(matches.Bound);
        }

        query.WaitingCount = left;
        query.Keep(matches);
    }

    // Has the rows of a group that were kept wait. Whether one may be returned is asked when it is scored.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(ScanQuery query, int group, uint kept, float* estimates, int mostWaiting)
    {
        var codes = _state.Codes!;
        var bytes = codes.Group(group);
        if (query.WaitingCount > query.Waiting.Length - NibbleKernels.GroupRows)
            MakeRoom(query, mostWaiting);
        for (; kept != 0; kept &= kept - 1)
        {
            var lane = BitOperations.TrailingZeroCount(kept);
            var angle = codes.Angle(bytes, lane);
            query.Waiting[query.WaitingCount++] = new WaitingRow(group * NibbleKernels.GroupRows + lane, estimates[lane], query.Rule.Expected(estimates[lane], angle), angle);
        }
    }

    private void MakeRoom(ScanQuery query, int mostWaiting)
    {
        Look(query);
        query.FirstNew = RuleOut(query, 0);
        if (query.WaitingCount <= query.Waiting.Length / 2 || query.TryWaitLonger(mostWaiting))
            return;
        ScoreWaiting(query, 0, float.NegativeInfinity);
        query.FirstNew = 0;
    }

    // Which rows of a group there are: the last group may not be full.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Present(int group)
    {
        var present = _state.Rows - group * NibbleKernels.GroupRows;
        return present >= NibbleKernels.GroupRows ? 0xFFFF : (1u << present) - 1;
    }
}
