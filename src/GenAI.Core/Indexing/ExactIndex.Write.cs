using System.Buffers;

namespace GenAI.Core.Indexing;

internal sealed unsafe partial class ExactIndex
{
    // Below these, reading the vectors themselves takes no longer (0050-codes-with-a-bound.md).
    private const int LeastCodedRows = 4096;
    private const int LeastCodedDimensions = 16;

    // Sums of products of codes stay within 32 bits, and their rounding within the margins of the bound (0050-codes-with-a-bound.md).
    private const int MostCodedDimensions = 1 << 16;

    // A place's number and that of any block's end fit in 32 bits.
    private const int MostRows = 2_000_000_000;

    // Holes cost their share of a scan, and moving rows costs writing them: no more than one in sixteen, and a few.
    private const int RowsPerHole = 16;
    private const int FewestHoles = 64;
    private const int FewestMoves = 8;

    public override void Upsert(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors)
    {
        VectorSections.ThrowIfMapped(_rows.Mapped);
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

            lock (_writing)
            {
                ObjectDisposedException.ThrowIf(_state.IsDisposed, this);
                if (!ids.IsEmpty)
                    Put_NeedsLock(ids, vectors, lengths);
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(lengths);
        }
    }

    public override bool Remove(long id)
    {
        VectorSections.ThrowIfMapped(_rows.Mapped);
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_state.IsDisposed, this);
            if (!_ids.TryGet(id, out var slot) || _rows.Info(slot).Died != RowInfo.Never)
                return false;

