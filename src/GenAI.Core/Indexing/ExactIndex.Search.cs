using System.Numerics;

namespace GenAI.Core.Indexing;

/// <content>Searching.</content>
internal sealed unsafe partial class ExactIndex
{
    // Less than this for a thread costs more to hand out than to scan: about half a millisecond of reading.
    private const long BytesPerThread = 8 << 20;

    // Looking a row up by its id and fetching it costs about as much as scanning so many vectors, or so many codes.
    private const int RowsPerAllowed = 4;
    private const int CodesPerAllowed = 32;

    // Where more than one row in so many is wanted, most rows have to be read anyhow.
    private const int LeastRowsPerMatch = 32;

    public override int Search(ReadOnlySpan<float> query, Span<VectorMatch> results, in VectorSearchSettings settings = default)
    {
        if (query.Length != Dimensions)
            throw new ArgumentException($"The query has {query.Length} values, but the index has {Dimensions} dimensions.", nameof(query));

        var scratch = _readers.Enter(ref _state, out var state);
        try
        {
            ObjectDisposedException.ThrowIf(state.IsDisposed, this);
            _ = scratch.Queries(1);
            Prepare(query, scratch.Values(0));
            fixed (VectorMatch* places = results)
                return SearchOne(scratch, state, scratch.Values(0), places, Math.Min(results.Length, state.Count), settings);
        }
        finally
        {
            scratch.Scan.End();
            TakeBack(scratch);
        }
    }

    public override void SearchBatch(ReadOnlySpan<float> queries, Span<VectorMatch> results, int top, in VectorSearchSettings settings = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        if (queries.Length % Dimensions != 0)
            throw new ArgumentException($"{queries.Length} values are not a whole number of queries of {Dimensions} dimensions.", nameof(queries));
        var queryCount = queries.Length / Dimensions;
        if (results.Length != (long)queryCount * top)
            throw new ArgumentException($"{queryCount} queries with {top} places each need {(long)queryCount * top} places, but there are {results.Length}.", nameof(results));

        var scratch = _readers.Enter(ref _state, out var state);
        try
        {
            ObjectDisposedException.ThrowIf(state.IsDisposed, this);
            for (var query = 0; query < queryCount; query++)
                Check(queries.Slice(query * Dimensions, Dimensions), query);

            results.Fill(VectorMatch.None);
            var kept = Math.Min(top, state.Count);
            fixed (float* values = queries)
            fixed (VectorMatch* places = results)
            {
                if (kept > 0)
                    SearchAll(scratch, state, values, queryCount, places, top, kept, settings);
            }
        }
        finally
        {
            scratch.Scan.End();
            TakeBack(scratch);
        }
    }

    /// <summary>Searches for some queries of a batch, which were checked, on one thread.</summary>
    internal void SearchQueries(
        ExactScratch scratch, ExactState state, ExactPlan plan, float* queries, int first, int end, VectorMatch* results, int top, int kept)
    {
        var some = scratch.Queries(end - first);
        var coded = 0;
        for (var i = 0; i < some.Length; i++)
        {
            Prepare(new ReadOnlySpan<float>(queries + (long)(first + i) * Dimensions, Dimensions), scratch.Values(i), first + i);
            some[i].Begin(scratch.Values(i), results + (long)(first + i) * top, kept);
            if (plan == ExactPlan.Coded)
                some[i].Code(Metric, state.Codes!.Rotation, scratch.Codes(i));
            coded += some[i].IsCoded ? 1 : 0;
        }

        var scan = scratch.Scan;
        if (coded > 0)
            scan.Batch(some, scratch.Codes(0), scratch.Unpacked(state.Codes!.Steps));
        if (plan == ExactPlan.Plain)
            scan.Plain(some, 0, state.Rows);
        else if (plan == ExactPlan.Allowed)
            scan.Allowed(some);
        foreach (var query in some)
        {
            if (plan == ExactPlan.Coded && !query.IsCoded)
                scan.Plain(new ReadOnlySpan<ScanQuery>(in query), 0, state.Rows);
            scan.Settle(query);
            query.Matches.Sort();
        }
    }

    /// <summary>Tells the caller what a search cost.</summary>
    internal void Note(VectorSearchCost? cost, ExactState state, long codesRead, long vectorsRead)
    {
        if (cost is null)
            return;
        cost.Plan = codesRead + vectorsRead == 0 ? VectorSearchPlan.None : VectorSearchPlan.Scan;
        cost.CodesRead += codesRead;
        cost.VectorsRead += vectorsRead;
        cost.BytesRead += codesRead * (state.Codes?.GroupBytes ?? 0) / NibbleKernels.GroupRows + vectorsRead * Dimensions * sizeof(float);
    }

