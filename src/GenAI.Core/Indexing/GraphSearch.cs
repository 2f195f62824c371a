namespace GenAI.Core.Indexing;

/// <summary>One search of a graph: what it looks for, and the memory it uses meanwhile.</summary>
internal readonly ref struct GraphSearch
{
    public required GraphState State { get; init; }

    public required GraphScratch Scratch { get; init; }

    public required GraphQuery Query { get; init; }

    /// <summary>The query as exact scores are computed from it.</summary>
    public required ReadOnlySpan<float> Prepared { get; init; }

    public required float SquaredLength { get; init; }

    /// <summary>How many matches are wanted.</summary>
    public required int Top { get; init; }

    /// <summary>How many candidates are kept.</summary>
    public required int Breadth { get; init; }

    public required VectorSearchSettings Settings { get; init; }

    /// <summary>Whether a row may be returned: it is seen, and its id is allowed.</summary>
    public bool Allows(GraphRows rows, int row) => rows.IsSeenIn(row, State.Version) && Settings.Allows(rows.IdOf(row));
}
