namespace GenAI.Core.Indexing;

/// <summary>
/// Which row holds the vector of an id. Ids from 0 that are not much larger than their number are looked up in pages, 4 bytes for
/// each; the others in hash tables, many small ones so that none takes long to grow.
/// </summary>
/// <remarks>One thread writes; any number read at the same time.</remarks>
internal sealed class IdRows
{
    private const int PageBits = 12;
    private const int Tables = 256;

    // A page pays if a quarter of it is used: an entry of a hash table takes about 24 bytes.
    private const int Sparseness = 4;

    private readonly Dictionary<long, int>?[] _tables = new Dictionary<long, int>?[Tables];
    private readonly object[] _gates = new object[Tables];
    private int[]?[] _pages = [];
    private long _count;

    public IdRows()
    {
        for (var i = 0; i < Tables; i++)
            _gates[i] = new object();
    }

    /// <summary>An estimate of the bytes allocated.</summary>
    public long Bytes { get; private set; }

    public bool TryGet(long id, out int row)
    {
        var pages = Volatile.Read(ref _pages);
        var page = (ulong)id >> PageBits;
        if (page < (ulong)pages.Length && Volatile.Read(ref pages[page]) is { } rows)
        {
            var stored = Volatile.Read(ref rows[id & ((1 << PageBits) - 1)]);
            if (stored != 0)
            {
                row = stored - 1;
                return true;
            }
        }

        var table = Table(id);
        if (Volatile.Read(ref _tables[table]) is null)
        {
            row = -1;
            return false;
        }

        lock (_gates[table])
            return _tables[table]!.TryGetValue(id, out row);
    }

    public void Set(long id, int row)
    {
        var page = (ulong)id >> PageBits;
        var known = TryGet(id, out _);
        if (!known)
            _count++;
        var rows = page < (ulong)_pages.Length ? _pages[page] : null;
        var table = Table(id);
        var hashed = rows is null || rows[id & ((1 << PageBits) - 1)] == 0;
        if (known ? hashed : rows is null && (id < 0 || id >= Sparseness * _count + (1 << PageBits)))
        {
            lock (_gates[table])
            {
                var entries = _tables[table] ??= [];
                var before = entries.Capacity;
                entries[id] = row;
                Bytes += (entries.Capacity - before) * 28L;
            }

            return;
        }

        rows ??= AddPage((int)page);
        Volatile.Write(ref rows[id & ((1 << PageBits) - 1)], row + 1);
    }

    public bool Remove(long id, out int row)
    {
        if (!TryGet(id, out row))
            return false;
        _count--;
        var page = (ulong)id >> PageBits;
        if (page < (ulong)_pages.Length && _pages[page] is { } rows && rows[id & ((1 << PageBits) - 1)] != 0)
        {
            Volatile.Write(ref rows[id & ((1 << PageBits) - 1)], 0);
            return true;
        }

        var table = Table(id);
        lock (_gates[table])
            return _tables[table]!.Remove(id);
    }

    private static int Table(long id) => (int)(((ulong)id * 0x9E3779B97F4A7C15) >> 56);

    private int[] AddPage(int page)
    {
        if (page >= _pages.Length)
        {
            var larger = new int[]?[Math.Max(page + 1, Math.Max(16, _pages.Length * 2))];
            _pages.CopyTo(larger, 0);
            Volatile.Write(ref _pages, larger);
        }

        var rows = new int[1 << PageBits];
        Bytes += rows.Length * sizeof(int);
        Volatile.Write(ref _pages[page], rows);
        return rows;
    }
}
