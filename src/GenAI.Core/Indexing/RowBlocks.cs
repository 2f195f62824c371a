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
internal sealed unsafe class RowBlocks(int dimensions, IndexMemory memory)
{
    private readonly BlockTable _values = new(checked(dimensions * sizeof(float)), memory);
    private readonly BlockTable _infos = new(sizeof(RowInfo), memory);

    /// <summary>How many rows stand one after the other.</summary>
    public int RowsPerBlock => Math.Min(_values.PiecesPerBlock, _infos.PiecesPerBlock);

    /// <summary>Bytes of a row.</summary>
    public long RowBytes => (long)dimensions * sizeof(float) + sizeof(RowInfo);

    /// <summary>The bytes that vectors take.</summary>
    public long ValueBytes => _values.Bytes;

    /// <summary>The bytes that the rest takes.</summary>
    public long InfoBytes => _infos.Bytes;

    public Span<float> Row(int slot) => new(_values[slot], dimensions);

    /// <summary>The first of some rows that stand one after the other.</summary>
    public float* Start(int slot, out RowInfo* info)
    {
        info = (RowInfo*)_infos[slot];
        return (float*)_values[slot];
    }

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
