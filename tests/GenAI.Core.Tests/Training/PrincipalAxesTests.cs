using GenAI.Core.Training;

namespace GenAI.Core.Tests.Training;

public class PrincipalAxesTests
{
    private const int Dimensions = 12, Tokens = 40, Texts = 300;

    private static readonly ParallelOptions Threads = new() { MaxDegreeOfParallelism = 2 };

    [Fact]
    public void Axes_are_eigenvectors_and_stand_in_order()
    {
        var matrix = Symmetric(seed: 3);

        var axes = PrincipalAxes.Of([.. matrix.Select(row => row.ToArray())]);

        var values = axes.Select(axis => Dot(Times(matrix, axis), axis)).ToArray();
        values.Should().BeInDescendingOrder();
        values.Sum().Should().BeApproximately(matrix.Select((row, i) => row[i]).Sum(), 1e-9, "a rotation keeps the trace");
        for (var i = 0; i < Dimensions; i++)
        {
            var image = Times(matrix, axes[i]);
            for (var j = 0; j < Dimensions; j++)
            {
                image[j].Should().BeApproximately(values[i] * axes[i][j], 1e-5, $"component {j} of axis {i}");
                Dot(axes[i], axes[j]).Should().BeApproximately(i == j ? 1 : 0, 1e-9);
            }
        }
    }

    [Fact]
    public void Turned_rows_keep_their_products_and_say_the_most_first()
    {
        var random = new Random(7);
        var stride = PooledTexts.Stride(Dimensions);
        var rows = Enumerable.Range(0, Tokens * Dimensions).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        // Texts vary along one direction far more than along the others.
        var direction = Enumerable.Range(0, Dimensions).Select(_ => random.NextDouble() - 0.5).ToArray();
        var texts = new float[Texts * stride];
        for (var text = 0; text < Texts; text++)
        {
            var along = random.NextDouble() - 0.5;
            for (var i = 0; i < Dimensions; i++)
                texts[text * stride + i] = (float)(along * direction[i] + 0.01 * random.NextDouble());
        }

        var turned = PrincipalAxes.Turn(rows, texts, stride, Dimensions, Threads);

        ReadOnlySpan<float> Row(float[] of, int token) => of.AsSpan(token * Dimensions, Dimensions);
        for (var token = 1; token < Tokens; token++)
        {
            System.Numerics.Tensors.TensorPrimitives.Dot(Row(turned, token), Row(turned, token - 1)).Should()
                .BeApproximately(System.Numerics.Tensors.TensorPrimitives.Dot(Row(rows, token), Row(rows, token - 1)), 1e-5f);
        }

        // The first component of a row is how far it lies in that direction.
        var length = Math.Sqrt(direction.Sum(value => value * value));
        for (var token = 0; token < Tokens; token++)
        {
            var expected = direction.Select((value, i) => value * rows[token * Dimensions + i]).Sum() / length;
            Math.Abs(turned[token * Dimensions]).Should().BeApproximately((float)Math.Abs(expected), 0.05f);
        }
    }

    private static double[][] Symmetric(int seed)
    {
        var random = new Random(seed);
        var matrix = Enumerable.Range(0, Dimensions).Select(_ => new double[Dimensions]).ToArray();
        for (var i = 0; i < Dimensions; i++)
        {
            for (var j = 0; j <= i; j++)
                matrix[i][j] = matrix[j][i] = random.NextDouble() - 0.5;
        }

        return matrix;
    }

    private static double[] Times(double[][] matrix, double[] vector) => [.. matrix.Select(row => Dot(row, vector))];

    private static double Dot(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();
}
