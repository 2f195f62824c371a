using System.Buffers;
using System.Runtime.InteropServices;

namespace GenAI.Core.Indexing;

/// <summary>Compares the query with every row. Rows stay dense: a removed row's place is filled with the last one.</summary>
internal sealed partial class ExactIndex : VectorIndex
{
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly RowBlocks _rows;
    private readonly Dictionary<long, int> _slots;
    private readonly ExactCodes _wanted;
    private CodeBlocks? _codes;
    private long[] _ids;
    private int _count;
    private bool _disposed;

    // Vectors too long or short for single precision to square are kept scaled in the rows, and here as they were given.
    private readonly Dictionary<long, float[]> _originals = [];

    public ExactIndex(int dimensions, VectorMetric metric, ExactIndexOptions options)
        : base(dimensions, metric)
    {
        _wanted = options.Codes;
        _pool = new CodedQueryPool(dimensions);
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
                if (_codes is null && WantsCodes(_count))
                    StartCodes_NeedsLock();
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
                _codes?.Copy(last, slot);
                _ids[slot] = _ids[last];
                _slots[_ids[slot]] = slot;
            }

            _count = last;
            _rows.Trim(last);
            _codes?.Trim(last);
            return true;
        }
        finally
        {
            _gate.ExitWriteLock();
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
            _rows.Dispose();
            _codes?.Dispose();
            _codes = null;
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

    private void Put_NeedsLock(long id, ReadOnlySpan<float> vector, double length)
    {
        // Room first: if there is none, nothing has changed.
        _rows.EnsureCapacity(_count + 1);
        _codes?.EnsureCapacity(_count + 1);
        if (_count == _ids.Length)
            Array.Resize(ref _ids, Math.Max(16, _ids.Length * 2));

        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, id, out var known);
        if (!known)
        {
            slot = _count;
            _ids[_count++] = id;
        }

        Store_NeedsLock(slot, id, vector, length);
        _codes?.Write(slot, _rows.Row(slot));
    }

    private void Store_NeedsLock(int slot, long id, ReadOnlySpan<float> vector, double length)
    {
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

    private static void Scale(ReadOnlySpan<float> vector, double length, Span<float> unit)
    {
        for (var i = 0; i < vector.Length; i++)
            unit[i] = (float)(vector[i] / length);
    }
}
