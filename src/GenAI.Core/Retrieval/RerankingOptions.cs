namespace GenAI.Core.Retrieval;

/// <summary>Options of a <see cref="RerankingRetriever"/>.</summary>
public sealed class RerankingOptions
{
    /// <summary>How many chunks are retrieved and scored.</summary>
    /// <value>1 or more. The default is 50. A search for more chunks retrieves as many as it asks for.</value>
    public int Depth
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(Depth));
            field = value;
        }
    } = 50;

    /// <summary>How many of them are kept, unless the search asks for fewer.</summary>
    /// <value>1 or more. The default is 8, as many as an answer is written from. Raise it for lists of results.</value>
    public int Top
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(Top));
            field = value;
        }
    } = 8;

    /// <summary>Chunks that score less are left out, even if none remains.</summary>
    /// <value>The default, <see langword="null"/>, leaves none out. The scale is the reranker's.</value>
    public float? MinScore { get; set; }
}
