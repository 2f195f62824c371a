using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace GenAI.Core.Indexing;

/// <summary>How a search goes about it.</summary>
internal enum ExactPlan
{
    /// <summary>Every vector is compared with the query.</summary>
    Plain,

    /// <summary>Every code is, and those vectors that it cannot rule out.</summary>
    Coded,

    /// <summary>Only vectors of allowed ids are looked up and compared.</summary>
    Allowed,
}

/// <summary>What a search sees of the index, taken at one moment. Rows say themselves in which versions they are seen.</summary>
/// <param name="Version">Counts the writes, from 1.</param>
/// <param name="Count">Vectors that are seen.</param>
/// <param name="Rows">Rows that have to be looked at.</param>
/// <param name="Codes">The rows' codes, if there are any.</param>
/// <param name="IsDisposed">Whether there is nothing left.</param>
internal sealed record ExactState(long Version, int Count, int Rows, CodeBlocks? Codes, bool IsDisposed = false) : IVersionedState;

/// <summary>Scans one state of an index on one thread.</summary>
internal sealed unsafe partial class ExactScan(VectorMetric metric, int dimensions, RowBlocks rows, IdRows ids)
{
    // Rows that stay in the second-level cache while every query of a batch is compared with them.
    private const int TileFloats = 32 * 1024;

    // So many rows ahead, one is on its way from memory when it is its turn.
    private const int Ahead = 4;

    // Between looks at the cancellation token: about a tenth of a millisecond.
    private const int RowsAtOnce = 2048;

    private readonly int[] _found = new int[128];
    private ExactState _state = new(0, 0, 0, null);
    private VectorSearchSettings _settings;

    public long CodesRead { get; private set; }

    public long VectorsRead { get; private set; }

    public void Begin(ExactState state, in VectorSearchSettings settings) =>
        (_state, _settings, CodesRead, VectorsRead) = (state, settings, 0, 0);

    /// <summary>Lets go of what belongs to the caller.</summary>
    public void End() => _settings = default;

    /// <summary>Compares a part of what a plan looks at with one query.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="query">The query, coded if the plan asks for it and it can be.</param>
    /// <param name="first">The first of the part: a row, a group of coded rows, or a word of the bitmap.</param>
    /// <param name="end">The one behind the last.</param>
    /// <param name="shared">The bound of other threads that search for the same query, if there are any.</param>
    public void Part(ExactPlan plan, ScanQuery query, int first, int end, SharedBound? shared = null)
    {
        if (plan == ExactPlan.Allowed)
            Allowed(new ReadOnlySpan<ScanQuery>(in query), first, end);
        else if (plan == ExactPlan.Plain)
            Plain(new ReadOnlySpan<ScanQuery>(in query), first, end);
        else if (query.IsCoded)
            Groups(query, first, end, shared);
        else
            Plain(new ReadOnlySpan<ScanQuery>(in query), first * NibbleKernels.GroupRows, (int)Math.Min((long)end * NibbleKernels.GroupRows, _state.Rows));
    }

    /// <summary>Compares every vector with the queries, a stretch of rows that stays in the cache after the other.</summary>
    public void Plain(ReadOnlySpan<ScanQuery> queries, int first, int end)
    {
        var tile = queries.Length == 1 ? RowsAtOnce : Math.Max(1, TileFloats / dimensions);
        while (first < end)
        {
            _settings.CancellationToken.ThrowIfCancellationRequested();
            var count = Math.Min(Math.Min(tile, rows.RowsPerBlock - first % rows.RowsPerBlock), end - first);
            foreach (var query in queries)
            {
                var matches = query.Matches;
                switch (metric)
                {
                    case VectorMetric.Cosine: Stretch<CosineKernel>(query, first, count, ref matches); break;
                    case VectorMetric.DotProduct: Stretch<DotProductKernel>(query, first, count, ref matches); break;
                    case VectorMetric.Euclidean: Stretch<EuclideanKernel>(query, first, count, ref matches); break;
                    case VectorMetric.Manhattan: Stretch<ManhattanKernel>(query, first, count, ref matches); break;
                    default: Stretch<HammingKernel>(query, first, count, ref matches); break;
                }

                query.Keep(matches);
                VectorsRead += count;
            }

            first += count;
        }
    }

