using System.Buffers;

namespace GenAI.Core.Indexing;

/// <summary>
/// A navigable graph in one layer over 8-bit codes, rescored by the original vectors. Searches take no lock: a write changes rows
/// that they do not see yet, and links one by one, and then puts a new state on view. A replaced or removed row stays linked, unseen,
/// until enough of them make a repair pay; it is used again when no search is left that may see it.
/// </summary>
internal sealed unsafe partial class GraphIndex : VectorIndex
{
    // A repair visits every row: done for each fifth, it costs about as much as inserting them did.
    private const double RepairShare = 0.2;
    private const int FewestRepaired = 64;

    // A row's number and a mark beside it fit in 32 bits, and so do those of whole pages.
    private const int MostRows = 2_000_000_000;

    // Handing out work for fewer vectors costs more than it saves.
    private const int ParallelRows = 32;

    private readonly Lock _writing = new();
    private readonly GraphIndexOptions _options;
    private readonly GraphCodes _codes;
    private readonly GraphRows _rows;
    private readonly GraphBuilder _builder;
    private readonly GraphRepair _repair;
    private readonly GraphEntries _entries;
    private readonly IndexReaders<GraphState, GraphScratch> _readers;
    private readonly IdRows _ids = new();
    private readonly GraphScan _scan;
    private readonly Stack<int> _free = new();
    private readonly List<int> _removed = [];
    private readonly Queue<(int Row, long Version)> _waiting = new();

    // Vectors too long or short for single precision to square are kept scaled in the rows, and here as they were given.
    private readonly System.Collections.Concurrent.ConcurrentDictionary<int, float[]> _originals = new();

    private GraphState _state = new(Version: 1, Count: 0, Rows: 0, Removed: 0, Entries: [], GraphAudit.LeastBreadth);
    private int _audited;
    private bool _disposed;

    public GraphIndex(int dimensions, VectorMetric metric, GraphIndexOptions options, NativeLimit? limit = null)
        : base(dimensions, metric)
    {
        if (metric is VectorMetric.Manhattan or VectorMetric.Hamming)
        {
            throw new ArgumentException(
                $"A graph index cannot compare by {metric}: its codes keep inner products. Use {nameof(CreateExact)} for it, or Cosine, DotProduct or Euclidean here.", nameof(metric));
        }

        _options = options;
        _codes = new GraphCodes(dimensions, metric);
        _rows = new GraphRows(dimensions, _codes, 2 * options.MaxNeighbors, limit);
        _builder = new GraphBuilder(_rows, _codes, Math.Max(options.BuildBreadth, options.MaxNeighbors));
        _repair = new GraphRepair(_rows, _codes, _builder);
        _entries = new GraphEntries(_rows, (ulong)options.Seed);
        _readers = new(() => new GraphScratch(dimensions, _codes, _rows.MaxLinks, limit));
        _scan = new GraphScan(_rows, _ids);
        Reserve_NeedsLock(options.InitialCapacity);
    }

    /// <summary>Makes an index of what lies in a file. It cannot be written to; the file must stay open for longer than it.</summary>
    public GraphIndex(VectorHead head, GraphCodes codes, GraphRows rows)
        : base(head.Dimensions, head.Metric)
    {
        _options = new GraphIndexOptions();
        (_codes, _rows) = (codes, rows);
        _builder = new GraphBuilder(_rows, _codes, _options.BuildBreadth);
        _repair = new GraphRepair(_rows, _codes, _builder);
        _entries = new GraphEntries(_rows, (ulong)_options.Seed);
        _readers = new(() => new GraphScratch(Dimensions, _codes, _rows.MaxLinks));
        _scan = new GraphScan(_rows, _ids);

        // What is in a file was in an index that decides by itself when it becomes a graph; it is searched as broadly as that one does.
        _state = new GraphState(1, head.Rows, head.Rows, Removed: 0, head.Entries, Math.Max(head.Breadth, DynamicIndex.LeastBreadth));
    }

    /// <summary>What the codes are made with.</summary>
    internal GraphCodes Codes => _codes;

    /// <summary>What is stored, for tests.</summary>
    internal GraphRows Rows => _rows;

    /// <summary>What searches see now, for tests.</summary>
    internal GraphState State => Volatile.Read(ref _state);

    public override int Count => Volatile.Read(ref _state).Count;

    public override VectorIndexMemory Memory => new(
        _rows.CodeBytes, _rows.Links.Bytes, _rows.Vectors.Bytes, _rows.Info.Bytes + _ids.Bytes + _readers.Bytes);

