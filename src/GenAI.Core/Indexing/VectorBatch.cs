namespace GenAI.Core.Indexing;

/// <summary>Vectors on their way from one index to another.</summary>
internal sealed class VectorBatch(int rows, int dimensions)
{
    private readonly long[] _ids = new long[rows];
    private readonly float[] _vectors = new float[rows * dimensions];
    private int _count;

    public bool IsFull => _count == _ids.Length;

    /// <summary>Copies a vector, if the index has it.</summary>
    public bool TryAdd(VectorIndex source, long id)
    {
        if (!source.TryCopyVector(id, _vectors.AsSpan(_count * dimensions, dimensions)))
            return false;
        _ids[_count++] = id;
        return true;
    }

    public void MoveTo(VectorIndex target)
    {
        if (_count > 0)
            target.Upsert(_ids.AsSpan(0, _count), _vectors.AsSpan(0, _count * dimensions));
        _count = 0;
    }
}