    /// <summary>Compares the vectors whose ids some words of the bitmap allow.</summary>
    public void Allowed(ReadOnlySpan<ScanQuery> queries, int firstWord = 0, int endWord = int.MaxValue)
    {
        var count = 0;
        var words = _settings.AllowedIds!.Value.Span;
        for (var word = firstWord; word < Math.Min(endWord, words.Length); word++)
        {
            for (var bits = words[word]; bits != 0; bits &= bits - 1)
            {
                var id = ((long)word << 6) + System.Numerics.BitOperations.TrailingZeroCount(bits);
                if (!TryFind(id, out var slot) || (_settings.Filter is { } filter && !filter(id)))
                    continue;
                _found[count++] = slot;
                if (count < _found.Length)
                    continue;
                ScoreFound(queries, count);
                count = 0;
            }
        }

        ScoreFound(queries, count);
    }

    /// <summary>Finds the row of an id that this state sees.</summary>
    public bool TryFind(long id, out int slot)
    {
        if (rows.Mapped is { } mapped)
            return mapped.TryFind(id, out slot);
        if (!ids.TryGet(id, out slot))
            return false;

        // Written since the search began: then the row before it is still there.
        while (Volatile.Read(ref rows.Info(slot).Born) > _state.Version)
        {
            slot = rows.Info(slot).Previous;
            if (slot < 0)
                return false;
        }

        // The row may have been given to another id since.
        return rows.Info(slot).IsSeenIn(_state.Version) && rows.Info(slot).Id == id;
    }

    private void ScoreFound(ReadOnlySpan<ScanQuery> queries, int count)
    {
        _settings.CancellationToken.ThrowIfCancellationRequested();
        for (var i = 0; i < Math.Min(Ahead, count); i++)
            Prefetch(_found[i]);
        foreach (var query in queries)
        {
            var matches = query.Matches;
            for (var i = 0; i < count; i++)
            {
                if (i + Ahead < count)
                    Prefetch(_found[i + Ahead]);
                Score(query, _found[i], ref matches);
            }

            query.Keep(matches);
        }
    }

    private void Stretch<TKernel>(ScanQuery query, int first, int count, ref TopVectors matches)
        where TKernel : struct, IMetricKernel
    {
        var vector = query.Vector;
        var row = rows.Start(first, count, out var factor, out var step);
        for (var i = 0; i < count; i++, row += dimensions, factor = (float*)((byte*)factor + step))
        {
            var score = TKernel.Score(vector, new ReadOnlySpan<float>(row, dimensions), typeof(TKernel) == typeof(CosineKernel) ? *factor : 1);
            if (score >= matches.Bound && Allows(first + i))
                matches.Offer(rows.IdOf(first + i), score);
        }
    }

    private bool Allows(int slot) => rows.IsSeenIn(slot, _state.Version) && _settings.Allows(rows.IdOf(slot));

    // Scores a row that may be returned, as the plain scan does.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score(ScanQuery query, int slot, ref TopVectors matches)
    {
        var vector = query.Vector;
        var row = rows.Row(slot);
        var score = metric switch
        {
            VectorMetric.Cosine => CosineKernel.Score(vector, row, rows.FactorOf(slot)),
            VectorMetric.DotProduct => DotProductKernel.Score(vector, row, 1),
            VectorMetric.Euclidean => EuclideanKernel.Score(vector, row, 1),
            VectorMetric.Manhattan => ManhattanKernel.Score(vector, row, 1),
            _ => HammingKernel.Score(vector, row, 1),
        };
        if (score >= matches.Bound)
            matches.Offer(rows.IdOf(slot), score);
        VectorsRead++;
    }

    private void Prefetch(int slot)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(rows.Mapped is { } mapped ? mapped.FactorAddress(slot) : Unsafe.AsPointer(ref rows.Info(slot)));
        var start = rows.Address(slot);
        for (var i = 0; i < dimensions * sizeof(float); i += 64)
            Sse.Prefetch0(start + i);
    }
}
