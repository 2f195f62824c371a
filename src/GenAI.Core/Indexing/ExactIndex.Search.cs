using System.Buffers;
using System.Numerics;

namespace GenAI.Core.Indexing;

/// <content>Searching.</content>
internal sealed partial class ExactIndex
{
    // Less than this for a thread costs more to hand out than to scan: about half a millisecond of reading.
    private const long FloatsPerThread = 2 << 20;

    // Rows that stay in the second-level cache while every query of a batch is compared with them.
    private const int TileFloats = 32 * 1024;

    private const int LeastRowsPerAllowed = 8;

    public override int Search(ReadOnlySpan<float> query, Span<VectorMatch> results, in VectorSearchSettings settings = default)
    {
        if (query.Length != Dimensions)
            throw new ArgumentException($"The query has {query.Length} values, but the index has {Dimensions} dimensions.", nameof(query));

        var prepared = ArrayPool<float>.Shared.Rent(Dimensions);
        _gate.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Prepare(query, prepared);
            var top = results[..Math.Min(results.Length, _count)];
            var asksFirst = IsSparse_NeedsLock(settings);
            var coded = UsesCodes_NeedsLock(top.Length, asksFirst);
            var threads = Threads(settings.MaxDegreeOfParallelism, FloatsRead_NeedsLock(coded));
            if (threads > 1)
                return SearchParallel_NeedsLock(prepared, top, settings, asksFirst, coded, threads);

            var matches = new TopVectors(top);
            if (!coded || !TryScanCodes_NeedsLock(prepared, 0, Groups(_count), ref matches, settings))
                Scan_NeedsLock(prepared.AsSpan(0, Dimensions), 0, _count, asksFirst, ref matches, settings);
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
        int[]? counts = null;
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            for (var query = 0; query < queryCount; query++)
                Prepare(queries.Slice(query * Dimensions, Dimensions), prepared.AsSpan(query * Dimensions, Dimensions), query);

            var kept = Math.Min(top, _count);
            if (kept == 0)
                return;

            heaps = ArrayPool<VectorMatch>.Shared.Rent(queryCount * kept);
            counts = ArrayPool<int>.Shared.Rent(queryCount);
            counts.AsSpan(0, queryCount).Clear();
            var asksFirst = IsSparse_NeedsLock(settings);
            var coded = UsesCodes_NeedsLock(kept, asksFirst);
            var threads = Math.Min(queryCount, Threads(settings.MaxDegreeOfParallelism, FloatsRead_NeedsLock(coded) * queryCount));
            if (threads > 1)
                SearchTilesParallel_NeedsLock(prepared, queryCount, heaps, kept, counts, settings, asksFirst, coded, threads);
            else
                SearchTiles_NeedsLock(prepared, 0, queryCount, heaps, kept, counts, settings, asksFirst, coded);

            for (var query = 0; query < queryCount; query++)
                heaps.AsSpan(query * kept, counts[query]).CopyTo(results.Slice(query * top, top));
        }
        finally
        {
            _gate.ExitReadLock();
            ArrayPool<float>.Shared.Return(prepared);
            if (heaps is not null)
                ArrayPool<VectorMatch>.Shared.Return(heaps);
            if (counts is not null)
                ArrayPool<int>.Shared.Return(counts);
        }
    }

    private static int Threads(int asked, long floats)
    {
        if (asked == 1)
            return 1;
        var useful = (int)Math.Clamp(floats / FloatsPerThread, 1, Environment.ProcessorCount);
        return asked == 0 ? useful : Math.Min(asked, useful);
    }

    private void Prepare(ReadOnlySpan<float> query, Span<float> prepared, int row = -1)
    {
        var length = VectorNorm.Check(query, Metric, out var fault);
        if (fault is not null)
            throw new ArgumentException($"{(row < 0 ? "The query" : $"The query of row {row}")} {fault}", nameof(query));

        if (Metric == VectorMetric.Cosine)
            Scale(query, length, prepared);
        else
            query.CopyTo(prepared);
    }

    private long FloatsRead_NeedsLock(bool coded) =>
        coded ? (long)Groups(_count) * _codes!.GroupBytes / sizeof(float) : (long)_count * Dimensions;

    private int SearchParallel_NeedsLock(float[] query, Span<VectorMatch> results, VectorSearchSettings settings, bool asksFirst, bool coded, int threads)
    {
        var kept = results.Length;
        var found = ArrayPool<VectorMatch>.Shared.Rent(threads * kept);
        try
        {
            var counts = new int[threads];
            var shared = new SharedBound();
            var groups = Groups(_count);
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = settings.CancellationToken }, part =>
            {
                var matches = new TopVectors(found.AsSpan(part * kept, kept));
                var values = query.AsSpan(0, Dimensions);
                var (first, end) = ((int)((long)part * groups / threads), (int)((part + 1L) * groups / threads));
                if (!coded || !TryScanCodes_NeedsLock(query, first, end, ref matches, settings, shared))
                    Scan_NeedsLock(values, first * NibbleKernels.GroupRows, (int)Math.Min((long)end * NibbleKernels.GroupRows, _count), asksFirst, ref matches, settings);
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

    private void SearchTilesParallel_NeedsLock(
        float[] queries, int queryCount, VectorMatch[] heaps, int kept, int[] counts, VectorSearchSettings settings, bool asksFirst, bool coded, int threads) =>
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = settings.CancellationToken }, part =>
        {
            var (first, end) = ((int)((long)part * queryCount / threads), (int)((part + 1L) * queryCount / threads));
            SearchTiles_NeedsLock(queries, first, end, heaps, kept, counts, settings, asksFirst, coded);
        });

    private void SearchTiles_NeedsLock(
        float[] queries, int first, int end, VectorMatch[] heaps, int kept, int[] counts, in VectorSearchSettings settings, bool asksFirst, bool coded)
    {
        if (coded)
        {
            SearchCodedTiles_NeedsLock(queries, first, end, heaps, kept, counts, settings);
            return;
        }

        var tile = Math.Max(1, TileFloats / Dimensions);
        for (var row = 0; row < _count; row += tile)
        {
            for (var query = first; query < end; query++)
            {
                var matches = new TopVectors(heaps.AsSpan(query * kept, kept), counts[query]);
                Scan_NeedsLock(queries.AsSpan(query * Dimensions, Dimensions), row, Math.Min(row + tile, _count), asksFirst, ref matches, settings);
                counts[query] = matches.Count;
            }
        }

        for (var query = first; query < end; query++)
            new TopVectors(heaps.AsSpan(query * kept, kept), counts[query]).Sort();
    }

    private void Scan_NeedsLock(ReadOnlySpan<float> query, int first, int end, bool asksFirst, ref TopVectors matches, in VectorSearchSettings settings)
    {
        while (first < end)
        {
            settings.CancellationToken.ThrowIfCancellationRequested();
            var rows = Math.Min(_rows.RowsPerBlock - first % _rows.RowsPerBlock, end - first);
            switch (Metric)
            {
                case VectorMetric.Cosine: ScanBlock<CosineKernel>(query, first, rows, asksFirst, ref matches, settings); break;
                case VectorMetric.DotProduct: ScanBlock<DotProductKernel>(query, first, rows, asksFirst, ref matches, settings); break;
                case VectorMetric.Euclidean: ScanBlock<EuclideanKernel>(query, first, rows, asksFirst, ref matches, settings); break;
                case VectorMetric.Manhattan: ScanBlock<ManhattanKernel>(query, first, rows, asksFirst, ref matches, settings); break;
                default: ScanBlock<HammingKernel>(query, first, rows, asksFirst, ref matches, settings); break;
            }

            first += rows;
        }
    }

    // Leaving rows out pays where it saves reading them. Where many are allowed, a scan that reads on and asks of the few rows that
    // would be kept is faster than one that guesses wrongly at every other row (100,000 x 384, every second allowed: asking first took 1.6
    // times as long as scanning everything).
    // Codes of all rows are less to read than one vector in eight.
    private bool IsSparse_NeedsLock(in VectorSearchSettings settings)
    {
        if (settings.AllowedIds is not { } allowed)
            return false;
        var count = 0L;
        foreach (var word in allowed.Span)
            count += BitOperations.PopCount(word);
        return count * (_codes is null ? 4 : LeastRowsPerAllowed) < _count;
    }

    private void ScanBlock<TKernel>(ReadOnlySpan<float> query, int first, int count, bool asksFirst, ref TopVectors matches, in VectorSearchSettings settings)
        where TKernel : struct, IMetricKernel
    {
        var rows = _rows.Rows(first, count, out var factors);
        var ids = _ids.AsSpan(first, count);
        for (var row = 0; row < count; row++)
        {
            if (asksFirst && !settings.Allows(ids[row]))
                continue;

            var score = TKernel.Score(query, rows.Slice(row * query.Length, query.Length), factors[row]);
            if (score >= matches.Bound && (asksFirst || settings.Allows(ids[row])))
                matches.Offer(ids[row], score);
        }
    }
}
