using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

/// <summary>Some rows of a table, numbered from 0, and what finds them: those written last, in memory, or those of a segment.</summary>
/// <remarks>Not synchronised: the table's lock is held around every call.</remarks>
internal class TablePart : IDisposable
{
    // Null as long as all rows of a segment live: opening takes no memory for them.
    private ulong[]? _live;
    private int _words;

    /// <param name="keys">The keys.</param>
    /// <param name="columns">The data columns.</param>
    /// <param name="vectors">The vector columns.</param>
    /// <param name="texts">For each data column its postings, if it has some.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="live">Those that there are; null if all are there.</param>
    public TablePart(KeyMap keys, Column[] columns, VectorIndex[] vectors, PartPostings?[] texts, int rows, ulong[]? live)
    {
        (Keys, Columns, Vectors, Texts, _live, _words) = (keys, columns, vectors, texts, live, RowBits.Words(rows));
        Count = live is null ? rows : RowBits.Count(live);
    }

    /// <summary>What the table adds to the numbers of these rows; a multiple of 64.</summary>
    public int First
    {
        get;
        set
        {
            field = value;
            foreach (var text in Texts)
                text?.First = value;
        }
    }

    /// <summary>The number of rows that there are.</summary>
    public int Count { get; private set; }

    public KeyMap Keys { get; }

    public Column[] Columns { get; }

    public VectorIndex[] Vectors { get; }

    public PartPostings?[] Texts { get; }

    /// <summary>The rows that there are, for the length of the table's lock.</summary>
    public ReadOnlyMemory<ulong> Live => LiveBits;

    /// <summary>Whether no row is missing.</summary>
    public bool HasAllRows => Volatile.Read(ref _live) is null;

    public int Words => _words;

    /// <summary>Whether the vector indexes may have vectors of rows that are no more, or not yet.</summary>
    public virtual bool HasOthers => HasDead;

    /// <summary>Whether rows were removed that the indexes still have.</summary>
    protected bool HasDead { get; set; }

    // Readers that come here at once make the same.
    private ulong[] LiveBits => Volatile.Read(ref _live) ?? Interlocked.CompareExchange(ref _live, RowBits.All(Count), null) ?? _live;

    /// <summary>Counts the changes of <see cref="Live"/>.</summary>
    public int Changes { get; private set; }

    public bool IsLive(int row) => Volatile.Read(ref _live) is { } live ? row >> 6 < live.Length && RowBits.Has(live, row) : row < Count;

    public bool TryFind(object key, out int row) => Keys.TryFind(key, out row) && IsLive(row);

    /// <summary>The column of a number; <see cref="ColumnNode.Key"/> is the key's.</summary>
    public Column ColumnOf(int number) => number == ColumnNode.Key ? Keys.Column : Columns[number];

    public void Narrow(int column, ValueTest test, object?[] parameters, Span<ulong> rows)
    {
        if (column == ColumnNode.Key)
            Keys.Narrow(test, parameters, rows);
        else
            Columns[column].Narrow(test, parameters, rows);
    }

    public float[]? VectorOf(int vector, int row)
    {
        var copy = new float[Vectors[vector].Dimensions];
        return Vectors[vector].TryCopyVector(row, copy) ? copy : null;
    }

    /// <summary>Takes a row out of what searches find.</summary>
    public virtual void Remove(int row)
    {
        foreach (var text in Texts)
            text?.Remove(row);
        SetDead(row);
        HasDead = true;
    }

    public void IndexText(int column)
    {
        if (Texts[column] is not null)
            return;

        var index = new KeywordIndex();
        for (var row = 0; row < _words * 64; row++)
        {
            if (IsLive(row) && Columns[column].Get(row) is string text)
                index.Upsert(row, text);
        }

        Texts[column] = new PartPostings(index) { First = First };
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        foreach (var vector in Vectors)
            vector.Dispose();
        foreach (var text in Texts)
            text?.Dispose();
    }

    protected void SetDead(int row)
    {
        RowBits.Remove(LiveBits, row);
        Count--;
        Changes++;
    }

    protected void SetLive(int row)
    {
        RowBits.Add(LiveBits, row);
        Count++;
        Changes++;
    }

    protected void EnsureWords(int words)
    {
        if (_words >= words)
            return;
        Array.Resize(ref _live, words);
        _words = words;
    }
}
