using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public class RandomRotationTests
{
    [Fact]
    public void Inner_products_and_lengths_are_kept_within_the_stated_error()
    {
        var random = new Random(31);
        for (var dimensions = 1; dimensions <= 257; dimensions++)
        {
            var rotation = new RandomRotation(dimensions);
            var (left, right) = (HostileVectors.Make("normal", random, 1, dimensions), HostileVectors.Make("one huge component", random, 1, dimensions));
            double Dot() => VectorOracle.Score(VectorMetric.DotProduct, left, right);
            double Lengths() => Math.Sqrt(VectorOracle.Score(VectorMetric.DotProduct, left, left) * VectorOracle.Score(VectorMetric.DotProduct, right, right));
            var (dot, lengths) = (Dot(), Lengths());

            rotation.Apply(left);
            rotation.Apply(right);

            Dot().Should().BeApproximately(dot, 2.1 * rotation.Error * lengths, "of {0} dimensions", dimensions);
            Lengths().Should().BeApproximately(lengths, 2.1 * rotation.Error * lengths, "of {0} dimensions", dimensions);
        }
    }

    [Theory]
    [InlineData(384)]
    [InlineData(511)]
    [InlineData(768)]
    public void One_component_is_spread_over_all(int dimensions)
    {
        var rotation = new RandomRotation(dimensions);
        for (var i = 0; i < dimensions; i += 13)
        {
            var vector = new float[dimensions];
            vector[i] = 1;
            rotation.Apply(vector);
            vector.Max(Math.Abs).Should().BeLessThan(6 / MathF.Sqrt(dimensions));
        }
    }
}
