namespace GenAI.Core.Indexing;

/// <summary>A vector as an index stores it.</summary>
internal readonly unsafe ref struct StoredVector
{
    /// <summary>Where the index has it.</summary>
    public required int Row { get; init; }

    /// <summary>The vector, scaled if it is too long or too short for single precision to square.</summary>
    public required ReadOnlySpan<float> Values { get; init; }

    /// <summary>What the values are multiplied with before they are compared.</summary>
    public required float Factor { get; init; }

    /// <summary>The vector as it was given, if that is not what is stored; empty else.</summary>
    public ReadOnlySpan<float> Original { get; init; }

    /// <summary>The first four bytes of its 4-bit code and what is known of its error, the next four being a group's row further on; null if there is none.</summary>
    public int* Code { get; init; }
}

/// <summary>Reads what an index stores, as it was at one moment.</summary>
internal abstract class VectorRowReader : IDisposable
{
    /// <summary>The graph that the rows are linked in, if the index is one and no row was removed from it; null else.</summary>
    public virtual GraphIndex? WholeGraph => null;

    /// <summary>Finds a vector. What is returned is there until this is disposed of.</summary>
    public abstract bool TryRead(long id, out StoredVector vector);

    public abstract void Dispose();
}

/// <summary>Reads the rows of an exact index.</summary>
internal sealed unsafe class ExactRowReader(ExactIndex index, ExactScratch scratch, RowBlocks rows, ExactState state, IReadOnlyDictionary<int, float[]> originals) : VectorRowReader
{
    public override bool TryRead(long id, out StoredVector vector)
    {
        vector = default;
        if (!scratch.Scan.TryFind(id, out var row))
            return false;
        vector = new StoredVector { Row = row, Values = rows.Row(row), Factor = rows.FactorOf(row), Original = Original(row), Code = Code(row) };
        return true;
    }

    public override void Dispose() => index.TakeBack(scratch);

    private ReadOnlySpan<float> Original(int row) =>
        rows.Mapped is { } mapped ? mapped.OriginalOf(row) : originals.TryGetValue(row, out var original) ? original : default;

    private int* Code(int row)
    {
        var group = row / NibbleKernels.GroupRows;
        return state.Codes is { } codes ? (int*)codes.Start(group, group + 1) + row % NibbleKernels.GroupRows : null;
    }
}

/// <summary>Reads the rows of a graph.</summary>
internal sealed unsafe class GraphRowReader(GraphIndex index, GraphScratch scratch, GraphState state, IdRows ids, IReadOnlyDictionary<int, float[]> originals) : VectorRowReader
{
    public override GraphIndex? WholeGraph => state.Removed == 0 && state.Rows == state.Count ? index : null;

    public override bool TryRead(long id, out StoredVector vector)
    {
        var rows = index.Rows;
        vector = default;
        var (isKnown, row) = rows.Mapped is { } mapped ? (mapped.TryFind(id, out var place), place) : (ids.TryGet(id, out place), place);
        if (!isKnown || !rows.IsSeenIn(row, state.Version))
            return false;
        var original = rows.Mapped is not null ? rows.Mapped.OriginalOf(row) : originals.TryGetValue(row, out var given) ? given : default(ReadOnlySpan<float>);
        vector = new StoredVector { Row = row, Values = new ReadOnlySpan<float>(rows.VectorOf(row), rows.Dimensions), Factor = rows.FactorOf(row), Original = original };
        return true;
    }

    public override void Dispose() => index.TakeBack(scratch);
}

/// <summary>Reads the rows of an index that may be replaced by another meanwhile.</summary>
internal sealed class LeasedRowReader(IndexLease lease, VectorRowReader rows) : VectorRowReader
{
    public override GraphIndex? WholeGraph => rows.WholeGraph;

    public override bool TryRead(long id, out StoredVector vector) => rows.TryRead(id, out vector);

    public override void Dispose()
    {
        rows.Dispose();
        lease.Exit();
    }
}
