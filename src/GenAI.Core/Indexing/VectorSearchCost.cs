namespace GenAI.Core.Indexing;

/// <summary>How an index went about a search.</summary>
public enum VectorSearchPlan
{
    /// <summary>Nothing was searched: the index, the filter or the result is empty.</summary>
    None,

    /// <summary>Every vector that the filter allows was compared with the query.</summary>
    Scan,

    /// <summary>The links of a graph were followed, and what the filter does not allow was left out at the end.</summary>
    Walk,

    /// <summary>The links of a graph were followed until enough vectors were found that the filter allows.</summary>
    FilteredWalk,
}

/// <summary>Receives what a search cost, through <see cref="VectorSearchSettings.Cost"/>.</summary>
/// <remarks>Not for several searches at once. A search adds to the numbers; call <see cref="Clear"/> to start again.</remarks>
public sealed class VectorSearchCost
{
    /// <summary>How the last search went about it.</summary>
    public VectorSearchPlan Plan { get; internal set; }

    /// <summary>Vectors whose compact code was compared with the query.</summary>
    public long CodesRead { get; internal set; }

    /// <summary>Vectors whose original values were compared with the query.</summary>
    public long VectorsRead { get; internal set; }

    /// <summary>Bytes of codes, links and original values that were read.</summary>
    public long BytesRead { get; internal set; }

    /// <summary>Sets everything to zero.</summary>
    public void Clear() => (Plan, CodesRead, VectorsRead, BytesRead) = (VectorSearchPlan.None, 0, 0, 0);
}
