using System.Buffers;
using System.Runtime.InteropServices;

namespace GenAI.Core.Indexing;

/// <summary>Compares the query with every row. Rows stay dense: a removed row's place is filled with the last one.</summary>
internal sealed class ExactIndex : VectorIndex
{
    // Less than this for a thread costs more to hand out than to scan: about half a millisecond of reading.
    private const long FloatsPerThread = 2 << 20;

    // Rows that stay in the second-level cache while every query of a batch is compared with them.
    private const int TileFloats = 32 * 1024;

    private readonly ReaderWriterLockSlim _gate = new();
    private readonly RowBlocks _rows;
    private readonly Dictionary<long, int> _slots;
    private long[] _ids;
    private int _count;
    private bool _disposed;

    // Vectors too long or short for single precision to square are kept scaled in the rows, and here as they were given.
    private readonly Dictionary<long, float[]> _originals = [];

    public ExactIndex(int dimensions, VectorMetric metric, ExactIndexOptions options)
        : base(dimensions, metric)
    {
        _rows = new RowBlocks(dimensions);
        _slots = new Dictionary<long, int>(options.InitialCapacity);
        _ids = new long[options.InitialCapacity];
        _rows.EnsureCapacity(options.InitialCapacity);
    }

    public override int Count => Volatile.Read(ref _count);

    public override void Upsert(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        if (vectors.Length != (long)ids.Length * Dimensions)
            throw new ArgumentException($"{ids.Length} ids need {(long)ids.Length * Dimensions} values ({Dimensions} for each), but {vectors.Length} were given.", nameof(vectors));

        var lengths = ArrayPool<double>.Shared.Rent(ids.Length);
        try
        {
            for (var row = 0; row < ids.Length; row++)
            {
                lengths[row] = VectorNorm.Check(vectors.Slice(row * Dimensions, Dimensions), Metric, out var fault);
                if (fault is not null)
                    throw new ArgumentException($"The vector of row {row} (id {ids[row]}) {fault}", nameof(vectors));
            }

            _gate.EnterWriteLock();
            try
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                for (var row = 0; row < ids.Length; row++)
                    Put_NeedsLock(ids[row], vectors.Slice(row * Dimensions, Dimensions), lengths[row]);
            }
            finally
            {
                _gate.ExitWriteLock();
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(lengths);
        }
    }

    public override bool Remove(long id)
    {
        _gate.EnterWriteLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_slots.Remove(id, out var slot))
                return false;

            _originals.Remove(id);
            var last = _count - 1;
            if (slot != last)
            {
                _rows.Row(last).CopyTo(_rows.Row(slot));
                _rows.Factor(slot) = _rows.Factor(last);
                _ids[slot] = _ids[last];
                _slots[_ids[slot]] = slot;
            }

