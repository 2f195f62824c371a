using System.Numerics;
using System.Runtime.Intrinsics;

namespace GenAI.Core.Indexing;

/// <content>
/// Scanning codes for several queries. Groups are taken a few at a time, as many as stay unpacked in the first-level cache while every
/// query is compared with them; what a query asks of a row is kept in a few numbers beside each other, for the queries themselves do not fit there as well.
/// </content>
internal sealed unsafe partial class ExactScan
{
    private const int RoundBytes = 16 << 10;
    private const int MostGroups = 16;

    // Rows that are on their way from memory: as many as eight queries may keep of a group.
    private readonly (int Query, int Slot)[] _coming = new (int, int)[NibbleBatch.Queries * NibbleKernels.GroupRows];

    // Of each group that is unpacked: the least and the largest along and the largest across.
    private readonly (float Shortest, float Longest, float Across)[] _reach = new (float, float, float)[MostGroups];

    // For each query, what a row's sum must reach: cosine * along - sine * across + middle.
    private readonly float[] _cosines = new float[ExactScratch.MostQueries];
    private readonly float[] _sines = new float[ExactScratch.MostQueries];
    private readonly float[] _middles = new float[ExactScratch.MostQueries];

    /// <summary>Groups that are unpacked at a time.</summary>
    public static int GroupsAtOnce(int steps) => Math.Clamp(RoundBytes / (steps * NibbleBatch.UnpackedBytes), 1, MostGroups);

    /// <summary>Compares all codes with several queries.</summary>
    /// <param name="queries">The queries; those that are not coded are left out.</param>
    /// <param name="queryCodes">Their codes, one after the other.</param>
    /// <param name="unpacked">Room for <see cref="GroupsAtOnce"/> unpacked groups.</param>
    public void Batch(ReadOnlySpan<ScanQuery> queries, sbyte* queryCodes, byte* unpacked)
    {
        var codes = _state.Codes!;
        var (groups, steps, queryBytes) = (CodeBlocks.Groups(_state.Rows), codes.Steps, NibbleBatch.QueryBytes(codes.Steps));
        var (some, groupBytes, coming) = (GroupsAtOnce(steps), steps * NibbleBatch.UnpackedBytes, 0);
        var sums = stackalloc int[NibbleBatch.Queries * NibbleKernels.GroupRows];
        CodesRead += (long)_state.Rows * queries.Length;
        for (var i = 0; i < queries.Length; i++)
            Tell(queries[i], i);

        for (var first = 0; first < groups; first += some)
        {
            _settings.CancellationToken.ThrowIfCancellationRequested();
            var end = Math.Min(first + some, groups);
            codes.Start(first, end);
            for (var group = first; group < end; group++)
            {
                NibbleBatch.Unpack(codes.Group(group), steps, unpacked + (group - first) * groupBytes);
                _reach[group - first] = Reach(codes.Along(codes.Group(group)));
            }

            for (var i = 0; i < queries.Length; i += NibbleBatch.Queries)
            {
                var count = Math.Min(NibbleBatch.Queries, queries.Length - i);
                for (var group = first; group < end; group++)
                {
                    NibbleBatch.Dot(codes.Group(group), unpacked + (group - first) * groupBytes, queryCodes + (long)i * queryBytes, count, steps, sums);
                    ScoreComing(queries, coming);
                    coming = Sift(queries, i, count, group, Least(_reach[group - first], i), sums);
                }
            }
        }

        ScoreComing(queries, coming);
    }

    /// <summary>
    /// Looks which rows of a group each query keeps. Those that will probably be returned are scored when the next sums are done: by
    /// then they have come from memory.
    /// </summary>
    private int Sift(ReadOnlySpan<ScanQuery> queries, int first, int count, int group, Vector256<float> least, int* sums)
    {
        var (codes, coming) = (_state.Codes!, 0);
        var along = codes.Along(codes.Group(group));
        var estimates = stackalloc float[NibbleKernels.GroupRows];
        for (var i = 0; i < count; i++, sums += NibbleKernels.GroupRows)
        {
            var largest = Vector256.ConvertToSingle(Vector256.Max(Vector256.Load(sums), Vector256.Load(sums + 8)));
            if (Vector256.LessThanAll(largest, Vector256.Create(least.GetElement(i))))
                continue;
            var query = queries[first + i];
            if (!query.IsCoded)
                continue;
            var kept = CodeScan.Kept(query, along, sums, estimates, out var likely) & Present(group);
            for (var left = kept & likely; left != 0; left &= left - 1)
            {
                var slot = group * NibbleKernels.GroupRows + BitOperations.TrailingZeroCount(left);
                Prefetch(slot);
                _coming[coming++] = (first + i, slot);
            }

            if ((kept & ~likely) == 0)
                continue;
            Take(query, group, kept & ~likely, 0, estimates);
            Tell(query, first + i);
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
            Tell(query, place);
        }
    }

    // Only cosine asks the same of every row; with other metrics each is looked at.
    private void Tell(ScanQuery query, int place)
    {
        if (query.IsCoded && query.Rule.AsksTheSame(out var cosine, out var sine))
        {
            var half = 0.5f / query.Inverse;
            (_cosines[place], _sines[place], _middles[place]) = (cosine * half, sine * half, 0.5f * query.Offset);
        }
        else
        {
            (_cosines[place], _sines[place], _middles[place]) = (0, 0, query.IsCoded ? float.NegativeInfinity : float.PositiveInfinity);
        }
    }

    /// <summary>What a row's sum is not below if one of eight queries keeps it; not a number where rows cannot be reasoned about.</summary>
    private Vector256<float> Least((float Shortest, float Longest, float Across) reach, int first)
    {
        // More than single precision errs by, in the parts and in the sums that are rounded.
        const float Slack = 1e-6f;
        var cosines = Vector256.LoadUnsafe(ref _cosines[first]);
        var (sines, middles) = (Vector256.LoadUnsafe(ref _sines[first]) * reach.Across, Vector256.LoadUnsafe(ref _middles[first]));
        var largest = Vector256.Abs(cosines) * reach.Longest + sines + Vector256.Abs(middles);
        return Vector256.Min(cosines * reach.Shortest, cosines * reach.Longest) - sines + middles - largest * Slack - Vector256<float>.One;
    }

    private static (float Shortest, float Longest, float Across) Reach(float* along)
    {
        var (shortest, longest, across) = (along[0], along[0], along[NibbleKernels.GroupRows]);
        for (var i = 1; i < NibbleKernels.GroupRows; i++)
            (shortest, longest, across) = (MathF.Min(shortest, along[i]), MathF.Max(longest, along[i]), MathF.Max(across, along[NibbleKernels.GroupRows + i]));
        return (shortest, longest, across);
    }
}
