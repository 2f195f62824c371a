namespace GenAI.Core.Indexing;

/// <summary>The vectors of one write: the ids and values of the caller, which of them count, and the rows that they go to.</summary>
internal readonly unsafe struct GraphBatch(long* ids, float* values, int[]? sources, int[] rows, int count)
{
    public readonly int[] Rows = rows;
    public readonly int Count = count;

    public long Id(int place) => ids[sources is null ? place : sources[place]];

    public ReadOnlySpan<float> Vector(int place, int dimensions) =>
        new(values + (long)(sources is null ? place : sources[place]) * dimensions, dimensions);
}
