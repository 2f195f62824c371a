namespace GenAI.Core.Indexing;

/// <summary>Options of an exact index.</summary>
public sealed class ExactIndexOptions
{
    /// <summary>How many vectors to make room for at once, where that is known beforehand; the index grows by itself.</summary>
    /// <value>0 or more. The default is 0.</value>
    public int InitialCapacity
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(InitialCapacity));
            field = value;
        }
    }
}
