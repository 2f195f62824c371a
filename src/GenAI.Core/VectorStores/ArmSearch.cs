using System.Linq.Expressions;

namespace GenAI.Core.VectorStores;

/// <summary>A search by vector, by keywords, or by both.</summary>
/// <param name="Vector">The query's vector; null to leave the vector arm out.</param>
/// <param name="VectorProperty">The index of the vector property.</param>
/// <param name="Keywords">The keywords; null to leave the keyword arm out.</param>
/// <param name="TextProperty">The index of the full-text indexed property.</param>
/// <param name="Filter">The filter, for both arms; null for all records.</param>
/// <param name="Top">The most results.</param>
/// <param name="Skip">How many results to leave out at the start.</param>
/// <param name="IncludeVectors">Whether to copy the records' vectors out.</param>
internal sealed record ArmSearch(
    ReadOnlyMemory<float>? Vector, int VectorProperty, string? Keywords, int TextProperty, LambdaExpression? Filter, int Top, int Skip = 0, bool IncludeVectors = false)
{
    // The keywords are a user's text.
    public override string ToString() => $"top {Top}";
}
