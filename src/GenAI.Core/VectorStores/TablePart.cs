using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

/// <summary>Some rows of a table, numbered from 0, and what finds them: those written last, in memory, or those of a segment.</summary>
/// <remarks>Not synchronised: the table's lock is held around every call.</remarks>
internal class TablePart : IDisposable
{
    private ulong[] _live;

    /// <param name="keys">The keys.</param>
    /// <param name="columns">The data columns.</param>
    /// <param name="vectors">The vector columns.</param>
    /// <param name="texts">For each data column its postings, if it has some.</param>
    /// <param name="live">The rows that there are.</param>
    public TablePart(KeyMap keys, Column[] columns, VectorIndex[] vectors, PartPostings?[] texts, ulong[] live)
    {
        (Keys, Columns, Vectors, Texts, _live) = (keys, columns, vectors, texts, live);
        Count = RowBits.Count(live);
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
    public ReadOnlyMemory<ulong> Live => _live;

    public int Words => _live.Length;

    /// <summary>Whether the vector indexes may have vectors of rows that are no more, or not yet.</summary>
    public virtual bool HasOthers => HasDead;

    /// <summary>Whether rows were removed that the indexes still have.</summary>
    protected bool HasDead { get; set; }

    /// <summary>Counts the changes of <see cref="Live"/>.</summary>
    public int Changes { get; private set; }

    public bool IsLive(int row) => row >> 6 < _live.Length && RowBits.Has(_live, row);

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
        for (var row = 0; row < _live.Length * 64; row++)
        {
            if (RowBits.Has(_live, row) && Columns[column].Get(row) is string text)
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
        RowBits.Remove(_live, row);
        Count--;
        Changes++;
    }

    protected void SetLive(int row)
    {
        RowBits.Add(_live, row);
        Count++;
        Changes++;
    }

    protected void EnsureWords(int words)
    {
        if (_live.Length < words)
            Array.Resize(ref _live, words);
    }
}
