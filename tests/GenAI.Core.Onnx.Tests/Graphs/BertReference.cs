namespace GenAI.Core.Onnx.Tests.Graphs;

/// <summary>The network in plain loops and double precision, written from the paper and not from the graph: what the runtime's results are compared with.</summary>
internal sealed class BertReference(BertWeights weights)
{
    private const double Epsilon = 1e-12;

    /// <summary>The vectors of the last layer, one row per token.</summary>
    /// <param name="ids">The tokens of one text, without padding.</param>
    /// <param name="types">The segment of each token.</param>
    public double[][] Hidden(IReadOnlyList<int> ids, IReadOnlyList<int>? types = null)
    {
        var width = weights.Shape.Width;
        var rows = new double[ids.Count][];
        for (var t = 0; t < rows.Length; t++)
        {
            rows[t] = new double[width];
            var type = types?[t] ?? 0;
            for (var i = 0; i < width; i++)
                rows[t][i] = (double)weights.Words[ids[t] * width + i] + weights.Types[type * width + i] + weights.Positions[t * width + i];
            rows[t] = Normalized(rows[t], weights.EmbeddingNorm);
        }

        foreach (var layer in weights.Layers)
            rows = Through(layer, rows);
        return rows;
    }

    /// <summary>BERT's own pooled output: the first token through a dense layer and a hyperbolic tangent.</summary>
    public double[] Pooled(IReadOnlyList<int> ids, IReadOnlyList<int>? types = null) => [.. Apply(weights.Pooler, Hidden(ids, types)[0]).Select(Math.Tanh)];

    /// <summary>What the classification head says of each label.</summary>
    public double[] Logits(IReadOnlyList<int> ids, IReadOnlyList<int>? types = null) => Apply(weights.Classifier!, Pooled(ids, types));

    private double[][] Through(BertLayer layer, double[][] rows)
    {
        var (heads, size) = (weights.Shape.Heads, weights.Shape.Width / weights.Shape.Heads);
        var queries = rows.Select(row => Apply(layer.Query, row)).ToArray();
        var keys = rows.Select(row => Apply(layer.Key, row)).ToArray();
        var values = rows.Select(row => Apply(layer.Value, row)).ToArray();
        var result = new double[rows.Length][];
        for (var t = 0; t < rows.Length; t++)
        {
            var mixed = new double[weights.Shape.Width];
            for (var head = 0; head < heads; head++)
            {
                var scores = new double[rows.Length];
                for (var other = 0; other < rows.Length; other++)
                {
                    for (var i = head * size; i < (head + 1) * size; i++)
                        scores[other] += queries[t][i] * keys[other][i];
                    scores[other] /= Math.Sqrt(size);
                }

                var greatest = scores.Max();
                var shares = scores.Select(score => Math.Exp(score - greatest)).ToArray();
                var sum = shares.Sum();
                for (var other = 0; other < rows.Length; other++)
                {
                    for (var i = head * size; i < (head + 1) * size; i++)
                        mixed[i] += shares[other] / sum * values[other][i];
                }
            }

            var attended = Normalized(Sum(rows[t], Apply(layer.Output, mixed)), layer.AttentionNorm);
            var inner = Apply(layer.Inner, attended).Select(Gelu).ToArray();
            result[t] = Normalized(Sum(attended, Apply(layer.Outer, inner)), layer.OutputNorm);
        }

        return result;
    }

    private static double[] Apply(Dense dense, double[] input)
    {
        var result = new double[dense.Outputs];
        for (var o = 0; o < result.Length; o++)
        {
            double sum = dense.Bias[o];
            for (var i = 0; i < dense.Inputs; i++)
                sum += input[i] * dense.Weights[i * dense.Outputs + o];
            result[o] = sum;
        }

        return result;
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double[] Normalized(double[] row, Norm norm)
    {
        var mean = row.Average();
        var deviation = Math.Sqrt(row.Average(x => (x - mean) * (x - mean)) + Epsilon);
        return [.. row.Select((x, i) => (x - mean) / deviation * norm.Scale[i] + norm.Bias[i])];
    }

    private static double Gelu(double x) => 0.5 * x * (1 + Erf(x / Math.Sqrt(2)));

    // The series for small arguments and the continued fraction for large ones (Abramowitz and Stegun 7.1.5 and 7.1.14): exact to double precision.
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 3)
        {
            var fraction = 0.0;
            for (var i = 60; i >= 1; i--)
                fraction = i / 2.0 / (Math.Abs(x) + fraction);
            return Math.Sign(x) * (1 - Math.Exp(-x * x) / (Math.Abs(x) + fraction) / Math.Sqrt(Math.PI));
        }

        var (term, sum) = (x, x);
        for (var n = 1; n < 80; n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
