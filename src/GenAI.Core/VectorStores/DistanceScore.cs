using GenAI.Core.Indexing;
using Microsoft.Extensions.VectorData;

namespace GenAI.Core.VectorStores;

/// <summary>
/// A distance function of Microsoft.Extensions.VectorData: the metric that ranks, and what its score is called outside. Inside, higher
/// is better always; this is the one place where distances are spoken.
/// </summary>
internal sealed class DistanceScore
{
    private static readonly DistanceScore[] All =
    [
        new(DistanceFunction.CosineSimilarity, VectorMetric.Cosine, higherIsBetter: true, score => score),
        new(DistanceFunction.CosineDistance, VectorMetric.Cosine, higherIsBetter: false, score => 1 - score),
        new(DistanceFunction.DotProductSimilarity, VectorMetric.DotProduct, higherIsBetter: true, score => score),
        new(DistanceFunction.NegativeDotProductSimilarity, VectorMetric.DotProduct, higherIsBetter: false, score => -score),
        new(DistanceFunction.EuclideanDistance, VectorMetric.Euclidean, higherIsBetter: false, score => -score),
        new(DistanceFunction.EuclideanSquaredDistance, VectorMetric.Euclidean, higherIsBetter: false, score => score * score),
        new(DistanceFunction.HammingDistance, VectorMetric.Hamming, higherIsBetter: false, score => -score),
        new(DistanceFunction.ManhattanDistance, VectorMetric.Manhattan, higherIsBetter: false, score => -score),
    ];

    private readonly bool _higherIsBetter;
    private readonly Func<double, double> _convert;

    private DistanceScore(string name, VectorMetric metric, bool higherIsBetter, Func<double, double> convert)
    {
        Name = name;
        Metric = metric;
        _higherIsBetter = higherIsBetter;
        _convert = convert;
    }

    public string Name { get; }

    public VectorMetric Metric { get; }

    /// <summary>The function of that name; cosine similarity where none is named.</summary>
    /// <exception cref="NotSupportedException">There is no such function.</exception>
    public static DistanceScore Of(string? name, string property) =>
        name is null ? All[0] : Array.Find(All, function => function.Name == name)
            ?? throw new NotSupportedException($"The vector property '{property}' asks for the distance function '{name}', which the local store does not have. It has {string.Join(", ", All.Select(function => function.Name))}.");

    /// <summary>An index's score as this function reports it.</summary>
    public double FromIndex(float score)
    {
        var converted = _convert(score);
        return converted == 0 ? 0 : converted; // Not the negative zero that negating makes.
    }

    /// <summary>Whether a reported score reaches the threshold, itself included: at least for a similarity, at most for a distance.</summary>
    public bool Reaches(double score, double threshold) => _higherIsBetter ? score >= threshold : score <= threshold;
}
