using GenAI.Core.Storage;

namespace GenAI.Core.Indexing;

/// <summary>What is known of a row beside its codes, links and values. Versions count the writes of the index.</summary>
internal struct GraphRowInfo
{
    /// <summary>The value of <see cref="Died"/> for a row that has not been removed.</summary>
    public const long Alive = long.MaxValue;

    public const int Outside = -1;

    public long Id;

    /// <summary>The version that the row is first seen in.</summary>
    public long Born;

    /// <summary>The version that the row is no longer seen in.</summary>
    public long Died;

    /// <summary>What the stored values are multiplied with before they are compared: one over the length for cosine.</summary>
    public float Factor;

    /// <summary>How many of the first links hold the spanning tree together and must not be dropped; <see cref="Outside"/> until the row is part of it.</summary>
    public int Children;

    /// <summary>The row that held the vector of this id before, for searches that began then; -1 if there was none.</summary>
    public int Previous;

    public readonly bool IsSeenIn(long version) => Born <= version && version < Died;
}

/// <summary>The memory of a graph: for each row two planes of codes, their signs, links, original values, and what is known beside.</summary>
internal sealed unsafe class GraphRows : IDisposable
{
    /// <summary>Stands behind the last link of a row that has fewer than the most.</summary>
    public const int NoLink = -1;

    public GraphRows(int dimensions, GraphCodes codes, int maxLinks, NativeLimit? limit = null)
    {
        (Dimensions, MaxLinks) = (dimensions, maxLinks);
        Upper = new NativeRows(codes.UpperStride, limit: limit);
        Lower = new NativeRows(codes.PlaneBytes, limit: limit);
        Signs = codes.HasSigns ? new NativeRows(GraphCodes.SignStride, limit: limit) : null;
        Links = new NativeRows(maxLinks * sizeof(int), fill: 0xFF, limit);
        Vectors = new NativeRows(checked(dimensions * sizeof(float)), limit: limit);
        Info = new NativeRows(sizeof(GraphRowInfo), limit: limit);
    }

    /// <summary>The rows of a file that is mapped.</summary>
    /// <param name="codes">What the codes were made with.</param>
    /// <param name="maxLinks">The most links of a row.</param>
    /// <param name="mapped">The vectors.</param>
    /// <param name="upper">The upper planes of codes.</param>
    /// <param name="lower">The lower planes.</param>
    /// <param name="signs">The signs; null where there are none.</param>
    /// <param name="links">The links.</param>
    public GraphRows(GraphCodes codes, int maxLinks, MappedRows mapped, MappedSection upper, MappedSection lower, MappedSection? signs, MappedSection links)
    {
        (Dimensions, MaxLinks, Mapped) = (mapped.Dimensions, maxLinks, mapped);
        Upper = new NativeRows(codes.UpperStride, upper, mapped.Count);
        Lower = new NativeRows(codes.PlaneBytes, lower, mapped.Count);
        Signs = signs is null ? null : new NativeRows(GraphCodes.SignStride, signs, mapped.Count);
        Links = new NativeRows(maxLinks * sizeof(int), links, mapped.Count);
        Vectors = new NativeRows(Dimensions * sizeof(float));
        Info = new NativeRows(sizeof(GraphRowInfo));
    }

    /// <summary>The rows of a segment; null for those of this process. All of them are seen by every search, and nothing is known of them in <see cref="Info"/>.</summary>
    public MappedRows? Mapped { get; }

    public int Dimensions { get; }

    public int MaxLinks { get; }

    public NativeRows Upper { get; }

    public NativeRows Lower { get; }

    /// <summary>The signs of the codes, which a walk reads first; null where the upper plane is short, and for segments that have none.</summary>
    public NativeRows? Signs { get; }

    public NativeRows Links { get; }

    public NativeRows Vectors { get; }

    public NativeRows Info { get; }

    /// <summary>Rows that every part has room for.</summary>
    public int Capacity => Mapped is null ? Info.Capacity : Mapped.Count;

    /// <summary>Bytes of a row.</summary>
    public long RowBytes => (long)Upper.Stride + Lower.Stride + (Signs?.Stride ?? 0) + Links.Stride + Vectors.Stride + Info.Stride;

    public long Bytes => CodeBytes + Links.Bytes + Vectors.Bytes + Info.Bytes;

    /// <summary>Bytes of the codes of all rows.</summary>
    public long CodeBytes => Upper.Bytes + Lower.Bytes + (Signs?.Bytes ?? 0);

    public int* LinksOf(int row) => (int*)Links[row];

    public float* VectorOf(int row) => Mapped is null ? (float*)Vectors[row] : Mapped.Row(row);

    /// <summary>Where a vector lies, to be asked for ahead and not to be read.</summary>
    public byte* AddressOf(int row) => Mapped is null ? Vectors[row] : Mapped.Address(row);

    public long IdOf(int row) => Mapped is null ? InfoOf(row).Id : Mapped.IdOf(row);

    public float FactorOf(int row) => Mapped is null ? InfoOf(row).Factor : Mapped.FactorOf(row);

    /// <summary>Whether a search that began at a version sees the row.</summary>
    public bool IsSeenIn(int row, long version) => Mapped is not null || InfoOf(row).IsSeenIn(version);

    /// <summary>What is known of a row of this process.</summary>
    public ref GraphRowInfo InfoOf(int row) => ref *(GraphRowInfo*)Info[row];

    public void EnsureCapacity(int rows)
    {
        // What readers look at to learn the capacity grows last.
        Upper.EnsureCapacity(rows);
        Lower.EnsureCapacity(rows);
        Signs?.EnsureCapacity(rows);
        Links.EnsureCapacity(rows);
        Vectors.EnsureCapacity(rows);
        Info.EnsureCapacity(rows);
    }

    public void Dispose()
    {
        Upper.Dispose();
        Lower.Dispose();
        Signs?.Dispose();
        Links.Dispose();
        Vectors.Dispose();
        Info.Dispose();
    }
}