    public override void Upsert(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        VectorSections.ThrowIfMapped(_rows.Mapped);
        if (vectors.Length != (long)ids.Length * Dimensions)
            throw new ArgumentException($"{ids.Length} ids need {(long)ids.Length * Dimensions} values ({Dimensions} for each), but {vectors.Length} were given.", nameof(vectors));
        for (var row = 0; row < ids.Length; row++)
        {
            VectorNorm.Check(vectors.Slice(row * Dimensions, Dimensions), Metric, out var fault);
            if (fault is not null)
                throw new ArgumentException($"The vector of row {row} (id {ids[row]}) {fault}", nameof(vectors));
        }

        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (ids.IsEmpty)
                return;
            var sources = LastOfEach(ids);
            var count = sources?.Length ?? ids.Length;
            var taken = ArrayPool<int>.Shared.Rent(count);
            try
            {
                Reclaim_NeedsLock();
                Reserve_NeedsLock((long)_state.Rows + Math.Max(0, count - _free.Count));
                fixed (float* values = vectors)
                fixed (long* named = ids)
                    Put_NeedsLock(new GraphBatch(named, values, sources, taken, count));
            }
            finally
            {
                ArrayPool<int>.Shared.Return(taken);
            }
        }
    }

    public override bool Remove(long id)
    {
        VectorSections.ThrowIfMapped(_rows.Mapped);
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_ids.TryGet(id, out var row) || _rows.InfoOf(row).Died != GraphRowInfo.Alive)
                return false;

            // The id keeps leading to the row until no search can see it any more.
            var version = _state.Version + 1;
            Volatile.Write(ref _rows.InfoOf(row).Died, version);
            _removed.Add(row);
            Publish_NeedsLock(_state with { Version = version, Count = _state.Count - 1, Removed = _state.Removed + 1 });
            RepairIfDue_NeedsLock();
            return true;
        }
    }

    protected override void Dispose(bool disposing)
    {
        lock (_writing)
        {
            if (_disposed)
                return;
            Volatile.Write(ref _disposed, true);
            Publish_NeedsLock(new GraphState(_state.Version + 1, 0, 0, 0, [], GraphAudit.LeastBreadth));
            _readers.Dispose();
            _rows.Dispose();
            _originals.Clear();
        }
    }

    // Room for everything that is about to be written, or an exception and nothing has changed.
    private void Reserve_NeedsLock(long rows)
    {
        try
        {
            if (rows > MostRows)
                throw new InsufficientMemoryException($"An index has room for {MostRows:n0} vectors.");
            _rows.EnsureCapacity((int)rows);
        }
        catch (OutOfMemoryException exception)
        {
            throw NoMemory(rows, exception);
        }
    }

    private InsufficientMemoryException NoMemory(long rows, Exception cause) => new(
        $"There is no memory for {rows:n0} vectors of {Dimensions} dimensions: they take {rows * _rows.RowBytes:n0} bytes, and {_rows.Bytes:n0} are held now. " +
        "The index is as it was. Remove vectors, keep fewer of them in one index, or give the process more memory.",
        cause);

    private void Publish_NeedsLock(GraphState state) => Interlocked.Exchange(ref _state, state);

    /// <summary>Where each id stands last in the batch, or null if none is repeated.</summary>
    private static int[]? LastOfEach(ReadOnlySpan<long> ids)
    {
        if (ids.Length == 1)
            return null;
        var last = new Dictionary<long, int>(ids.Length);
        for (var i = 0; i < ids.Length; i++)
            last[ids[i]] = i;
        if (last.Count == ids.Length)
            return null;
        var sources = last.Values.ToArray();
        Array.Sort(sources);
        return sources;
    }

    /// <summary>Makes rows free that no search can see any more.</summary>
    private void Reclaim_NeedsLock()
    {
        if (_waiting.Count == 0)
            return;
        var oldest = _readers.OldestVersion();
        while (_waiting.TryPeek(out var next) && next.Version <= oldest)
        {
            _waiting.Dequeue();
            var id = _rows.InfoOf(next.Row).Id;
            if (_ids.TryGet(id, out var current) && current == next.Row)
                _ids.Remove(id, out _);
            _originals.TryRemove(next.Row, out _);
            _free.Push(next.Row);
        }
    }

    private void RepairIfDue_NeedsLock()
    {
        var removed = _state.Removed;
        if (removed < FewestRepaired || removed < RepairShare * (_state.Count + removed))
            return;

        var version = _state.Version + 1;
        var entries = Array.Empty<int>();
        if (_state.Count > 0)
        {
            InParallel_NeedsLock(_state.Rows, RepairThreads, (row, scratch) =>
            {
                if (_rows.InfoOf(row).Died == GraphRowInfo.Alive)
                    _repair.Reconnect(row, scratch);
            });
            var root = _entries.NearestAlive(_state.Entries[0], _state.Rows);
            var scratch = _readers.Take(version);
            _repair.Span(root, _state.Rows, scratch);
            TakeBack(scratch);
            entries = _entries.Choose(root, _state.Rows, _state.Count);
        }

        foreach (var row in _removed)
            _waiting.Enqueue((row, version));
        _removed.Clear();
        Publish_NeedsLock(_state with { Version = version, Removed = 0, Entries = entries });
    }

    internal void TakeBack(GraphScratch scratch)
    {
        _readers.Exit(scratch);
        GC.KeepAlive(this);
    }

    private int Threads => _options.MaxDegreeOfParallelism == 0 ? Environment.ProcessorCount : _options.MaxDegreeOfParallelism;

    // A repair is due after a small write as well; it leaves half of the processors to those who search.
    private int RepairThreads => Math.Min(Threads, Math.Max(1, Environment.ProcessorCount / 2));

    private void InParallel_NeedsLock(int count, int threads, Action<int, GraphScratch> action)
    {
        threads = Math.Clamp(threads, 1, Math.Max(1, count / ParallelRows));
        var next = 0;
        void Work()
        {
            var scratch = _readers.Take(_state.Version + 1);
            try
            {
                for (var i = Interlocked.Increment(ref next) - 1; i < count; i = Interlocked.Increment(ref next) - 1)
                    action(i, scratch);
            }
            finally
            {
                TakeBack(scratch);
            }
        }

        if (threads == 1)
            Work();
        else
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => Work());
    }
}
