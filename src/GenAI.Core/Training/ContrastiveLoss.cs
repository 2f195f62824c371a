using System.Numerics.Tensors;

namespace GenAI.Core.Training;

/// <summary>
/// How well each left text tells its right text from all others of a batch, and the other way round: InfoNCE (A. van den Oord et al., "Representation
/// Learning with Contrastive Predictive Coding", 2018), the mean of both directions.
/// </summary>
/// <param name="pairs">The number of pairs of a batch.</param>
/// <param name="negatives">The number of further texts that are wrong for every left text.</param>
/// <param name="dimensions">The dimensions of a vector.</param>
internal sealed class ContrastiveLoss(int pairs, int negatives, int dimensions)
{
    private readonly int _columns = pairs + negatives;
    private readonly float[] _left = new float[pairs * PooledTexts.Stride(dimensions)];
    private readonly float[] _right = new float[(pairs + negatives) * PooledTexts.Stride(dimensions)];
    private readonly float[] _rightTransposed = new float[(pairs + negatives) * PooledTexts.Stride(dimensions)];
    private readonly float[] _leftGradient = new float[pairs * PooledTexts.Stride(dimensions)];
    private readonly float[] _rightGradient = new float[(pairs + negatives) * PooledTexts.Stride(dimensions)];
    private readonly float[] _logits = new float[pairs * (pairs + negatives)];
    private readonly float[] _logitsTransposed = new float[pairs * (pairs + negatives)];
    private readonly float[] _byColumn = new float[pairs + negatives];
    private readonly double[] _losses = new double[pairs];

    /// <summary>Computes the loss and adds its gradient to the texts'.</summary>
    /// <param name="texts">The left texts, the right texts in the same order, then the negatives.</param>
    /// <param name="temperature">What the cosines are divided by.</param>
    /// <param name="masked">Left texts and columns, not in the same place, that are no wrong pair.</param>
    /// <param name="threads">How many threads work.</param>
    /// <returns>The loss.</returns>
    public double Add(PooledTexts texts, float temperature, IReadOnlyList<(int Row, int Column)> masked, ParallelOptions threads)
    {
        texts.Normalize(threads);
        var width = PooledTexts.Stride(dimensions);
        texts.Units.AsSpan(0, pairs * width).CopyTo(_left);
        texts.Units.AsSpan(pairs * width, _columns * width).CopyTo(_right);
        MatrixProduct.Transpose(_right, _rightTransposed, _columns, width, threads);
        MatrixProduct.Multiply(_left, _rightTransposed, _logits, pairs, width, _columns, threads);

        var loss = ToGradient(temperature, masked, threads);

        MatrixProduct.Multiply(_logits, _right, _leftGradient, pairs, _columns, width, threads);
        MatrixProduct.Transpose(_logits, _logitsTransposed, pairs, _columns, threads);
        MatrixProduct.Multiply(_logitsTransposed, _left, _rightGradient, _columns, pairs, width, threads);
        _leftGradient.AsSpan(0, pairs * width).CopyTo(texts.UnitGradients);
        _rightGradient.AsSpan(0, _columns * width).CopyTo(texts.UnitGradients.AsSpan(pairs * width));
        texts.AddGradients(threads);
        return loss;
    }

    // Cosines become the gradient of the loss by them. No cosine is above 1, so that is what exponents are held against overflow with.
    private double ToGradient(float temperature, IReadOnlyList<(int Row, int Column)> masked, ParallelOptions threads)
    {
        Parallel.For(0, pairs, threads, i =>
        {
            var row = _logits.AsSpan(i * _columns, _columns);
            var own = (row[i] - 1) / temperature;
            TensorPrimitives.Subtract(row, 1f, row);
            TensorPrimitives.Divide(row, temperature, row);
            TensorPrimitives.Exp<float>(row, row);
            _losses[i] = -own * 2;
        });

        foreach (var (row, column) in masked)
            _logits[row * _columns + column] = 0;

        // In bands of columns, each from the first row to the last, so that the sums do not depend on the number of threads.
        const int Band = 64;
        Parallel.For(0, (pairs + Band - 1) / Band, threads, band =>
        {
            var width = Math.Min(Band, pairs - band * Band);
            var sums = _byColumn.AsSpan(band * Band, width);
            sums.Clear();
            for (var i = 0; i < pairs; i++)
                TensorPrimitives.Add(sums, _logits.AsSpan(i * _columns + band * Band, width), sums);
        });

        // Further negatives are wrong for left texts and nothing for right ones: their part of the second direction is 0.
        for (var i = 0; i < pairs; i++)
        {
            _losses[i] += Math.Log(_byColumn[i]);
            _byColumn[i] = 1 / _byColumn[i];
        }

        var scale = 1 / (2 * pairs * temperature);
        Parallel.For(0, pairs, threads, i =>
        {
            var row = _logits.AsSpan(i * _columns, _columns);
            var sum = TensorPrimitives.Sum<float>(row);
            _losses[i] += Math.Log(sum);
            TensorPrimitives.AddMultiply(_byColumn, 1 / sum, row, row);
            TensorPrimitives.Multiply(row, scale, row);
            row[i] -= 2 * scale;
        });
        return _losses.Sum() / (2 * pairs);
    }
}
