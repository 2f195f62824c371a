namespace GenAI.Core.Indexing;

/// <summary>
/// Serves from an exact index, and from a graph once there are enough vectors and the graph is built. Searches go to whichever serves when
/// they begin and never wait for the change; writes go through here, one at a time.
/// </summary>
internal sealed partial class DynamicIndex : VectorIndex
{
    // An index around the threshold must not go back and forth: it turns exact again only at a quarter of it.
    private const int ShrinkFactor = 4;

    // A graph measures the breadth that it needs by its own vectors; queries that are unlike them need more. What was exact until now errs
    // on the side of recall (decision 60): queries of text-384 have 0.97 with this and 0.89 with the graph's own.
    internal const int LeastBreadth = 192;

    // Waited on by writes that a build has to catch up with first, hence no Lock.
    private readonly object _writing = new();
    private readonly DynamicIndexOptions _options;
    private readonly Func<GraphIndex> _newGraph;

    // All that may be stored: which ids to copy when the index changes its kind.
    private readonly IdSet _ids = new();
    private IndexLease _serving;
    private GraphConstruction? _construction;
    private int _leastForGraph;
    private bool _disposed;

    /// <param name="dimensions">The number of components of every vector.</param>
    /// <param name="metric">How vectors are compared.</param>
    /// <param name="options">Options.</param>
    /// <param name="newGraph">Makes an empty graph; null for one by the options. A test lets it fail.</param>
    public DynamicIndex(int dimensions, VectorMetric metric, DynamicIndexOptions options, Func<GraphIndex>? newGraph = null)
        : base(dimensions, metric)
    {
        _options = options;
        _newGraph = newGraph ?? (() => new GraphIndex(dimensions, metric, options.Graph ?? new GraphIndexOptions()));
        _leastForGraph = metric is VectorMetric.Manhattan or VectorMetric.Hamming ? int.MaxValue : options.GraphThreshold;
        _serving = new IndexLease(NewExact());
    }

    public override VectorIndexKind Kind => Volatile.Read(ref _serving).Index.Kind;

    public override int Count
    {
        get
        {
            if (Enter() is not { } serving)
                return 0;
            var count = serving.Index.Count;
            serving.Exit();
            return count;
        }
    }

    public override VectorIndexMemory Memory
    {
        get
        {
            lock (_writing)
            {
                if (_disposed)
                    return default;
                var serving = _serving.Index.Memory;
                var built = _construction?.Memory ?? default;
                return new VectorIndexMemory(serving.Codes + built.Codes, serving.Links + built.Links, serving.Vectors + built.Vectors, serving.Other + built.Other + _ids.Bytes);
            }
        }
    }

    /// <summary>Whether a graph is being built in the background.</summary>
    internal bool IsBuilding => Volatile.Read(ref _construction) is not null;

    /// <summary>Why the last graph could not be built; null if none has failed since one was.</summary>
    internal Exception? BuildFault { get; private set; }

    public override void Upsert(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);

            // Noted before they are stored: an id too many is harmless, one too few would be lost with a change of kind.
            _ids.Add(ids);
            _construction?.Note(ids);
            _serving.Index.Upsert(ids, vectors);
            if (_construction is null && _serving.Index is { Kind: VectorIndexKind.Exact } exact && exact.Count >= _leastForGraph)
                StartBuilding_NeedsLock();
            else
                _construction?.Pace_NeedsLock(ids.Length);
        }
    }

    public override bool Remove(long id)
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _construction?.Note([id]);
            if (!_serving.Index.Remove(id))
                return false;

            _ids.Remove(id);
            if (_serving.Index is { Kind: VectorIndexKind.Graph } graph && graph.Count < _options.GraphThreshold / ShrinkFactor)
                ReturnToExact_NeedsLock(graph);
            return true;
        }
    }

    public override int Search(ReadOnlySpan<float> query, Span<VectorMatch> results, in VectorSearchSettings settings = default)
    {
        var serving = EnterOrThrow();
        try
        {
            return serving.Index.Search(query, results, Broaden(settings, serving.Index, results.Length));
        }
        finally
        {
            serving.Exit();
        }
    }

    public override void SearchBatch(ReadOnlySpan<float> queries, Span<VectorMatch> results, int top, in VectorSearchSettings settings = default)
    {
        var serving = EnterOrThrow();
        try
        {
            serving.Index.SearchBatch(queries, results, top, Broaden(settings, serving.Index, top));
        }
        finally
        {
            serving.Exit();
        }
    }

    internal override VectorRowReader ReadRows()
    {
        var serving = EnterOrThrow();
        try
        {
            return new LeasedRowReader(serving, serving.Index.ReadRows());
        }
        catch
        {
            serving.Exit();
            throw;
        }
    }

    internal override bool TryCopyVector(long id, Span<float> destination)
    {
        var serving = EnterOrThrow();
        try
        {
            return serving.Index.TryCopyVector(id, destination);
        }
        finally
        {
            serving.Exit();
        }
    }

    protected override void Dispose(bool disposing)
    {
        GraphConstruction? construction;
        lock (_writing)
        {
            if (_disposed)
                return;
            Volatile.Write(ref _disposed, true);
            construction = _construction;
            construction?.Cancel();
            Monitor.PulseAll(_writing);
            _serving.Exit();
        }

        construction?.Join();
    }

    /// <summary>The settings, with a breadth of at least <see cref="LeastBreadth"/> for ten, and more for more, where none is asked for.</summary>
    private static VectorSearchSettings Broaden(in VectorSearchSettings settings, VectorIndex index, int top)
    {
        if (settings.SearchBreadth > 0 || index is not GraphIndex graph)
            return settings;
        var most = Math.Min(top, graph.Count);
        var breadth = Math.Max(LeastBreadth, graph.State.Breadth) * Math.Sqrt(Math.Max(1, most / 10d));
        return settings with { SearchBreadth = (int)Math.Max(breadth, most + 16d) };
    }

    private ExactIndex NewExact() => new(Dimensions, Metric, _options.Exact ?? new ExactIndexOptions());

    private IndexLease? Enter()
    {
        while (!Volatile.Read(ref _disposed))
        {
            // The one read may have been replaced and given up since; then there is another.
            var serving = Volatile.Read(ref _serving);
            if (serving.TryEnter())
                return serving;
        }

        return null;
    }

    private IndexLease EnterOrThrow() => Enter() ?? throw new ObjectDisposedException(GetType().FullName);
}
