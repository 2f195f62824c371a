namespace GenAI.Core.Retrieval;

/// <summary>Options of a <see cref="ScoreCutRetriever"/>.</summary>
public sealed class ScoreCutOptions
{
    /// <summary>How many chunks are retrieved, to see how the scores fall.</summary>
    /// <value>2 or more. The default is 20. A search for more chunks retrieves as many as it asks for.</value>
    public int Depth
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2, nameof(Depth));
            field = value;
        }
    } = 20;

    /// <summary>How great the fall from one chunk to the next must be to cut there, as a share of the whole fall from the first to the last.</summary>
    /// <value>0 to 1; 1 never cuts. The default is 0.4. The greatest fall that reaches it is where the list ends.</value>
    public float Gap
    {
        get;
        set
        {
            if (!(value is >= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(Gap), value, $"Gap is {value}; choose from 0 to 1, such as 0.4.");
            field = value;
        }
    } = 0.4f;

    /// <summary>How many chunks are kept whatever their scores.</summary>
    /// <value>0 or more. The default is 1.</value>
    public int MinResults
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MinResults));
            field = value;
        }
    } = 1;

    /// <summary>Chunks below this score are left out, beyond the first <see cref="MinResults"/>.</summary>
    /// <value>The default, <see langword="null"/>, leaves none out. The scale is that of the retriever inside.</value>
    public float? MinScore { get; set; }
}
