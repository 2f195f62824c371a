using System.Numerics.Tensors;

namespace GenAI.Core.Indexing;

internal sealed unsafe partial class GraphIndex
{
    // A walk is repeated with an eye on the filter if fewer of its candidates than this may be returned.
    private const double FewestAllowed = 0.75;

    private volatile bool _linking;

    public override int Search(ReadOnlySpan<float> query, Span<VectorMatch> results, in VectorSearchSettings settings = default)
    {
        if (query.Length != Dimensions)
            throw new ArgumentException($"The query has {query.Length} values, but the index has {Dimensions} dimensions.", nameof(query));
        settings.CancellationToken.ThrowIfCancellationRequested();
        var length = CheckQuery(query, "The query");
        var scratch = _readers.Enter(ref _state, out var state);
        try
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
            return Search(query, length, results, settings, state, scratch);
        }
        finally
        {
            TakeBack(scratch);
        }
    }

    public override void SearchBatch(ReadOnlySpan<float> queries, Span<VectorMatch> results, int top, in VectorSearchSettings settings = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        if (queries.Length % Dimensions != 0)
            throw new ArgumentException($"{queries.Length} values are not a whole number of queries of {Dimensions} dimensions.", nameof(queries));
        var count = queries.Length / Dimensions;
        if (results.Length != (long)count * top)
            throw new ArgumentException($"{count} queries with {top} places each need {(long)count * top} places, but there are {results.Length}.", nameof(results));
        for (var i = 0; i < count; i++)
            CheckQuery(queries.Slice(i * Dimensions, Dimensions), $"The query of row {i}");

        results.Fill(VectorMatch.None);
        if (results.IsEmpty)
            return;
        var scratch = _readers.Enter(ref _state, out var state);
        try
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
            var threads = settings.MaxDegreeOfParallelism == 0 ? Environment.ProcessorCount : settings.MaxDegreeOfParallelism;
            threads = settings.Cost is null ? Math.Min(threads, count) : 1;
            fixed (float* values = queries)
            fixed (VectorMatch* places = results)
            {
                var (from, to, local) = ((nint)values, (nint)places, settings);
                Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = settings.CancellationToken }, part =>
                {
                    var own = _readers.Take(state.Version);
                    try
                    {
                        for (var i = (int)((long)part * count / threads); i < (part + 1L) * count / threads; i++)
                        {
                            local.CancellationToken.ThrowIfCancellationRequested();
                            var query = new ReadOnlySpan<float>((float*)from + (long)i * Dimensions, Dimensions);
                            var length = VectorNorm.Check(query, Metric, out _);
                            Search(query, length, new Span<VectorMatch>((VectorMatch*)to + (long)i * top, top), local, state, own);
                        }
                    }
                    finally
                    {
                        TakeBack(own);
                    }
                });
            }
        }
        finally
        {
            TakeBack(scratch);
        }
    }

    internal override VectorRowReader ReadRows()
    {
        var scratch = _readers.Enter(ref _state, out var state);
        if (!Volatile.Read(ref _disposed))
            return new GraphRowReader(this, scratch, state, _ids, _originals);
        TakeBack(scratch);
        throw new ObjectDisposedException(nameof(GraphIndex));
    }

    internal override bool TryCopyVector(long id, Span<float> destination)
    {
        var scratch = _readers.Enter(ref _state, out _);
        try
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
            if (_rows.Mapped is { } mapped)
                return mapped.TryCopyOriginal(id, destination);
            if (!_ids.TryGet(id, out var row) || Volatile.Read(ref _rows.InfoOf(row).Died) != GraphRowInfo.Alive)
                return false;
            if (_originals.TryGetValue(row, out var original))
                original.CopyTo(destination);
            else
                new ReadOnlySpan<float>(_rows.VectorOf(row), Dimensions).CopyTo(destination);
            return true;
        }
        finally
        {
            TakeBack(scratch);
        }
    }

    private double CheckQuery(ReadOnlySpan<float> query, string name)
    {
        var length = VectorNorm.Check(query, Metric, out var fault);
        return fault is null ? length : throw new ArgumentException($"{name} {fault}", nameof(query));
    }

    private int Search(ReadOnlySpan<float> query, double length, Span<VectorMatch> results, in VectorSearchSettings settings, GraphState state, GraphScratch scratch)
    {
        var top = Math.Min(results.Length, state.Count);
        var plan = VectorSearchPlan.None;
        scratch.ResetCost();
        var found = 0;
        if (top > 0)
        {
            var prepared = scratch.Prepared.AsSpan();
            if (Metric == VectorMetric.Cosine)
                Scale(query, length, prepared);
            else
                query.CopyTo(prepared);
            var search = new GraphSearch
            {
                State = state,
                Scratch = scratch,
                Query = _codes.Query(query, scratch.Rotated, scratch.Query, out var squaredLength),
                SquaredLength = squaredLength,
                Prepared = prepared,
                Top = top,
                Breadth = Breadth(settings.SearchBreadth, top, state),
                Settings = settings,
            };
            plan = FindCandidates(search);
            found = Rescore(search, results[..top]);
            if (found < top && plan is VectorSearchPlan.Walk or VectorSearchPlan.FilteredWalk)
            {
                plan = VectorSearchPlan.Scan;
                _scan.Rows(search);
                found = Rescore(search, results[..top]);
            }
        }

        if (settings.Cost is { } cost)
        {
            cost.Plan = plan;
            cost.CodesRead += scratch.CodesRead;
            cost.VectorsRead += scratch.VectorsRead;
            cost.BytesRead += (scratch.SignsRead * (_rows.Signs?.Stride ?? 0)) + (scratch.UppersRead * _rows.Upper.Stride) + (scratch.LowersRead * _rows.Lower.Stride)
                + (scratch.LinksRead * _rows.Links.Stride) + (scratch.VectorsRead * Dimensions * sizeof(float));
        }

        return found;
    }

    private static int Breadth(int asked, int top, GraphState state)
    {
        if (asked > 0)
            return Math.Max(asked, top);

        // The index measures what ten need; recall at more falls off slowly.
        var scaled = top <= 10 ? state.Breadth : (int)Math.Min(int.MaxValue / 2, state.Breadth * Math.Sqrt(top / 10d));
        return Math.Max(scaled, Math.Min(int.MaxValue - 16, top) + 16);
    }

    private VectorSearchPlan FindCandidates(in GraphSearch search)
    {
        var (state, settings) = (search.State, search.Settings);
        var (share, budget) = (1d, (long)state.Count);
        if (settings.AllowedIds is { } allowed && GraphPlanner.AllowsAtMost(allowed.Span, GraphPlanner.MostScanned(state.Count, search.Breadth)))
        {
            _scan.Ids(search, allowed.Span);
            return VectorSearchPlan.Scan;
        }

        var plan = GraphPlanner.ScansAll(state.Count, search.Breadth) ? VectorSearchPlan.Scan : VectorSearchPlan.Walk;
        if (plan == VectorSearchPlan.Walk && settings.IsFiltered)
            plan = GraphPlanner.Choose(_rows, settings, state, search.Breadth, out share, out budget);
        if (plan == VectorSearchPlan.Walk)
        {
            var unseen = (double)state.Removed / (state.Removed + state.Count);
            var breadth = (int)Math.Min(state.Count, search.Breadth / (share * (1 - unseen)));
            GraphWalk.Nearest(_rows, search.Scratch, search.Query, state.Entries, breadth);
            if (!settings.IsFiltered && state.Removed == 0 && !_linking && ReferenceEquals(Volatile.Read(ref _state), state))
                return plan;
            if (Allowed(search) >= FewestAllowed * search.Breadth)
                return plan;
            plan = VectorSearchPlan.FilteredWalk;
        }

        if (plan == VectorSearchPlan.FilteredWalk && GraphFilteredWalk.Nearest(_rows, search, share, budget))
            return plan;
        _scan.Rows(search);
        return VectorSearchPlan.Scan;
    }

    private int Allowed(in GraphSearch search)
    {
        var (allowed, scratch) = (0, search.Scratch);
        for (var i = 0; i < scratch.PoolCount && _rows.Mapped is null; i++)
            GraphWalk.Prefetch(_rows.Info[GraphPool.Row(scratch.Pool[i])], 1);
        for (var i = 0; i < scratch.PoolCount; i++)
            allowed += search.Allows(_rows, GraphPool.Row(scratch.Pool[i])) ? 1 : 0;
        return allowed;
    }

    /// <summary>Computes exact scores, nearest candidates first, as long as one may still be among the best.</summary>
    private int Rescore(in GraphSearch search, Span<VectorMatch> results)
    {
        var scratch = search.Scratch;
        var best = new TopVectors(results);
        var errors = new CodeErrors();
        var lines = Math.Min(Dimensions * sizeof(float), 512);
        for (var i = 0; i < Math.Min(2, scratch.PoolCount); i++)
            GraphWalk.Prefetch(_rows.AddressOf(GraphPool.Row(scratch.Pool[i])), lines);
        for (var i = 0; i < scratch.PoolCount; i++)
        {
            var row = GraphPool.Row(scratch.Pool[i]);
            if (i + 2 < scratch.PoolCount)
                GraphWalk.Prefetch(_rows.AddressOf(GraphPool.Row(scratch.Pool[i + 2])), lines);
            var key = GraphPool.Key(scratch.Pool[i]);
            if (best.Count == results.Length && key - errors.Most(search.Query.Blur * search.Query.LengthOf(_rows.Upper[row])) > _codes.KeyOf(best.Bound, search.SquaredLength))
                break;
            if (!search.Allows(_rows, row))
                continue;
            var score = Score(search.Prepared, new ReadOnlySpan<float>(_rows.VectorOf(row), Dimensions), _rows.FactorOf(row));
            scratch.VectorsRead++;
            errors.Add(key - _codes.KeyOf(score, search.SquaredLength));
            best.Offer(_rows.IdOf(row), score);
        }

        return best.Sort();
    }

    private float Score(ReadOnlySpan<float> query, ReadOnlySpan<float> row, float factor) => Metric switch
    {
        VectorMetric.Cosine => CosineKernel.Score(query, row, factor),
        VectorMetric.DotProduct => DotProductKernel.Score(query, row, factor),
        _ => EuclideanKernel.Score(query, row, factor),
    };
}
