namespace GenAI.Core.Indexing;

/// <summary>A search of an exact index that several threads take part in: each takes a part of the rows, or of the queries, after the other.</summary>
internal sealed unsafe class ExactJob(ExactIndex index) : ThreadCrew
{
    // A part of so many bytes takes some 50 µs: long beside what taking it costs, short beside the whole.
    private const long PartBytes = 1 << 20;

    private readonly SharedBound _bound = new();
    private readonly Lock _merging = new();
    private ExactState _state = new(0, 0, 0, null);
    private VectorSearchSettings _settings;
    private ExactPlan _plan;
    private float* _queries;
    private VectorMatch* _results;
    private int _queryCount;
    private int _top;
    private int _kept;
    private int _found;
    private int _part;
    private int _units;
    private int _next;
    private long _codesRead;
    private long _vectorsRead;

    /// <summary>One search, its rows dealt out.</summary>
    /// <returns>The number of matches, which are in order.</returns>
    public int Search(ExactState state, in VectorSearchSettings settings, ExactPlan plan, float* query, VectorMatch* results, int kept, int threads)
    {
        (_state, _settings, _plan, _queryCount, _kept, _found) = (state, settings, plan, 1, kept, 0);
        _queries = query;
        _results = results;
        var (units, bytes) = plan switch
        {
            ExactPlan.Coded => (CodeBlocks.Groups(state.Rows), state.Codes!.GroupBytes),
            ExactPlan.Plain => (state.Rows, (long)index.Dimensions * sizeof(float)),
            _ => (settings.AllowedIds!.Value.Length, (long)index.Dimensions * sizeof(float)),
        };
        _bound.Clear();
        Deal(units, (int)Math.Max(1, PartBytes / bytes), threads);
        return new TopVectors(new Span<VectorMatch>(_results, _kept), _found).Sort();
    }

    /// <summary>Many searches, the queries dealt out.</summary>
    public void SearchBatch(ExactState state, in VectorSearchSettings settings, ExactPlan plan, float* queries, int queryCount, VectorMatch* results, int top, int kept, int threads)
    {
        (_state, _settings, _plan, _queryCount, _top, _kept) = (state, settings, plan, queryCount, top, kept);
        _queries = queries;
        _results = results;
        var fair = (queryCount + threads - 1) / threads;
        Deal(queryCount, Math.Min(ExactScratch.MostQueries, fair), threads);
    }

    protected override void Work()
    {
        var scratch = index.Lend(_state.Version);
        try
        {
            scratch.Scan.Begin(_state, _settings);
            if (_queryCount == 1)
                SearchParts(scratch);
            else
                SearchQueries(scratch);
            Interlocked.Add(ref _codesRead, scratch.Scan.CodesRead);
            Interlocked.Add(ref _vectorsRead, scratch.Scan.VectorsRead);
        }
        finally
        {
            scratch.Scan.End();
            index.TakeBack(scratch);
        }
    }

    private void Deal(int units, int part, int threads)
    {
        (_units, _part, _next, _codesRead, _vectorsRead) = (units, part, 0, 0, 0);
        try
        {
            Run((int)Math.Min(threads, ((long)units + part - 1) / part) - 1);
            index.Note(_settings.Cost, _state, _codesRead, _vectorsRead);
        }
        finally
        {
            _settings = default;
        }
    }

    private bool TryTakePart(out int first, out int end)
    {
        (first, end) = (0, 0);
        if (HasFailed || Volatile.Read(ref _next) is var seen && (seen < 0 || (long)seen * _part >= _units))
            return false;
        var part = Interlocked.Increment(ref _next) - 1L;
        if (part * _part >= _units)
            return false;
        (first, end) = ((int)(part * _part), (int)Math.Min((part + 1) * _part, _units));
        return true;
    }

    private void SearchParts(ExactScratch scratch)
    {
        ScanQuery? query = null;
        while (TryTakePart(out var first, out var end))
        {
            if (query is null)
            {
                query = scratch.Queries(1)[0];
                query.Begin(_queries, scratch.Places(_kept), _kept);
                if (_plan == ExactPlan.Coded)
                    query.Code(index.Metric, _state.Codes!.Rotation, scratch.Codes(0));
            }

            scratch.Scan.Part(_plan, query, first, end, _bound);
        }

        if (query is null)
            return;
        scratch.Scan.Settle(query, _bound);
        lock (_merging)
        {
            var all = new TopVectors(new Span<VectorMatch>(_results, _kept), _found);
            foreach (var match in query.Matches.Found)
                all.Offer(match.Id, match.Score);
            _found = all.Count;
        }
    }

    private void SearchQueries(ExactScratch scratch)
    {
        while (TryTakePart(out var first, out var end))
            index.SearchQueries(scratch, _state, _plan, _queries, first, end, _results, _top, _kept);
    }
}
