using GenAI.Core.Storage;

namespace GenAI.Core.Indexing;

/// <summary>
/// Compares the query with every row, through codes where they pay. Searches take no lock: a write fills rows that they do not see
/// yet and then puts a new state on view, so a batch is seen whole or not at all. A row that is replaced or removed is used again when
/// no search is left that may see it, and rows are moved so that few holes have to be scanned.
/// </summary>
internal sealed unsafe partial class ExactIndex : VectorIndex
{
    private readonly Lock _writing = new();
    private readonly ExactCodes _wanted;
    private readonly IndexMemory _memory;
    private readonly RowBlocks _rows;
    private readonly SlotPool _slots;
    private readonly IdRows _ids = new();
    private readonly IndexReaders<ExactState, ExactScratch> _readers;

    // Vectors too long or short for single precision to square are kept scaled in the rows, and here as they were given.
    private readonly System.Collections.Concurrent.ConcurrentDictionary<int, float[]> _originals = new();

    // Codes that are not complete: of the first rows that were there when they were started, so many have theirs; later rows have.
    private CodeBlocks? _started;
    private int _coded;
    private int _uncoded;

    private ExactState _state = new(Version: 1, Count: 0, Rows: 0, Codes: null);

    public ExactIndex(int dimensions, VectorMetric metric, ExactIndexOptions options, IndexMemory? memory = null)
        : base(dimensions, metric)
    {
        _memory = memory ?? new IndexMemory();
        _wanted = options.Codes;
        _rows = new RowBlocks(dimensions, _memory);
        _slots = new SlotPool(_rows);
        _readers = new(() => new ExactScratch(this, new ExactScan(metric, dimensions, _rows, _ids)));
        Reserve_NeedsLock(options.InitialCapacity);
    }

    /// <summary>Makes an index of what lies in a file. It cannot be written to; the file must stay open for longer than it.</summary>
    public ExactIndex(VectorMetric metric, MappedRows mapped, MappedSection? codes)
        : base(mapped.Dimensions, metric)
    {
        _memory = new IndexMemory();
        _rows = new RowBlocks(Dimensions, _memory, mapped);
        _slots = new SlotPool(_rows);
        _readers = new(() => new ExactScratch(this, new ExactScan(metric, Dimensions, _rows, _ids)));
        _state = new ExactState(1, mapped.Count, mapped.Count, codes is null ? null : new CodeBlocks(Dimensions, metric != VectorMetric.Cosine, _memory, codes));
    }

    public override int Count => Volatile.Read(ref _state).Count;

    public override VectorIndexMemory Memory => new(
        Codes: (Volatile.Read(ref _state).Codes ?? Volatile.Read(ref _started))?.Bytes ?? 0, Links: 0, Vectors: _rows.ValueBytes, Other: _rows.InfoBytes + _ids.Bytes + _readers.Bytes);

    internal override VectorRowReader ReadRows()
    {
        var scratch = _readers.Enter(ref _state, out var state);
        if (!state.IsDisposed)
        {
            scratch.Scan.Begin(state, default);
            return new ExactRowReader(this, scratch, _rows, state, _originals);
        }

        TakeBack(scratch);
        throw new ObjectDisposedException(nameof(ExactIndex));
    }

    internal override bool TryCopyVector(long id, Span<float> destination)
    {
        var scratch = _readers.Enter(ref _state, out var state);
        try
        {
            ObjectDisposedException.ThrowIf(state.IsDisposed, this);
            if (_rows.Mapped is { } mapped)
                return mapped.TryCopyOriginal(id, destination);
            scratch.Scan.Begin(state, default);
            if (!scratch.Scan.TryFind(id, out var slot))
                return false;

            if (_originals.TryGetValue(slot, out var original))
                original.CopyTo(destination);
            else
                _rows.Row(slot).CopyTo(destination);
            return true;
        }
        finally
        {
            TakeBack(scratch);
        }
    }

    internal ExactScratch Lend(long version) => _readers.Take(version);

    internal void TakeBack(ExactScratch scratch)
    {
        _readers.Exit(scratch);
        GC.KeepAlive(this);
    }

    protected override void Dispose(bool disposing)
    {
        lock (_writing)
        {
            if (_state.IsDisposed)
                return;
            Publish_NeedsLock(new ExactState(_state.Version + 1, 0, 0, null, IsDisposed: true));
            _readers.Dispose();
            _memory.Dispose();
            _originals.Clear();
        }
    }

    private static void Scale(ReadOnlySpan<float> vector, double length, Span<float> unit)
    {
        for (var i = 0; i < vector.Length; i++)
            unit[i] = (float)(vector[i] / length);
    }

    private void Publish_NeedsLock(ExactState state) => Interlocked.Exchange(ref _state, state);
}