            // The id keeps leading to the row until no search can see it any more.
            var version = _state.Version + 1;
            Volatile.Write(ref _rows.Info(slot).Died, version);
            _slots.Leave(slot, version);
            Publish_NeedsLock(_state with { Version = version, Count = _slots.Alive });
            Tidy_NeedsLock(FewestMoves);
            return true;
        }
    }

    /// <summary>Whether so many vectors are to have codes.</summary>
    internal static bool WantsCodes(ExactCodes wanted, VectorMetric metric, int dimensions, long rows) =>
        metric is VectorMetric.Cosine or VectorMetric.DotProduct or VectorMetric.Euclidean && dimensions <= MostCodedDimensions &&
        (wanted == ExactCodes.FourBit || (wanted == ExactCodes.Auto && rows >= LeastCodedRows && dimensions >= LeastCodedDimensions));

    private void Put_NeedsLock(ReadOnlySpan<long> ids, ReadOnlySpan<float> vectors, double[] lengths)
    {
        Reclaim_NeedsLock();
        var version = _state.Version + 1;
        var codes = Reserve_NeedsLock((long)_slots.Top + ids.Length, _state.Codes);

        // No row that is seen changes until the new state is on view; of an id that is repeated, the row of this batch is overwritten.
        for (var row = 0; row < ids.Length; row++)
        {
            var id = ids[row];
            var vector = vectors.Slice(row * Dimensions, Dimensions);
            var known = _ids.TryGet(id, out var old);
            if (known && _rows.Info(old).Born == version)
            {
                Store_NeedsLock(old, vector, lengths[row], codes);
                continue;
            }

            var slot = _slots.Take();
            Store_NeedsLock(slot, vector, lengths[row], codes);
            Enter_NeedsLock(slot, id, known ? old : -1, version);
            if (known && _rows.Info(old).Died == RowInfo.Never)
                Replace_NeedsLock(old, version);
            _ids.Set(id, slot);
        }

        Publish_NeedsLock(new ExactState(version, _slots.Alive, _slots.Top, codes));
        Tidy_NeedsLock(ids.Length + FewestMoves);
    }

    // Room for everything that is about to be written, or an exception and nothing has changed.
    private CodeBlocks? Reserve_NeedsLock(long rows, CodeBlocks? codes)
    {
        var version = _state.Version + 1;
        try
        {
            if (rows > MostRows)
                throw new InsufficientMemoryException($"An index has room for {MostRows:n0} vectors.");
            _rows.EnsureCapacity(rows, version);
            if (codes is null && WantsCodes(_wanted, Metric, Dimensions, rows))
            {
                codes = new CodeBlocks(Dimensions, hasLengths: Metric != VectorMetric.Cosine, _memory);
                codes.EnsureCapacity(rows, version);
                for (var slot = 0; slot < _slots.Top; slot++)
                    codes.Write(slot, _rows.Row(slot));
            }

            codes?.EnsureCapacity(rows, version);
            return codes;
        }
        catch (OutOfMemoryException exception)
        {
            _rows.Trim(_slots.Top, version);
            _state.Codes?.Trim(_slots.Top, version);
            Reclaim_NeedsLock();
            throw new InsufficientMemoryException(
                $"There is no memory for {rows:n0} vectors of {Dimensions} dimensions: they take {rows * _rows.RowBytes:n0} bytes, codes not counted, and {_rows.ValueBytes + _rows.InfoBytes:n0} " +
                "are held now. The index is as it was. Remove vectors, keep fewer of them in one index, or give the process more memory.",
                exception);
        }
    }

    private void Store_NeedsLock(int slot, ReadOnlySpan<float> vector, double length, CodeBlocks? codes)
    {
        var row = _rows.Row(slot);
        var factor = 1f;
        _originals.TryRemove(slot, out _);
        if (Metric != VectorMetric.Cosine || length is > VectorNorm.Shortest and < VectorNorm.Longest)
        {
            vector.CopyTo(row);
            if (Metric == VectorMetric.Cosine)
                factor = (float)(1 / length);
        }
        else
        {
            _originals[slot] = vector.ToArray();
            Scale(vector, length, row);
        }

        _rows.Info(slot).Factor = factor;
        codes?.Write(slot, row);
    }

    // From the last line on the row is seen by those who read this version.
    private void Enter_NeedsLock(int slot, long id, int previous, long version)
    {
        ref var info = ref _rows.Info(slot);
        (info.Id, info.Previous) = (id, previous);
        Volatile.Write(ref info.Born, version);
        Volatile.Write(ref info.Died, RowInfo.Never);
    }

    private void Replace_NeedsLock(int old, long version)
    {
        Volatile.Write(ref _rows.Info(old).Died, version);
        _slots.Leave(old, version);
    }

    // What nobody can see any more is free.
    private void Reclaim_NeedsLock()
    {
        var oldest = Math.Min(_readers.OldestVersion(), _state.Version);
        while (_slots.TryBury(oldest, out var slot))
        {
            var id = _rows.Info(slot).Id;
            if (_ids.TryGet(id, out var current) && current == slot)
                _ids.Remove(id, out _);
            _originals.TryRemove(slot, out _);
            _slots.Free(slot);
        }

        _memory.Reclaim(oldest);
    }

    // Moves the last rows into holes where there are many, as many as the write that caused them has written.
    private void Tidy_NeedsLock(int moves)
    {
        Reclaim_NeedsLock();
        _slots.DropEnd();
        var version = _state.Version + 1;
        if (_slots.Holes > _slots.Alive / RowsPerHole + FewestHoles)
        {
            // Places that long searches keep from being free are passed over, but not again and again.
            for (int last = _slots.Top - 1, looks = 4 * moves + FewestHoles; last > 0 && moves > 0 && looks > 0; last--, looks--)
            {
                if (_rows.Info(last).Died != RowInfo.Never || _rows.Info(last).Born > _state.Version)
                    continue;
                if (!_slots.TryTakeHole(out var hole, last))
                    break;
                Move_NeedsLock(last, hole, version);
                moves--;
            }

            Publish_NeedsLock(_state with { Version = version });
            Reclaim_NeedsLock();
            _slots.DropEnd();
        }

        if (_slots.Top == _state.Rows)
            return;
        version = _state.Version + 1;
        Publish_NeedsLock(_state with { Version = version, Rows = _slots.Top });
        _rows.Trim(_slots.Top, version);
        _state.Codes?.Trim(_slots.Top, version);
        Reclaim_NeedsLock();
    }

    private void Move_NeedsLock(int from, int to, long version)
    {
        _rows.Row(from).CopyTo(_rows.Row(to));
        _rows.Info(to).Factor = _rows.Info(from).Factor;
        _state.Codes?.Copy(from, to);
        if (_originals.TryGetValue(from, out var original))
            _originals[to] = original;
        var id = _rows.Info(from).Id;
        Enter_NeedsLock(to, id, from, version);
        Volatile.Write(ref _rows.Info(from).Died, version);
        _slots.Move(from, version);
        _ids.Set(id, to);
    }
}
