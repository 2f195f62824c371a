namespace GenAI.Core.Indexing;

/// <summary>A vector that a search found.</summary>
/// <param name="Id">The id that the vector was stored under.</param>
/// <param name="Score">How well it fits the query; higher is better for every <see cref="VectorMetric"/>.</param>
public readonly record struct VectorMatch(long Id, float Score)
{
    /// <summary>What fills the places of a batch result behind the last match: id -1, score negative infinity.</summary>
    public static VectorMatch None { get; } = new(-1, float.NegativeInfinity);

    /// <summary>Best first: by score, and among equal scores by id ascending, so that a result does not depend on the order of the rows.</summary>
    internal static int CompareBestFirst(VectorMatch left, VectorMatch right)
    {
        var byScore = right.Score.CompareTo(left.Score);
        return byScore != 0 ? byScore : left.Id.CompareTo(right.Id);
    }
}
