using System.Numerics.Tensors;

namespace GenAI.Core.Training;

/// <summary>
/// Turns the vectors of all tokens together so that the first components of texts' vectors say the most: onto the principal axes of the texts (K. Pearson, 1901). No product of two whole vectors
/// changes, so a vector can be cut at the price of what its last components say, without a training for it.
/// </summary>
internal static class PrincipalAxes
{
    // What is left beside the diagonal counts as nothing then.
    private const double Precision = 1e-12;
    private const int MostSweeps = 30;

    /// <summary>Turns rows.</summary>
    /// <param name="rows">The vectors of the tokens, row by row.</param>
    /// <param name="texts">Unit vectors of texts, row by row, each <paramref name="stride"/> apart.</param>
    /// <param name="stride">How far the texts' vectors are apart.</param>
    /// <param name="dimensions">The length of a vector.</param>
    /// <param name="threads">How many threads work; the result does not depend on it.</param>
    /// <returns>The turned rows.</returns>
    public static float[] Turn(float[] rows, float[] texts, int stride, int dimensions, ParallelOptions threads)
    {
        var (tokens, count) = (rows.Length / dimensions, texts.Length / stride);
        var transposed = new float[texts.Length];
        var products = new float[stride * stride];
        MatrixProduct.Transpose(texts, transposed, count, stride, threads);
        MatrixProduct.Multiply(transposed, texts, products, stride, count, stride, threads);
        var matrix = new double[dimensions][];
        for (var i = 0; i < dimensions; i++)
            matrix[i] = Array.ConvertAll(products[(i * stride)..(i * stride + dimensions)], value => (double)value);

        var axes = Of(matrix);
        var columns = new float[dimensions * dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            for (var j = 0; j < dimensions; j++)
                columns[j * dimensions + i] = (float)axes[i][j];
        }

        var turned = new float[rows.Length];
        MatrixProduct.Multiply(rows, columns, turned, tokens, dimensions, dimensions, threads);
        return turned;
    }

    /// <summary>The eigenvectors of a symmetric matrix, those of the largest eigenvalues first, by C. Jacobi's rotations (1846).</summary>
    /// <param name="matrix">The matrix by rows, which is overwritten.</param>
    public static double[][] Of(double[][] matrix)
    {
        var n = matrix.Length;
        var vectors = new double[n][];
        for (var i = 0; i < n; i++)
            (vectors[i] = new double[n])[i] = 1;
        var enough = Precision * matrix.Sum(row => TensorPrimitives.SumOfSquares<double>(row));
        for (var sweep = 0; sweep < MostSweeps && Outside(matrix) > enough; sweep++)
        {
            for (var p = 0; p < n; p++)
            {
                for (var q = p + 1; q < n; q++)
                    Rotate(matrix, vectors, p, q);
            }
        }

        return [.. Enumerable.Range(0, n).OrderByDescending(i => matrix[i][i]).Select(i => vectors[i])];
    }

    private static double Outside(double[][] matrix) => matrix.Select((row, i) => TensorPrimitives.SumOfSquares<double>(row.AsSpan(i + 1))).Sum() * 2;

    // Makes the element at p and q zero. The vectors are kept as rows, so that both they and the matrix are read in order; the matrix's columns follow from its symmetry.
    private static void Rotate(double[][] matrix, double[][] vectors, int p, int q)
    {
        var off = matrix[p][q];
        if (off == 0)
            return;
        var ratio = (matrix[q][q] - matrix[p][p]) / (2 * off);
        var tangent = (ratio >= 0 ? 1 : -1) / (Math.Abs(ratio) + Math.Sqrt(ratio * ratio + 1));
        var cosine = 1 / Math.Sqrt(tangent * tangent + 1);
        var sine = tangent * cosine;
        var (first, last) = (matrix[p][p] - tangent * off, matrix[q][q] + tangent * off);
        Mix(matrix[p], matrix[q], cosine, sine);
        for (var i = 0; i < matrix.Length; i++)
            (matrix[i][p], matrix[i][q]) = (matrix[p][i], matrix[q][i]);
        (matrix[p][p], matrix[q][q], matrix[p][q], matrix[q][p]) = (first, last, 0, 0);
        Mix(vectors[p], vectors[q], cosine, sine);
    }

    private static void Mix(double[] left, double[] right, double cosine, double sine)
    {
        for (var i = 0; i < left.Length; i++)
            (left[i], right[i]) = (cosine * left[i] - sine * right[i], sine * left[i] + cosine * right[i]);
    }
}
