using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace GenAI.Core.Indexing;

/// <content>Searching through codes. What is found is what the plain scan finds, bit for bit.</content>
internal sealed unsafe partial class ExactIndex
{
    // Below these, reading the vectors themselves takes no longer (0050-codes-with-a-bound.md).
    private const int LeastCodedRows = 4096;
    private const int LeastCodedDimensions = 32;

    // Where more than one row in so many is wanted, most rows have to be read anyhow.
    private const int LeastRowsPerMatch = 32;

    private const int QueriesAtOnce = 4;

    private readonly CodedQueryPool _pool;

    /// <summary>The bytes that vectors, ids and codes take, apart from the table of ids.</summary>
    internal long BytesHeld
    {
        get
        {
            _gate.EnterReadLock();
            try
            {
                return _rows.Bytes + _ids.Length * (long)sizeof(long) + (_codes?.Bytes ?? 0);
            }
            finally
            {
                _gate.ExitReadLock();
            }
        }
    }

    private static int Groups(int rows) => (int)(((long)rows + NibbleKernels.GroupRows - 1) / NibbleKernels.GroupRows);

    private bool WantsCodes(int rows) =>
        Metric is VectorMetric.Cosine or VectorMetric.DotProduct or VectorMetric.Euclidean &&
        (_wanted == ExactCodes.FourBit || (_wanted == ExactCodes.Auto && rows >= LeastCodedRows && Dimensions >= LeastCodedDimensions));

    // All at once when there are enough; later writes code their own rows.
    private void StartCodes_NeedsLock()
    {
        var codes = new CodeBlocks(Dimensions, hasLengths: Metric != VectorMetric.Cosine);
        codes.EnsureCapacity(_count);
        for (var slot = 0; slot < _count; slot++)
            codes.Write(slot, _rows.Row(slot));
        _codes = codes;
    }

    private bool UsesCodes_NeedsLock(int kept, bool asksFirst) =>
        _codes is not null && !asksFirst && (_wanted == ExactCodes.FourBit || (long)kept * LeastRowsPerMatch <= _count);

    // Offers the rows of some groups to the matches; false where the query cannot be coded, and nothing was done.
    private bool TryScanCodes_NeedsLock(float[] query, int firstGroup, int endGroup, ref TopVectors matches, in VectorSearchSettings settings, SharedBound? shared = null)
    {
        var blocks = _codes!;
        var buffer = ArrayPool<sbyte>.Shared.Rent(blocks.Steps * NibbleKernels.StepDimensions);
        var coded = _pool.Rent();
        try
        {
            if (!coded.Prepare(query.AsSpan(0, Dimensions), Metric, blocks.Rotation, buffer.AsSpan(0, blocks.Steps * NibbleKernels.StepDimensions)))
                return false;

            var rows = new ScannedRows(this, query, 0, settings);
            fixed (sbyte* codes = buffer)
                ScanGroups(coded, codes, firstGroup, endGroup, rows, ref matches, shared, settings.CancellationToken);
            CodeScan.Settle(coded, blocks, rows, ref matches);
            return true;
        }
        finally
        {
            _pool.Return(coded);
            ArrayPool<sbyte>.Shared.Return(buffer);
        }
    }

