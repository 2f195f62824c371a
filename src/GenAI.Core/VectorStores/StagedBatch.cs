using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

/// <summary>Records taken apart, checked and embedded: what can be applied to a table without anything left that may fail.</summary>
internal sealed class StagedBatch(int count, int dataFields, int vectorFields)
{
    public int Count { get; } = count;

    public object[] Keys { get; } = new object[count];

    /// <summary>The data values of all records, one after the other, in the order of the table's columns; owned by the batch.</summary>
    public object?[] Data { get; } = new object?[count * dataFields];

    /// <summary>For each of the table's vector columns, the vectors of all records one after the other; null where no record has one.</summary>
    public float[]?[] Vectors { get; } = new float[]?[vectorFields];

    /// <summary>For each of the table's vector columns, whether a record has a vector.</summary>
    public bool[][] HasVector { get; } = [.. Enumerable.Range(0, vectorFields).Select(_ => new bool[count])];

    /// <summary>For each of the table's data columns, the texts taken apart for keyword search; null where the column is not full-text indexed.</summary>
    public AnalyzedText?[]?[] Texts { get; } = new AnalyzedText?[]?[dataFields];

    public Span<object?> DataOf(int record) => Data.AsSpan(record * dataFields, dataFields);
}
