using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace GenAI.Core.Training;

/// <summary>
/// Adam for token vectors (D. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", 2015), with decoupled weight decay (I. Loshchilov and F. Hutter, 2019):
/// a step changes only the tokens that its texts have, and so costs what they cost.
/// </summary>
/// <param name="parameters">What is changed.</param>
/// <param name="anchor">The vectors that decay pulls back to; null for zero.</param>
/// <param name="weightDecay">How strongly it pulls.</param>
internal sealed class SparseAdam(TokenParameters parameters, float[]? anchor, float weightDecay)
{
    private const float MeanDecay = 0.9f, SquareDecay = 0.999f, Epsilon = 1e-8f;

    /// <summary>Changes the parameters of the tokens that the texts have.</summary>
    /// <param name="texts">The texts, with their gradients.</param>
    /// <param name="step">The number of this step, from 1.</param>
    /// <param name="rate">The most that a number of a vector changes in a step, about.</param>
    /// <param name="weightRate">The same for the logarithm of a weight.</param>
    /// <param name="weights">The weights themselves, kept up.</param>
    /// <param name="threads">How many threads work.</param>
    public void Apply(PooledTexts texts, int step, float rate, float weightRate, float[] weights, ParallelOptions threads)
    {
        var dimensions = parameters.Dimensions;
        var mean = 1 / (1 - MathF.Pow(MeanDecay, step));
        var square = 1 / (1 - MathF.Pow(SquareDecay, step));
        const int Block = 64;
        var touched = texts.TouchedCount;
        Parallel.For(0, (touched + Block - 1) / Block, threads, block =>
        {
            Span<float> gradient = stackalloc float[dimensions];
            for (var i = block * Block; i < Math.Min(touched, (block + 1) * Block); i++)
            {
                var token = texts.Touched[i];
                var row = parameters.Rows.AsSpan(token * dimensions, dimensions);
                texts.GradientOf(token, gradient);
                var byWeight = weights[token] * TensorPrimitives.Dot<float>(row, gradient);
                TensorPrimitives.Multiply(gradient, weights[token], gradient);

                if (weightDecay > 0)
                    Decay(row, token, rate * weightDecay);
                Update(row, gradient, parameters.RowMeans.AsSpan(token * dimensions, dimensions), parameters.RowSquares.AsSpan(token * dimensions, dimensions), rate * mean, square);
                if (weightRate > 0)
                {
                    Update(parameters.LogWeights.AsSpan(token, 1), new ReadOnlySpan<float>(in byWeight), parameters.WeightMeans.AsSpan(token, 1), parameters.WeightSquares.AsSpan(token, 1), weightRate * mean, square);
                    weights[token] = MathF.Exp(parameters.LogWeights[token]);
                }
            }
        });
    }

    // Towards nothing; towards the vectors that an adaptation began with, if it did.
    private void Decay(Span<float> row, int token, float share)
    {
        if (anchor is null)
            TensorPrimitives.Multiply(row, 1 - share, row);
        else
            TensorPrimitives.Lerp(row, anchor.AsSpan(token * row.Length, row.Length), share, row);
    }

    private static void Update(Span<float> values, ReadOnlySpan<float> gradient, Span<float> means, Span<float> squares, float rate, float squareCorrection)
    {
        var i = 0;
        if (values.Length >= Vector<float>.Count)
        {
            var v = MemoryMarshal.Cast<float, Vector<float>>(values);
            var g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
            var m = MemoryMarshal.Cast<float, Vector<float>>(means);
            var s = MemoryMarshal.Cast<float, Vector<float>>(squares);
            for (var j = 0; j < v.Length; j++)
            {
                m[j] = m[j] * MeanDecay + g[j] * (1 - MeanDecay);
                s[j] = s[j] * SquareDecay + g[j] * g[j] * (1 - SquareDecay);
                v[j] -= m[j] * rate / (Vector.SquareRoot(s[j] * squareCorrection) + new Vector<float>(Epsilon));
            }

            i = v.Length * Vector<float>.Count;
        }

        for (; i < values.Length; i++)
        {
            means[i] = means[i] * MeanDecay + gradient[i] * (1 - MeanDecay);
            squares[i] = squares[i] * SquareDecay + gradient[i] * gradient[i] * (1 - SquareDecay);
            values[i] -= means[i] * rate / (MathF.Sqrt(squares[i] * squareCorrection) + Epsilon);
        }
    }
}