    private void ScanGroups(
        CodedQuery coded, sbyte* query, int group, int endGroup, in ScannedRows rows, ref TopVectors matches, SharedBound? shared, CancellationToken cancellationToken)
    {
        var blocks = _codes!;
        var sums = stackalloc int[NibbleKernels.GroupRows];
        var estimates = stackalloc float[NibbleKernels.GroupRows];
        while (group < endGroup)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (shared is not null)
            {
                shared.Raise(matches.Bound);
                CodeScan.Tighten(coded, shared.Value);
            }

            var end = Math.Min(endGroup, (group / blocks.GroupsPerBlock + 1) * blocks.GroupsPerBlock);
            for (var bytes = blocks.Group(group); group < end; group++, bytes += blocks.GroupBytes)
            {
                NibbleKernels.Dot(bytes, query, blocks.Steps, sums);
                var kept = CodeScan.Kept(coded, blocks.Along(bytes), sums, estimates, out var likely) & Present(group);
                if (kept != 0)
                    CodeScan.Take(coded, blocks, group, kept, likely, estimates, rows, ref matches);
            }
        }
    }

    // The queries of a batch go through each block of codes while it is in the cache, four at a time.
    private void SearchCodedTiles_NeedsLock(float[] queries, int first, int end, VectorMatch[] heaps, int kept, int[] counts, in VectorSearchSettings settings)
    {
        var (blocks, queryCodes) = (_codes!, _codes!.Steps * NibbleKernels.StepDimensions);
        var rounded = (end - first + QueriesAtOnce - 1) / QueriesAtOnce * QueriesAtOnce;
        var buffer = ArrayPool<sbyte>.Shared.Rent(rounded * queryCodes);
        var coded = ArrayPool<CodedQuery?>.Shared.Rent(rounded);
        var owned = coded.AsSpan(0, rounded);
        owned.Clear();
        try
        {
            var groups = Groups(_count);
            for (var i = 0; i < end - first; i++)
            {
                owned[i] = _pool.Rent();
                if (owned[i]!.Prepare(queries.AsSpan((first + i) * Dimensions, Dimensions), Metric, blocks.Rotation, buffer.AsSpan(i * queryCodes, queryCodes)))
                    continue;
                _pool.Return(owned[i]!);
                owned[i] = null;
                var matches = new TopVectors(heaps.AsSpan((first + i) * kept, kept));
                Scan_NeedsLock(queries.AsSpan((first + i) * Dimensions, Dimensions), 0, _count, false, ref matches, settings);
                counts[first + i] = matches.Count;
            }

            fixed (sbyte* codes = buffer)
            {
                for (var group = 0; group < groups; group += blocks.GroupsPerBlock)
                {
                    settings.CancellationToken.ThrowIfCancellationRequested();
                    var endGroup = Math.Min(groups, group + blocks.GroupsPerBlock);
                    for (var i = 0; i < rounded; i += QueriesAtOnce)
                        ScanTile(owned.Slice(i, QueriesAtOnce), codes + i * queryCodes, group, endGroup, queries, first + i, heaps, kept, counts, settings);
                }
            }

            for (var i = 0; i < end - first; i++)
            {
                var query = first + i;
                var matches = new TopVectors(heaps.AsSpan(query * kept, kept), counts[query]);
                if (owned[i] is { } one)
                {
                    var rows = new ScannedRows(this, queries, query * Dimensions, settings);
                    CodeScan.Settle(one, blocks, rows, ref matches);
                    counts[query] = matches.Count;
                }

                matches.Sort();
            }
        }
        finally
        {
            foreach (var one in owned)
            {
                if (one is not null)
                    _pool.Return(one);
            }

            owned.Clear();
            ArrayPool<CodedQuery?>.Shared.Return(coded);
            ArrayPool<sbyte>.Shared.Return(buffer);
        }
    }

    private void ScanTile(
        ReadOnlySpan<CodedQuery?> coded, sbyte* codes, int group, int endGroup, float[] queries, int first, VectorMatch[] heaps, int kept, int[] counts, in VectorSearchSettings settings)
    {
        var blocks = _codes!;
        var sums = stackalloc int[QueriesAtOnce * NibbleKernels.GroupRows];
        var estimates = stackalloc float[NibbleKernels.GroupRows];
        for (var bytes = blocks.Group(group); group < endGroup; group++, bytes += blocks.GroupBytes)
        {
            var present = Present(group);
            NibbleKernels.Dot4(bytes, codes, blocks.Steps, sums);
            for (var i = 0; i < coded.Length; i++)
            {
                if (coded[i] is not { } one)
                    continue;
                var lanes = CodeScan.Kept(one, blocks.Along(bytes), sums + i * NibbleKernels.GroupRows, estimates, out var likely) & present;
                if (lanes == 0)
                    continue;

                var query = first + i;
                var rows = new ScannedRows(this, queries, query * Dimensions, settings);
                var matches = new TopVectors(heaps.AsSpan(query * kept, kept), counts[query]);
                CodeScan.Take(one, blocks, group, lanes, likely, estimates, rows, ref matches);
                counts[query] = matches.Count;
            }
        }
    }

    // Which rows of a group there are: the last group may not be full.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Present(int group)
    {
        var rows = _count - group * NibbleKernels.GroupRows;
        return rows >= NibbleKernels.GroupRows ? 0xFFFF : (1u << rows) - 1;
    }

    private readonly struct ScannedRows(ExactIndex index, float[] queries, int first, in VectorSearchSettings settings) : IScannedRows
    {
        private readonly VectorSearchSettings _settings = settings;

        public bool Allows(int slot) => _settings.Allows(index._ids[slot]);

        public void Score(int slot, ref TopVectors matches)
        {
            var query = queries.AsSpan(first, index.Dimensions);
            var (id, factor) = (index._ids[slot], index._rows.Factor(slot));
            var row = index._rows.Row(slot);
            var score = index.Metric switch
            {
                VectorMetric.Cosine => CosineKernel.Score(query, row, factor),
                VectorMetric.DotProduct => DotProductKernel.Score(query, row, factor),
                _ => EuclideanKernel.Score(query, row, factor),
            };
            if (score >= matches.Bound)
                matches.Offer(id, score);
        }

        public void Prefetch(int slot)
        {
            if (!Sse.IsSupported)
                return;
            var row = MemoryMarshal.AsBytes(index._rows.Row(slot));
            var start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(row));
            for (var i = 0; i < row.Length; i += 64)
                Sse.Prefetch0(start + i);
        }
    }
}
