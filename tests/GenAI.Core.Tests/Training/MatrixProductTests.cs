using GenAI.Core.Training;

namespace GenAI.Core.Tests.Training;

public class MatrixProductTests
{
    private static readonly ParallelOptions Threads = new() { MaxDegreeOfParallelism = 2 };

    // Around the blocks of 4 rows and 24 columns, and the vectors of 8 columns.
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 7, 23)]
    [InlineData(4, 8, 24)]
    [InlineData(5, 9, 25)]
    [InlineData(7, 1, 31)]
    [InlineData(65, 33, 72)]
    [InlineData(130, 255, 50)]
    public void The_product_is_that_of_the_definition(int rows, int inner, int columns)
    {
        var (left, right) = (Matrix(rows * inner, 1), Matrix(inner * columns, 2));
        var product = new float[rows * columns];

        MatrixProduct.Multiply(left, right, product, rows, inner, columns, Threads);

        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                var expected = 0.0;
                for (var k = 0; k < inner; k++)
                    expected += (double)left[i * inner + k] * right[k * columns + j];
                product[i * columns + j].Should().BeApproximately((float)expected, 1e-4f);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(31, 33)]
    [InlineData(70, 5)]
    public void A_transposed_matrix_has_rows_for_columns(int rows, int columns)
    {
        var matrix = Matrix(rows * columns, 3);
        var transposed = new float[matrix.Length];

        MatrixProduct.Transpose(matrix, transposed, rows, columns, Threads);

        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
                transposed[j * rows + i].Should().Be(matrix[i * columns + j]);
        }
    }

    private static float[] Matrix(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() * 2 - 1))];
    }
}
