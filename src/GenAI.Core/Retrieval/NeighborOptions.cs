namespace GenAI.Core.Retrieval;

/// <summary>Options of a <see cref="NeighborRetriever"/>.</summary>
public sealed class NeighborOptions
{
    /// <summary>How many chunks before each one found are added.</summary>
    /// <value>0 or more. The default is 1.</value>
    public int Before
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Before));
            field = value;
        }
    } = 1;

    /// <summary>How many chunks after each one found are added.</summary>
    /// <value>0 or more. The default is 1.</value>
    public int After
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(After));
            field = value;
        }
    } = 1;
}
