namespace GenAI.Core.Indexing;

/// <summary>Keeps the state of earlier searches for later ones. Safe for concurrent use.</summary>
internal sealed class CodedQueryPool(int dimensions)
{
    // What a large batch on every core needs; more is left to the garbage collector.
    private const int MostKept = 1024;

    private readonly Lock _lock = new();
    private CodedQuery[] _free = [];
    private int _count;

    public CodedQuery Rent()
    {
        lock (_lock)
        {
            if (_count > 0)
                return _free[--_count];
        }

        return new CodedQuery(dimensions);
    }

    public void Return(CodedQuery query)
    {
        lock (_lock)
        {
            if (_count == MostKept)
                return;
            if (_count == _free.Length)
                Array.Resize(ref _free, Math.Max(4, _count * 2));
            _free[_count++] = query;
        }
    }
}
