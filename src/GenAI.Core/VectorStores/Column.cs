namespace GenAI.Core.VectorStores;

/// <summary>The values of one data property, by row.</summary>
/// <remarks>Not synchronised: the table's lock is held around every call. Reading does not change what other readers see.</remarks>
internal abstract class Column(DataField field)
{
    public DataField Field { get; } = field;

    /// <summary>Checks a property's value and makes it the column's own: lists are copied into arrays.</summary>
    /// <exception cref="InvalidCastException">The value has another type than the property.</exception>
    public abstract object? Own(object? value);

    public abstract void EnsureCapacity(int rows);

    /// <summary>Fills an empty row with a value that <see cref="Own"/> returned.</summary>
    public abstract void Put(int row, object? owned);

    /// <summary>Empties a row.</summary>
    public abstract void Remove(int row);

    /// <summary>The value of a row, as a copy that the caller may change.</summary>
    public abstract object? Get(int row);

    /// <summary>Orders two rows by value: nulls first, strings by their UTF-16 code units.</summary>
    public abstract int Compare(int left, int right);

    /// <summary>Whether there is an index for filters.</summary>
    public abstract bool IsIndexed { get; }

    /// <summary>Builds the index for filters if there is none yet.</summary>
    public abstract void EnsureIndexed();

    /// <summary>Keeps only those of <paramref name="rows"/> whose value passes the test.</summary>
    public abstract void Narrow(ValueTest test, object?[] parameters, Span<ulong> rows);

    /// <summary>Keeps only those of <paramref name="rows"/> whose value compares to that of <paramref name="other"/> as asked.</summary>
    public abstract void Narrow(Comparison comparison, Column other, Span<ulong> rows);

    protected InvalidCastException WrongType(object value) =>
        new($"The property '{Field.Name}' has a value of type {value.GetType().Name}, but is declared as {ColumnTypes.Describe(Field)}.");
}
