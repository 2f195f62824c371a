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

/// <summary>The memory of a graph: for each row two planes of codes, links, original values, and what is known beside.</summary>
internal sealed unsafe class GraphRows : IDisposable
{
    /// <summary>Stands behind the last link of a row that has fewer than the most.</summary>
    public const int NoLink = -1;

    public GraphRows(int dimensions, GraphCodes codes, int maxLinks, NativeLimit? limit = null)
    {
        (Dimensions, MaxLinks) = (dimensions, maxLinks);
        Upper = new NativeRows(codes.UpperStride, limit: limit);
        Lower = new NativeRows(codes.PlaneBytes, limit: limit);
        Links = new NativeRows(maxLinks * sizeof(int), fill: 0xFF, limit);
        Vectors = new NativeRows(checked(dimensions * sizeof(float)), limit: limit);
        Info = new NativeRows(sizeof(GraphRowInfo), limit: limit);
    }

    public int Dimensions { get; }

    public int MaxLinks { get; }

    public NativeRows Upper { get; }

    public NativeRows Lower { get; }

    public NativeRows Links { get; }

    public NativeRows Vectors { get; }

    public NativeRows Info { get; }

    /// <summary>Rows that every part has room for.</summary>
    public int Capacity => Info.Capacity;

    /// <summary>Bytes of a row.</summary>
    public long RowBytes => (long)Upper.Stride + Lower.Stride + Links.Stride + Vectors.Stride + Info.Stride;

    public long Bytes => Upper.Bytes + Lower.Bytes + Links.Bytes + Vectors.Bytes + Info.Bytes;

    public int* LinksOf(int row) => (int*)Links[row];

    public float* VectorOf(int row) => (float*)Vectors[row];

    public ref GraphRowInfo InfoOf(int row) => ref *(GraphRowInfo*)Info[row];

    public void EnsureCapacity(int rows)
    {
        // What readers look at to learn the capacity grows last.
        Upper.EnsureCapacity(rows);
        Lower.EnsureCapacity(rows);
        Links.EnsureCapacity(rows);
        Vectors.EnsureCapacity(rows);
        Info.EnsureCapacity(rows);
    }

    public void Dispose()
    {
        Upper.Dispose();
        Lower.Dispose();
        Links.Dispose();
        Vectors.Dispose();
        Info.Dispose();
    }
}