            _count = last;
            _rows.Trim(last);
            return true;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    public override int Search(ReadOnlySpan<float> query, Span<VectorMatch> results, in VectorSearchSettings settings = default)
    {
        if (query.Length != Dimensions)
            throw new ArgumentException($"The query has {query.Length} values, but the index has {Dimensions} dimensions.", nameof(query));

        var prepared = ArrayPool<float>.Shared.Rent(Dimensions);
        _gate.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Prepare(query, prepared, "The query");
            var top = results[..Math.Min(results.Length, _count)];
            var threads = Threads_NeedsLock(settings.MaxDegreeOfParallelism, (long)_count * Dimensions);
            if (threads > 1)
                return SearchParallel_NeedsLock(prepared.AsMemory(0, Dimensions), top, settings, threads);

            var matches = new TopVectors(top);
            Scan_NeedsLock(prepared.AsSpan(0, Dimensions), 0, _count, ref matches, settings);
            return matches.Sort();
        }
        finally
        {
            _gate.ExitReadLock();
            ArrayPool<float>.Shared.Return(prepared);
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

        results.Fill(VectorMatch.None);
        if (results.IsEmpty)
            return;

        var prepared = ArrayPool<float>.Shared.Rent(queries.Length);
        _gate.EnterReadLock();
        VectorMatch[]? heaps = null;
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            for (var query = 0; query < queryCount; query++)
                Prepare(queries.Slice(query * Dimensions, Dimensions), prepared.AsSpan(query * Dimensions, Dimensions), $"The query of row {query}");

            var kept = Math.Min(top, _count);
            if (kept == 0)
                return;

            heaps = ArrayPool<VectorMatch>.Shared.Rent(queryCount * kept);
            var counts = new int[queryCount];
            var threads = Math.Min(queryCount, Threads_NeedsLock(settings.MaxDegreeOfParallelism, (long)_count * queries.Length));
            var (local, filled, shared) = (settings, heaps, prepared);
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = settings.CancellationToken }, part =>
            {
                var (first, end) = (part * queryCount / threads, (part + 1) * queryCount / threads);
                SearchTiles_NeedsLock(shared, first, end, filled, kept, counts, local);
            });

            for (var query = 0; query < queryCount; query++)
                heaps.AsSpan(query * kept, counts[query]).CopyTo(results.Slice(query * top, top));
        }
        finally
        {
            _gate.ExitReadLock();
            ArrayPool<float>.Shared.Return(prepared);
            if (heaps is not null)
                ArrayPool<VectorMatch>.Shared.Return(heaps);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _gate.EnterWriteLock();
        try
        {
            _disposed = true;
            (_count, _ids) = (0, []);
            _slots.Clear();
            _originals.Clear();
            _rows.Clear();
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    internal override bool TryCopyVector(long id, Span<float> destination)
    {
        _gate.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_slots.TryGetValue(id, out var slot))
                return false;

            if (_originals.TryGetValue(id, out var original))
                original.CopyTo(destination);
            else
                _rows.Row(slot).CopyTo(destination);
            return true;
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    private static int Threads_NeedsLock(int asked, long floats)
    {
        if (asked == 1)
            return 1;
        var useful = (int)Math.Clamp(floats / FloatsPerThread, 1, Environment.ProcessorCount);
        return asked == 0 ? useful : Math.Min(asked, useful);
    }

    private void Put_NeedsLock(long id, ReadOnlySpan<float> vector, double length)
    {
        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, id, out var known);
        if (!known)
        {
            slot = _count;
            _rows.EnsureCapacity(_count + 1);
            if (_count == _ids.Length)
                Array.Resize(ref _ids, Math.Max(16, _ids.Length * 2));
            _ids[slot] = id;
            _count++;
        }

        vector.CopyTo(_rows.Row(slot));
        if (Metric != VectorMetric.Cosine)
            return;

        if (length is > VectorNorm.Shortest and < VectorNorm.Longest)
        {
            _originals.Remove(id);
            _rows.Factor(slot) = (float)(1 / length);
        }
        else
        {
            _originals[id] = vector.ToArray();
            Scale(vector, length, _rows.Row(slot));
            _rows.Factor(slot) = 1;
        }
    }

    private void Prepare(ReadOnlySpan<float> query, Span<float> prepared, string name)
    {
        var length = VectorNorm.Check(query, Metric, out var fault);
        if (fault is not null)
            throw new ArgumentException($"{name} {fault}", nameof(query));

        if (Metric == VectorMetric.Cosine)
            Scale(query, length, prepared);
        else
            query.CopyTo(prepared);
    }

    private static void Scale(ReadOnlySpan<float> vector, double length, Span<float> unit)
    {
        for (var i = 0; i < vector.Length; i++)
            unit[i] = (float)(vector[i] / length);
    }

    private int SearchParallel_NeedsLock(ReadOnlyMemory<float> query, Span<VectorMatch> results, VectorSearchSettings settings, int threads)
    {
        var kept = results.Length;
        var found = ArrayPool<VectorMatch>.Shared.Rent(threads * kept);
        try
        {
            var counts = new int[threads];
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = settings.CancellationToken }, part =>
            {
                var matches = new TopVectors(found.AsSpan(part * kept, kept));
                Scan_NeedsLock(query.Span, (int)((long)part * _count / threads), (int)((part + 1L) * _count / threads), ref matches, settings);
                counts[part] = matches.Count;
            });

            var merged = new TopVectors(results);
            for (var part = 0; part < threads; part++)
            {
                foreach (var match in found.AsSpan(part * kept, counts[part]))
                    merged.Offer(match.Id, match.Score);
            }

            return merged.Sort();
        }
        finally
        {
            ArrayPool<VectorMatch>.Shared.Return(found);
        }
    }

    private void SearchTiles_NeedsLock(float[] queries, int first, int end, VectorMatch[] heaps, int kept, int[] counts, VectorSearchSettings settings)
    {
        var tile = Math.Max(1, TileFloats / Dimensions);
        for (var row = 0; row < _count; row += tile)
        {
            for (var query = first; query < end; query++)
            {
                var matches = new TopVectors(heaps.AsSpan(query * kept, kept), counts[query]);
                Scan_NeedsLock(queries.AsSpan(query * Dimensions, Dimensions), row, Math.Min(row + tile, _count), ref matches, settings);
                counts[query] = matches.Count;
            }
        }

        for (var query = first; query < end; query++)
            new TopVectors(heaps.AsSpan(query * kept, kept), counts[query]).Sort();
    }

    private void Scan_NeedsLock(ReadOnlySpan<float> query, int first, int end, ref TopVectors matches, in VectorSearchSettings settings)
    {
        while (first < end)
        {
            settings.CancellationToken.ThrowIfCancellationRequested();
            var rows = Math.Min(_rows.RowsPerBlock - first % _rows.RowsPerBlock, end - first);
            switch (Metric)
            {
                case VectorMetric.Cosine: ScanBlock<CosineKernel>(query, first, rows, ref matches, settings); break;
                case VectorMetric.DotProduct: ScanBlock<DotProductKernel>(query, first, rows, ref matches, settings); break;
                case VectorMetric.Euclidean: ScanBlock<EuclideanKernel>(query, first, rows, ref matches, settings); break;
                case VectorMetric.Manhattan: ScanBlock<ManhattanKernel>(query, first, rows, ref matches, settings); break;
                default: ScanBlock<HammingKernel>(query, first, rows, ref matches, settings); break;
            }

            first += rows;
        }
    }

    private void ScanBlock<TKernel>(ReadOnlySpan<float> query, int first, int count, ref TopVectors matches, in VectorSearchSettings settings)
        where TKernel : struct, IMetricKernel
    {
        var rows = _rows.Rows(first, count, out var factors);
        var ids = _ids.AsSpan(first, count);
        var filtered = settings.IsFiltered;
        for (var row = 0; row < count; row++)
        {
            if (filtered && !settings.Allows(ids[row]))
                continue;

            var score = TKernel.Score(query, rows.Slice(row * query.Length, query.Length), factors[row]);
            if (score >= matches.Bound)
                matches.Offer(ids[row], score);
        }
    }
}
