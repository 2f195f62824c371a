namespace GenAI.Core.VectorStores;

/// <summary>Takes records apart into columns and puts them together again.</summary>
/// <remarks>
/// The seam between storage by column and a record type: models of Microsoft.Extensions.VectorData, typed or dynamic, go through
/// reflection; a record known beforehand is mapped by hand, which needs none. Implementations are immutable.
/// </remarks>
internal interface IRecordMapper<TRecord>
    where TRecord : class
{
    LocalSchema Schema { get; }

    object? GetKey(TRecord record);

    void SetKey(TRecord record, object key);

    /// <summary>Reads the data properties, in the schema's order. Arrays and lists may be the record's own.</summary>
    void ReadData(TRecord record, Span<object?> values);

    /// <summary>Reads a vector property: a vector in one of its forms, or what one is generated from.</summary>
    object? ReadVector(TRecord record, int vector);

    /// <summary>Makes a record of values that nobody else holds.</summary>
    /// <param name="key">The key.</param>
    /// <param name="data">The data values, in the schema's order; arrays for lists.</param>
    /// <param name="vectors">The vectors, in the schema's order; empty to leave them out.</param>
    TRecord Create(object key, ReadOnlySpan<object?> data, ReadOnlySpan<float[]?> vectors);
}
