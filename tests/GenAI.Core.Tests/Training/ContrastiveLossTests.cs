using GenAI.Core.Embeddings;
using GenAI.Core.Training;

namespace GenAI.Core.Tests.Training;

/// <summary>The loss and its gradient, against the definition in double precision and its finite differences.</summary>
public class ContrastiveLossTests
{
    private const int Tokens = 14, Dimensions = 9, Pairs = 8, Negatives = 3;
    private const double Temperature = 0.2;

    private static readonly ParallelOptions Threads = new() { MaxDegreeOfParallelism = 2 };
    private static readonly float[] FactorOfCount = [.. Enumerable.Range(0, 256).Select(count => MathF.Sqrt(count))];
    private static readonly (int Row, int Column)[] Masked = [(0, 3), (3, 0), (2, Pairs + 1)];

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        var (parameters, bags, texts) = Sample();
        var (rows, logWeights) = (Array.ConvertAll(parameters.Rows, value => (double)value), Array.ConvertAll(parameters.LogWeights, value => (double)value));
        double Expected() => Loss(rows, logWeights, bags);

        var weights = Array.ConvertAll(parameters.LogWeights, MathF.Exp);
        texts.Pool(parameters, weights, Threads);
        var loss = new ContrastiveLoss(Pairs, Negatives, Dimensions);
        var actual = loss.Add(texts, (float)Temperature, Masked, Threads);
        texts.Sort(Tokens);

        actual.Should().BeApproximately(Expected(), 1e-5);
        texts.Touched.ToArray().Should().Equal(Enumerable.Range(0, Tokens - 1), "the last token is in no text");
        var gradient = new float[Dimensions];
        foreach (var token in texts.Touched)
        {
            texts.GradientOf(token, gradient);
            var byLogWeight = 0.0;
            for (var j = 0; j < Dimensions; j++)
            {
                (gradient[j] * weights[token]).Should().BeApproximately((float)Difference(rows, token * Dimensions + j, Expected), 2e-5f, $"component {j} of token {token}");
                byLogWeight += gradient[j] * weights[token] * rows[token * Dimensions + j];
            }

            byLogWeight.Should().BeApproximately(Difference(logWeights, token, Expected), 5e-5, $"the weight of token {token}");
        }
    }

    [Fact]
    public void Adam_steps_as_in_the_paper()
    {
        var (parameters, bags, texts) = Sample();
        var weights = Array.ConvertAll(parameters.LogWeights, MathF.Exp);
        var adam = new SparseAdam(parameters, anchor: null, weightDecay: 0);
        var loss = new ContrastiveLoss(Pairs, Negatives, Dimensions);
        const int Token = 2;
        var expected = Array.ConvertAll(parameters.Rows[(Token * Dimensions)..((Token + 1) * Dimensions)], value => (double)value);
        var untouched = parameters.Rows[^Dimensions..];
        var (mean, square) = (new double[Dimensions], new double[Dimensions]);
        var gradient = new float[Dimensions];

        for (var step = 1; step <= 3; step++)
        {
            texts.Pool(parameters, weights, Threads);
            loss.Add(texts, (float)Temperature, Masked, Threads);
            texts.Sort(Tokens);
            texts.GradientOf(Token, gradient);
            for (var j = 0; j < Dimensions; j++)
            {
                var g = (double)gradient[j] * weights[Token];
                (mean[j], square[j]) = (0.9 * mean[j] + 0.1 * g, 0.999 * square[j] + 0.001 * g * g);
                expected[j] -= 0.01 * mean[j] / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(square[j] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }

            adam.Apply(texts, step, 0.01f, 0.01f, weights, Threads);
        }

        for (var j = 0; j < Dimensions; j++)
            parameters.Rows[Token * Dimensions + j].Should().BeApproximately((float)expected[j], 1e-5f);
        parameters.Rows[^Dimensions..].Should().Equal(untouched, "no text has the last token");
    }

    private static (TokenParameters Parameters, TokenBags Bags, PooledTexts Texts) Sample()
    {
        var random = new Random(5);
        var parameters = new TokenParameters(Tokens, Dimensions);
        for (var i = 0; i < parameters.Rows.Length; i++)
            parameters.Rows[i] = (float)(random.NextDouble() * 2 - 1);
        for (var i = 0; i < Tokens; i++)
            parameters.LogWeights[i] = (float)random.NextDouble();

        var bags = new TokenBags();
        var tokens = new StaticTokens(Tokens);
        for (var text = 0; text < 2 * Pairs + Negatives; text++)
        {
            tokens.Clear();
            tokens.Add(text % (Tokens - 1));
            for (var i = random.Next(5); i >= 0; i--)
                tokens.Add(random.Next(Tokens - 1));
            bags.Add(tokens);
        }

        var texts = new PooledTexts(bags.Count, Dimensions);
        texts.Take(bags, [.. Enumerable.Range(0, bags.Count)], FactorOfCount, dropout: 0, seed: 0);
        return (parameters, bags, texts);
    }

    private static double Difference(double[] values, int place, Func<double> loss)
    {
        const double Step = 1e-6;
        var value = values[place];
        values[place] = value + Step;
        var above = loss();
        values[place] = value - Step;
        var below = loss();
        values[place] = value;
        return (above - below) / (2 * Step);
    }

    private static double Loss(double[] rows, double[] logWeights, TokenBags bags)
    {
        var vectors = Enumerable.Range(0, bags.Count).Select(Vector).ToArray();
        bool Counts(int i, int j) => !Masked.Contains((i, j));
        double Score(int i, int j) => vectors[i].Zip(vectors[Pairs + j], (a, b) => a * b).Sum() / Temperature;

        var loss = 0.0;
        for (var i = 0; i < Pairs; i++)
        {
            loss += Math.Log(Enumerable.Range(0, Pairs + Negatives).Where(j => Counts(i, j)).Sum(j => Math.Exp(Score(i, j)))) - Score(i, i);
            loss += Math.Log(Enumerable.Range(0, Pairs).Where(j => Counts(j, i)).Sum(j => Math.Exp(Score(j, i)))) - Score(i, i);
        }

        return loss / (2 * Pairs);

        double[] Vector(int text)
        {
            var sum = new double[Dimensions];
            for (var i = 0; i < bags.IdsOf(text).Length; i++)
            {
                var id = bags.IdsOf(text)[i];
                for (var j = 0; j < Dimensions; j++)
                    sum[j] += Math.Sqrt(bags.CountsOf(text)[i]) * Math.Exp(logWeights[id]) * rows[id * Dimensions + j];
            }

            var length = Math.Sqrt(sum.Sum(value => value * value));
            return [.. sum.Select(value => value / length)];
        }
    }
}
