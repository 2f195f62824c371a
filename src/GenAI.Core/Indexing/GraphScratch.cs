using System.Numerics;

namespace GenAI.Core.Indexing;

/// <summary>What one search or insertion needs while it runs. Kept and used again, so that a search allocates nothing.</summary>
internal sealed unsafe class GraphScratch : ReaderScratch
{
    private readonly NativeBuffer _query;
    private readonly NativeBuffer _other;
    private readonly NativeBuffer _rotated;
    private readonly NativeBuffer _fresh;
    private NativeBuffer _pool = new(0);
    private NativeBuffer _marks = new(0);
    private NativeBuffer _picked = new(0);
    private NativeBuffer _frontier = new(0);
    private readonly NativeLimit? _limit;
    private ushort _mark;
    private int _markCount;

    public GraphScratch(int dimensions, GraphCodes codes, int maxLinks, NativeLimit? limit = null)
    {
        _limit = limit;
        _query = new NativeBuffer((nuint)codes.QueryBytes);
        _other = new NativeBuffer((nuint)codes.QueryBytes);
        _rotated = new NativeBuffer((nuint)(dimensions * sizeof(float)));
        _fresh = new NativeBuffer((nuint)(3 * maxLinks * sizeof(ulong)));
        Prepared = new float[dimensions];
        Selection = new GraphSelection(codes, maxLinks);
        OtherSelection = new GraphSelection(codes, maxLinks);
    }

    public float[] Prepared { get; }

    public GraphSelection Selection { get; }

    public GraphSelection OtherSelection { get; }

    public sbyte* Query => (sbyte*)_query.Address;

    public sbyte* OtherQuery => (sbyte*)_other.Address;

    public float* Rotated => (float*)_rotated.Address;

    /// <summary>Room for three times the links of a row.</summary>
    public int* Fresh => (int*)_fresh.Address;

    public ulong* Pool => (ulong*)_pool.Address;

    /// <summary>How many of the places of <see cref="Pool"/> the last traversal filled.</summary>
    public int PoolCount { get; set; }

    /// <summary>A heap of candidates yet to be followed, for a walk that does not know how many it needs.</summary>
    public ulong* Frontier => (ulong*)_frontier.Address;

    /// <summary>Vectors whose codes were compared, in whatever form.</summary>
    public long CodesRead { get; set; }

    public long SignsRead { get; set; }

    public long UppersRead { get; set; }

    public long LowersRead { get; set; }

    public long LinksRead { get; set; }

    public long VectorsRead { get; set; }

    public void ResetCost() => (CodesRead, SignsRead, UppersRead, LowersRead, LinksRead, VectorsRead) = (0, 0, 0, 0, 0, 0);

    public ulong* Picked => (ulong*)_picked.Address;

    /// <summary>One mark for each row; a row was visited if it is <see cref="Mark"/>.</summary>
    public ushort* Marks => (ushort*)_marks.Address;

    public ushort Mark => _mark;

    /// <summary>How many rows have a mark. What a file says is a link and leads behind them is not followed.</summary>
    public int MarkCount => _markCount;

    public override long Bytes => (long)(_query.Length + _other.Length + _rotated.Length + _fresh.Length + _pool.Length + _marks.Length + _picked.Length + _frontier.Length) + Selection.Bytes + OtherSelection.Bytes;

    /// <summary>Makes room for so many candidates.</summary>
    public void EnsurePool(int breadth) => Grow(ref _pool, (nuint)breadth * sizeof(ulong));

    public void EnsurePicked(int count) => Grow(ref _picked, (nuint)count * sizeof(ulong));

    /// <summary>Makes room for so many, and keeps those that are there.</summary>
    public void EnsureFrontier(int count)
    {
        var bytes = (nuint)count * sizeof(ulong);
        if (_frontier.Length >= bytes)
            return;
        var larger = new NativeBuffer((nuint)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(bytes, 4096)), _limit);
        new ReadOnlySpan<byte>(_frontier.Address, checked((int)_frontier.Length)).CopyTo(new Span<byte>(larger.Address, checked((int)larger.Length)));
        _frontier.Dispose();
        _frontier = larger;
    }

    /// <summary>Forgets which rows were visited.</summary>
    public void NextMark(int rows)
    {
        _markCount = rows;
        if (_marks.Length < (nuint)rows * sizeof(ushort))
        {
            Grow(ref _marks, (nuint)rows * sizeof(ushort));
            ClearMarks();
        }
        else if (_mark == ushort.MaxValue)
        {
            ClearMarks();
        }

        _mark++;
    }

    public override void Dispose()
    {
        _query.Dispose();
        _other.Dispose();
        _rotated.Dispose();
        _fresh.Dispose();
        _pool.Dispose();
        _marks.Dispose();
        _picked.Dispose();
        _frontier.Dispose();
        Selection.Dispose();
        OtherSelection.Dispose();
    }

    private void ClearMarks()
    {
        new Span<byte>(_marks.Address, checked((int)_marks.Length)).Clear();
        _mark = 0;
    }

    private void Grow(ref NativeBuffer buffer, nuint bytes)
    {
        if (buffer.Length >= bytes)
            return;
        var larger = new NativeBuffer((nuint)BitOperations.RoundUpToPowerOf2((ulong)bytes), _limit);
        buffer.Dispose();
        buffer = larger;
    }
}
