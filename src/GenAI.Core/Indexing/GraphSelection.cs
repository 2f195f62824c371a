namespace GenAI.Core.Indexing;

/// <summary>The links that are being chosen for a row, in a form in which further candidates are quickly compared with them.</summary>
internal sealed unsafe class GraphSelection(GraphCodes codes, int maxLinks) : IDisposable
{
    private readonly NativeBuffer _codes = new((nuint)(maxLinks + 1) * (nuint)codes.QueryBytes);
    private readonly GraphQuery[] _queries = new GraphQuery[maxLinks + 1];
    private readonly float[] _offsets = new float[maxLinks + 1];
    private readonly int[] _rows = new int[maxLinks + 1];

    public int Count { get; private set; }

    public long Bytes => (long)_codes.Length;

    public int this[int place] => _rows[place];

    public void Clear() => Count = 0;

    public void Add(GraphRows rows, GraphCodes graphCodes, int row)
    {
        _queries[Count] = graphCodes.StoredQuery(rows.Upper[row], rows.Lower[row], (sbyte*)_codes.Address + (long)Count * graphCodes.QueryBytes);
        _offsets[Count] = graphCodes.KeyOffset(rows.Upper[row]);
        _rows[Count++] = row;
    }

    /// <summary>Adds a candidate unless one that was chosen stands before it: is nearer to it than the row is.</summary>
    /// <remarks>Equal vectors stand before each other, so a heap of them does not fill a row's links.</remarks>
    public void Offer(GraphRows rows, GraphCodes graphCodes, int row, float distance)
    {
        var upper = rows.Upper[row];
        var lower = rows.Lower[row];
        for (var i = 0; i < Count; i++)
        {
            if (_rows[i] == row)
                return;
            ref readonly var query = ref _queries[i];
            var product = query.Upper(upper);
            if (query.Optimistic(upper, product) + _offsets[i] <= distance && query.Key(upper, lower, product) + _offsets[i] <= distance)
                return;
        }

        Add(rows, graphCodes, row);
    }

    public void Dispose() => _codes.Dispose();
}
