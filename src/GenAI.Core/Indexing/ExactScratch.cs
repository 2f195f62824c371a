namespace GenAI.Core.Indexing;

/// <summary>What one thread of a search needs, kept for later searches, so that they allocate nothing.</summary>
internal sealed unsafe class ExactScratch : ReaderScratch
{
    /// <summary>Queries that go through the codes together at most: what is kept for them is some 22 KB each.</summary>
    public const int MostQueries = 128;

    private readonly int _dimensions;
    private readonly nuint _valueBytes;
    private readonly nuint _codeBytes;
    private NativeBuffer _values = new(0);
    private NativeBuffer _codes = new(0);
    private NativeBuffer _unpacked = new(0);
    private NativeBuffer _places = new(0);
    private ScanQuery[] _queries = [];

    private readonly ExactIndex _index;
    private readonly List<ExactJob> _jobs = [];

    public ExactScratch(ExactIndex index, ExactScan scan)
    {
        var dimensions = index.Dimensions;
        (_index, _dimensions, Scan) = (index, dimensions, scan);
        _valueBytes = ((nuint)dimensions * sizeof(float) + 63) & ~(nuint)63;
        _codeBytes = (nuint)NibbleBatch.QueryBytes(NibbleKernels.Steps(dimensions));
    }

    public ExactScan Scan { get; }

    public override long Bytes
    {
        get
        {
            var bytes = (long)(_values.Length + _codes.Length + _unpacked.Length + _places.Length);
            foreach (var query in _queries)
                bytes += query.Waiting.Length * (long)sizeof(WaitingRow) + _dimensions * 4L;
            return bytes;
        }
    }

    /// <summary>What a search needs that several threads take part in. A helper of an earlier search may be late still: its job is left to it.</summary>
    public ExactJob FreeJob()
    {
        foreach (var job in _jobs)
        {
            if (job.IsIdle)
                return job;
        }

        _jobs.Add(new ExactJob(_index));
        return _jobs[^1];
    }

    /// <summary>Makes room for queries.</summary>
    /// <returns>The queries.</returns>
    public ReadOnlySpan<ScanQuery> Queries(int count)
    {
        // Codes of whole eights are read, though what comes of those behind the last is not used.
        var rounded = (nuint)((count + NibbleBatch.Queries - 1) / NibbleBatch.Queries * NibbleBatch.Queries);
        Grow(ref _values, (nuint)count * _valueBytes);
        Grow(ref _codes, rounded * _codeBytes);
        if (_queries.Length < count)
        {
            var known = _queries.Length;
            Array.Resize(ref _queries, count);
            for (var i = known; i < count; i++)
                _queries[i] = new ScanQuery(_dimensions);
        }

        return _queries.AsSpan(0, count);
    }

    public float* Values(int query) => (float*)(_values.Address + (nuint)query * _valueBytes);

    public sbyte* Codes(int query) => (sbyte*)(_codes.Address + (nuint)query * _codeBytes);

    /// <summary>Room for an unpacked group.</summary>
    public byte* Unpacked(int steps)
    {
        Grow(ref _unpacked, (nuint)steps * NibbleBatch.UnpackedBytes);
        return _unpacked.Address;
    }

    public VectorMatch* Places(int count)
    {
        Grow(ref _places, (nuint)count * (nuint)sizeof(VectorMatch));
        return (VectorMatch*)_places.Address;
    }

    public override void Dispose()
    {
        _values.Dispose();
        _codes.Dispose();
        _unpacked.Dispose();
        _places.Dispose();
    }

    private static void Grow(ref NativeBuffer buffer, nuint bytes)
    {
        if (buffer.Length >= bytes)
            return;
        var larger = new NativeBuffer(System.Numerics.BitOperations.RoundUpToPowerOf2(bytes));
        buffer.Dispose();
        buffer = larger;
    }
}
