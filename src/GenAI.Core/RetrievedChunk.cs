namespace GenAI.Core;

/// <summary>A <see cref="GenAI.Core.Chunk"/> that a search returned, with its score and the reason it is there.</summary>
public sealed class RetrievedChunk
{
    /// <summary>The chunk.</summary>
    public required Chunk Chunk { get; init; }

    /// <summary>How well the chunk fits the query; higher is better. Its scale is that of the retriever (see the retrieval guide) and says nothing across queries.</summary>
    public required float Score { get; init; }

    /// <summary>The chunk's place in the result, from 1.</summary>
    public int Rank { get; init; }

    /// <summary>What the vector arm said of the chunk; <see langword="null"/> if that arm did not run or did not return it.</summary>
    public ArmMatch? Vector { get; init; }

    /// <summary>What the keyword arm said of the chunk; <see langword="null"/> if that arm did not run or did not return it.</summary>
    public ArmMatch? Keyword { get; init; }

    /// <summary>The place and score that the chunk had before it was reranked; <see langword="null"/> if it was not.</summary>
    public ArmMatch? Retrieved { get; init; }

    /// <summary>The chunk's document, range and score. The text is left out so that it cannot slip into a log.</summary>
    public override string ToString() => $"{Chunk} score {Score:0.####}";
}

/// <summary>The place and score of a chunk in one arm of a search.</summary>
/// <param name="Rank">The place in that arm, from 1.</param>
/// <param name="Score">The arm's own score, higher is better: cosine similarity in the vector arm, BM25 in the keyword arm.</param>
public readonly record struct ArmMatch(int Rank, float Score);