    private int SearchOne(ExactScratch scratch, ExactState state, float* values, VectorMatch* places, int kept, in VectorSearchSettings settings)
    {
        var plan = Plan(state, kept, settings, out var bytes);
        if (kept == 0)
        {
            Note(settings.Cost, state, 0, 0);
            return 0;
        }

        var threads = Threads(settings.MaxDegreeOfParallelism, bytes);
        if (threads > 1)
            return scratch.FreeJob().Search(state, settings, plan, values, places, kept, threads);

        var (scan, query) = (scratch.Scan, scratch.Queries(1)[0]);
        scan.Begin(state, settings);
        query.Begin(values, places, kept);
        if (plan == ExactPlan.Coded)
            query.Code(Metric, state.Codes!.Rotation, scratch.Codes(0));
        scan.Part(plan, query, 0, plan == ExactPlan.Allowed ? settings.AllowedIds!.Value.Length : plan == ExactPlan.Coded ? CodeBlocks.Groups(state.Rows) : state.Rows);
        scan.Settle(query);
        Note(settings.Cost, state, scan.CodesRead, scan.VectorsRead);
        return query.Matches.Sort();
    }

    private void SearchAll(
        ExactScratch scratch, ExactState state, float* queries, int queryCount, VectorMatch* results, int top, int kept, in VectorSearchSettings settings)
    {
        var plan = Plan(state, kept, settings, out var bytes);
        var threads = Threads(settings.MaxDegreeOfParallelism, bytes * queryCount);
        if (queryCount < threads || queryCount == 1)
        {
            for (var query = 0; query < queryCount; query++)
            {
                _ = scratch.Queries(1);
                Prepare(new ReadOnlySpan<float>(queries + (long)query * Dimensions, Dimensions), scratch.Values(0), query);
                SearchOne(scratch, state, scratch.Values(0), results + (long)query * top, kept, settings);
            }

            return;
        }

        if (threads > 1)
        {
            scratch.FreeJob().SearchBatch(state, settings, plan, queries, queryCount, results, top, kept, threads);
            return;
        }

        scratch.Scan.Begin(state, settings);
        for (var first = 0; first < queryCount; first += ExactScratch.MostQueries)
            SearchQueries(scratch, state, plan, queries, first, Math.Min(first + ExactScratch.MostQueries, queryCount), results, top, kept);
        Note(settings.Cost, state, scratch.Scan.CodesRead, scratch.Scan.VectorsRead);
    }

    private static int Threads(int asked, long bytes)
    {
        if (asked == 1)
            return 1;
        var useful = (int)Math.Clamp(bytes / BytesPerThread, 1, Environment.ProcessorCount);
        return asked == 0 ? useful : Math.Min(asked, useful);
    }

    private ExactPlan Plan(ExactState state, int kept, in VectorSearchSettings settings, out long bytes)
    {
        var rowBytes = (long)Dimensions * sizeof(float);
        var coded = state.Codes is not null && (_wanted == ExactCodes.FourBit || (long)kept * LeastRowsPerMatch <= state.Count);
        if (settings.AllowedIds is { } allowed)
        {
            var count = 0L;
            foreach (var word in allowed.Span)
                count += BitOperations.PopCount(word);
            if (count * (coded ? CodesPerAllowed : RowsPerAllowed) < state.Rows)
            {
                bytes = count * rowBytes;
                return ExactPlan.Allowed;
            }
        }

        bytes = coded ? (long)CodeBlocks.Groups(state.Rows) * state.Codes!.GroupBytes : state.Rows * rowBytes;
        return coded ? ExactPlan.Coded : ExactPlan.Plain;
    }

    private double Check(ReadOnlySpan<float> query, int row)
    {
        var length = VectorNorm.Check(query, Metric, out var fault);
        return fault is null ? length : throw new ArgumentException($"{(row < 0 ? "The query" : $"The query of row {row}")} {fault}", nameof(query));
    }

    private void Prepare(ReadOnlySpan<float> query, float* prepared, int row = -1)
    {
        var length = Check(query, row);
        if (Metric == VectorMetric.Cosine)
            Scale(query, length, new Span<float>(prepared, Dimensions));
        else
            query.CopyTo(new Span<float>(prepared, Dimensions));
    }
}
