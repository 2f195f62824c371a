using System.Numerics;
using System.Runtime.CompilerServices;
using GenAI.Core.Storage;

namespace GenAI.Core.Indexing;

/// <summary>
/// Rows of equal size in native memory that never move. A table of pages leads to them, so addresses are 64-bit, growing copies
/// nothing but that table, and readers may go on while rows are added.
/// </summary>
/// <remarks>One thread grows; any number read rows that were there before.</remarks>
internal sealed unsafe class NativeRows : IDisposable
{
    /// <summary>Rows of a page. The table for ten million rows is 80 kB, which stays in the second-level cache.</summary>
    public const int PageRows = 1 << PageShift;

    private const int PageShift = 10;
    private const int PageMask = PageRows - 1;

    // Pages are allocated in runs that grow with the index, so that large ones lie in large pages of the operating system.
    private const nuint LongestRun = 64 << 20;

    private readonly nuint _stride;
    private readonly byte? _fill;
    private readonly List<NativeBuffer> _runs = [];

    // Tables that were outgrown are kept: a reader may hold one. Each is twice the one before.
    private readonly List<NativeBuffer> _tables = [];
    private byte** _table;
    private int _pages;

    private readonly MappedSection? _mapped;
    private readonly int _mappedRows;

    /// <param name="stride">Bytes of a row.</param>
    /// <param name="fill">What new rows are filled with, or null to leave them as they are.</param>
    public NativeRows(int stride, byte? fill = null)
    {
        _stride = (nuint)stride;
        _fill = fill;
    }

    /// <summary>Rows of a file that is mapped; there will be no others. A page is verified when it is first read.</summary>
    public NativeRows(int stride, MappedSection mapped, int rows)
    {
        (_stride, _mapped, _mappedRows) = ((nuint)stride, mapped, rows);
        EnsureTable((int)(((long)rows + PageMask) >> PageShift));
        new Span<byte>(_table, checked((int)_tables[0].Length)).Clear();
    }

    /// <summary>The rows that there is room for.</summary>
    public int Capacity => _mapped is null ? Volatile.Read(ref _pages) * PageRows : _mappedRows;

    /// <summary>Bytes allocated for rows and tables.</summary>
    public long Bytes { get; private set; }

    public int Stride => (int)_stride;

    public byte* this[int row]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            // Of a file, the address of a page that was not verified yet is missing: nothing else has to be asked of those that were.
            var page = _table[row >> PageShift];
            return (page is null ? Verify(row >> PageShift) : page) + (nuint)(row & PageMask) * _stride;
        }
    }

    public void EnsureCapacity(int rows)
    {
        var needed = (int)(((long)rows + PageMask) >> PageShift);
        while (_pages < needed)
        {
            var most = Math.Max(1, (int)(LongestRun / (_stride * PageRows)));
            var run = Math.Clamp(Math.Max(_pages / 2, needed - _pages), 1, most);
            EnsureTable(_pages + run);
            var buffer = new NativeBuffer((nuint)run * PageRows * _stride);
            if (_fill is { } fill)
                new Span<ulong>(buffer.Address, checked((int)(buffer.Length / sizeof(ulong)))).Fill(fill * 0x0101010101010101UL);
            _runs.Add(buffer);
            Bytes += (long)buffer.Length;
            for (var page = 0; page < run; page++)
                _table[_pages + page] = buffer.Address + (nuint)page * PageRows * _stride;
            Volatile.Write(ref _pages, _pages + run);
        }
    }

    public void Dispose()
    {
        foreach (var run in _runs)
            run.Dispose();
        foreach (var table in _tables)
            table.Dispose();
        _runs.Clear();
        _tables.Clear();
        _table = null;
        (_pages, Bytes) = (0, 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* Verify(int page)
    {
        var (start, end) = ((long)page * PageRows, Math.Min(((long)page + 1) * PageRows, _mappedRows));
        _mapped!.Verify(start * (long)_stride, (end - start) * (long)_stride);
        var address = _mapped.Start + start * (long)_stride;
        Volatile.Write(ref *(nint*)&_table[page], (nint)address);
        return address;
    }

    private void EnsureTable(int pages)
    {
        var room = _tables.Count == 0 ? 0 : (int)(_tables[^1].Length / (nuint)sizeof(byte*));
        if (pages <= room)
            return;

        var table = new NativeBuffer((nuint)Math.Max(64, BitOperations.RoundUpToPowerOf2((uint)pages)) * (nuint)sizeof(byte*));
        new ReadOnlySpan<nint>(_table, _pages).CopyTo(new Span<nint>(table.Address, pages));
        _tables.Add(table);
        Bytes += (long)table.Length;
        Thread.MemoryBarrier();
        _table = (byte**)table.Address;
    }
}
