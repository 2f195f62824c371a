namespace GenAI.Core.Indexing;

/// <summary>What is known of a row beside its values. Versions count the writes of the index.</summary>
internal struct RowInfo
{
    /// <summary>The value of <see cref="Born"/> for a row that nobody sees, and of <see cref="Died"/> for one that has not been removed.</summary>
    public const long Never = long.MaxValue;

    public long Id;

    /// <summary>The version that the row is first seen in.</summary>
    public long Born;

    /// <summary>The version that the row is no longer seen in.</summary>
    public long Died;

    /// <summary>What the row's values are multiplied with to get what is compared.</summary>
    public float Factor;

    /// <summary>The row that held the vector of this id before, for searches that began then; -1 if there was none.</summary>
    public int Previous;

    /// <summary>Whether a search that began at a version sees the row.</summary>
    /// <remarks>A row that is used again is born before it is alive, so reading the other way round never sees the old birth with the new life.</remarks>
    public bool IsSeenIn(long version) => version < Volatile.Read(ref Died) && Volatile.Read(ref Born) <= version;
}

/// <summary>The vectors of an index in native memory, and what is known of each.</summary>
/// <remarks>One thread writes; any number read rows that were there when they began.</remarks>
internal sealed unsafe class RowBlocks(int dimensions, IndexMemory memory, MappedRows? mapped = null)
{
    private readonly BlockTable _values = new(checked(dimensions * sizeof(float)), memory);
    private readonly BlockTable _infos = new(sizeof(RowInfo), memory);

    /// <summary>The rows of a segment; null for those of this process. All of them are seen by every search, and nothing else is known of them.</summary>
    public MappedRows? Mapped => mapped;

    /// <summary>How many rows stand one after the other.</summary>
    public int RowsPerBlock => mapped is null ? Math.Min(_values.PiecesPerBlock, _infos.PiecesPerBlock) : int.MaxValue;

    /// <summary>Bytes of a row.</summary>
    public long RowBytes => (long)dimensions * sizeof(float) + sizeof(RowInfo);

    /// <summary>The bytes that vectors take.</summary>
    public long ValueBytes => _values.Bytes;

    /// <summary>The bytes that the rest takes.</summary>
    public long InfoBytes => _infos.Bytes;

    public Span<float> Row(int slot) => new(mapped is null ? _values[slot] : mapped.Row(slot), dimensions);

    /// <summary>The first of some rows that stand one after the other.</summary>
    /// <param name="slot">The first row.</param>
    /// <param name="count">Their number.</param>
    /// <param name="factor">Receives where the factor of the first is; null if all are 1.</param>
    /// <param name="step">Receives how many bytes farther the next one is.</param>
    public float* Start(int slot, int count, out float* factor, out int step)
    {
        if (mapped is not null)
        {
            step = sizeof(float);
            return mapped.Start(slot, count, out factor);
        }

        step = sizeof(RowInfo);
        factor = &((RowInfo*)_infos[slot])->Factor;
        return (float*)_values[slot];
    }

    /// <summary>Where a row lies, to be asked for ahead and not to be read.</summary>
    public byte* Address(int slot) => mapped is null ? _values[slot] : mapped.Address(slot);

    public long IdOf(int slot) => mapped is null ? Info(slot).Id : mapped.IdOf(slot);

    public float FactorOf(int slot) => mapped is null ? Info(slot).Factor : mapped.FactorOf(slot);

    /// <summary>Whether a search that began at a version sees the row.</summary>
    public bool IsSeenIn(int slot, long version) => mapped is not null || Info(slot).IsSeenIn(version);

    /// <summary>What is known of a row of this process.</summary>
    public ref RowInfo Info(int slot) => ref *(RowInfo*)_infos[slot];

    /// <summary>Makes room; where memory does not suffice, nothing has changed.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much.</exception>
    public void EnsureCapacity(long rows, long version)
    {
        _values.EnsureCapacity(rows, version);
        var known = _infos.Capacity;
        _infos.EnsureCapacity(rows, version);
        for (var slot = known; slot < _infos.Capacity; slot++)
            Clear((int)slot);
    }

    /// <summary>Makes a row one that nobody has ever seen.</summary>
    public void Clear(int slot)
    {
        ref var info = ref Info(slot);
        info.Previous = -1;
        Volatile.Write(ref info.Born, RowInfo.Never);
    }

    /// <summary>Gives back what <paramref name="rows"/> rows do not need.</summary>
    public void Trim(int rows, long version)
    {
        _values.Trim(rows, version);
        _infos.Trim(rows, version);
    }
}
