namespace GenAI.Core.VectorStores;

/// <summary>The values of one data property, by row: in memory, or those of a segment, which can only be read.</summary>
/// <remarks>Not synchronised: the table's lock is held around every call. Reading does not change what other readers see.</remarks>
internal abstract class Column(DataField field)
{
    /// <summary>So few rows are looked at one by one: what an index finds may be far more, and all of it would be read.</summary>
    protected const int FewRows = 16;

    public DataField Field { get; } = field;

    /// <summary>Checks a property's value and makes it the column's own: lists are copied into arrays.</summary>
    /// <exception cref="InvalidCastException">The value has another type than the property.</exception>
    public virtual object? Own(object? value) => throw ReadOnly();

    public virtual void EnsureCapacity(int rows) => throw ReadOnly();

    /// <summary>Fills an empty row with a value that <see cref="Own"/> returned.</summary>
    public virtual void Put(int row, object? owned) => throw ReadOnly();

    /// <summary>Empties a row.</summary>
    public virtual void Remove(int row) => throw ReadOnly();

    /// <summary>The value of a row, as a copy that the caller may change.</summary>
    public abstract object? Get(int row);

    /// <summary>Orders a row and one of a column of the same type by value: nulls first, strings by their UTF-16 code units.</summary>
    public abstract int Compare(int left, Column other, int right);

    /// <summary>Whether there is an index for filters.</summary>
    public abstract bool IsIndexed { get; }

    /// <summary>Builds the index for filters if there is none yet.</summary>
    public abstract void EnsureIndexed();

    /// <summary>Keeps only those of <paramref name="rows"/> whose value passes the test.</summary>
    public abstract void Narrow(ValueTest test, object?[] parameters, Span<ulong> rows);

    /// <summary>Keeps only those of <paramref name="rows"/> whose value compares to that of <paramref name="other"/> as asked.</summary>
    public abstract void Narrow(Comparison comparison, Column other, Span<ulong> rows);

    /// <summary>Writes rows of columns of this type, one after the other, as the section of a segment's column.</summary>
    /// <param name="section">The section.</param>
    /// <param name="sources">The columns, each with the rows of it that are wanted.</param>
    /// <param name="isIndexed">Whether to write what filters find rows by.</param>
    public abstract void WriteSection(SectionWriter section, IReadOnlyList<(Column Column, ulong[] Rows)> sources, bool isIndexed);

    /// <summary>Writes a value that <see cref="Own"/> returned into a log record.</summary>
    public virtual void WriteValue(LogWriter log, object? owned) => throw ReadOnly();

    /// <summary>Reads a value that <see cref="WriteValue"/> wrote.</summary>
    public virtual object? ReadValue(ref LogReader log) => throw ReadOnly();

    private NotSupportedException ReadOnly() => new($"The rows of '{Field.Name}' are those of a segment, which does not change.");

    protected InvalidCastException WrongType(object value) =>
        new($"The property '{Field.Name}' has a value of type {value.GetType().Name}, but is declared as {ColumnTypes.Describe(Field)}.");
}
