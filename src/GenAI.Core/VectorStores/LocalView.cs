using System.Linq.Expressions;

namespace GenAI.Core.VectorStores;

/// <summary>A table as one record type sees it: which of its columns are which properties, and the filters compiled so far.</summary>
internal sealed class LocalView
{
    private readonly FilterCache _filters = new();

    public LocalView(LocalTable table, LocalSchema schema)
    {
        if (!schema.Fits(table.Schema, out var difference))
            throw new InvalidOperationException($"The collection '{table.Name}' cannot be opened as '{schema.RecordName}': {difference}. Open it with the properties it was made with, or delete it first.");

        (Table, Schema) = (table, schema);
        (DataColumns, VectorColumns) = (schema.MapData(table.Schema), schema.MapVectors(table.Schema));
        EmbedderCheck.ThrowIfOther(table, schema, VectorColumns);
        table.AddIndexes(schema, DataColumns);
    }

    public LocalTable Table { get; }

    public LocalSchema Schema { get; }

    /// <summary>The table's column for each of the schema's data properties.</summary>
    public int[] DataColumns { get; }

    /// <summary>The table's column for each of the schema's vector properties.</summary>
    public int[] VectorColumns { get; }

    public int CompiledFilters => _filters.Count;

    public FilterNode? Compile(LambdaExpression? filter, out object?[] parameters)
    {
        parameters = [];
        try
        {
            return filter is null ? null : _filters.Get(filter, Schema, DataColumns, out parameters);
        }
        catch (InsufficientExecutionStackException exception)
        {
            throw new NotSupportedException("The filter nests too deeply to be evaluated. Where it joins many conditions on one property, ask whether a list contains the property instead.", exception);
        }
    }

    /// <summary>Copies a row out, so that it can be made a record after the lock is gone.</summary>
    public RowCopy Copy_NeedsLock(int row, bool includeVectors)
    {
        var data = new object?[DataColumns.Length];
        for (var i = 0; i < data.Length; i++)
            data[i] = Table.ValueOf_NeedsLock(DataColumns[i], row);

        var vectors = includeVectors ? new float[]?[VectorColumns.Length] : [];
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] = Table.VectorOf_NeedsLock(VectorColumns[i], row);

        return new RowCopy(Table.KeyOf_NeedsLock(row), data, vectors);
    }
}

/// <summary>The values of a row, held by nobody else.</summary>
internal readonly record struct RowCopy(object Key, object?[] Data, float[]?[] Vectors)
{
    public TRecord ToRecord<TRecord>(IRecordMapper<TRecord> mapper)
        where TRecord : class => mapper.Create(Key, Data, Vectors);
}
