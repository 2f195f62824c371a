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

    /// <summary>
    /// Whether to keep compact codes that let a search read an eighth of the bytes and still prove its answer. They cost half a byte for
    /// each component and 8 bytes for each vector (12 where the metric is not cosine), and about 7 µs for each vector of 384 components written.
    /// </summary>
    /// <value>
    /// The default, <see cref="ExactCodes.Auto"/>, keeps them for the metrics that allow it, for vectors of 16 components or more, once
    /// there are 4,096 vectors.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">There is no such value.</exception>
    public ExactCodes Codes
    {
        get;
        set
        {
            if (!Enum.IsDefined(value))
                throw new ArgumentOutOfRangeException(nameof(Codes), value, $"There are no such codes. Use one of {string.Join(", ", Enum.GetNames<ExactCodes>())}.");
            field = value;
        }
    }
}
