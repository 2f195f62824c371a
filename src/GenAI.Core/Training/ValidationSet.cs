namespace GenAI.Core.Training;

/// <summary>Queries with the passages that should be found, among many more: what tells whether training helps.</summary>
/// <param name="queries">The texts to search with, and the places of their right passages.</param>
/// <param name="passages">The texts to be found.</param>
internal sealed class ValidationSet(IReadOnlyList<(int Text, int[] Right)> queries, int[] passages)
{
    // Among this many passages of the training besides those of the validation.
    private const int MaxOthers = 20_000;
    private const int Depth = 10;

    /// <summary>Makes a set of pairs.</summary>
    /// <param name="pairs">The pairs that are held back.</param>
    /// <param name="others">Pairs whose passages are searched too.</param>
    public static ValidationSet Of(IReadOnlyList<PairTexts.Pair> pairs, IReadOnlyList<PairTexts.Pair> others)
    {
        var step = Math.Max(1, others.Count / MaxOthers);
        var passages = pairs.Concat(others.Where((_, i) => i % step == 0)).Select(pair => pair.Right).Distinct().ToArray();
        var place = passages.Select((text, i) => (text, i)).ToDictionary(pair => pair.text, pair => pair.i);
        var queries = pairs.GroupBy(pair => pair.Left).Select(group => (group.Key, group.Select(pair => place[pair.Right]).Distinct().ToArray())).ToArray();
        return new ValidationSet(queries, passages);
    }

    /// <summary>nDCG@10 over the queries.</summary>
    public double Gain(TokenParameters parameters, TokenBags bags, float[] weights, float[] factorOfCount, ParallelOptions threads)
    {
        var dimensions = PooledTexts.Stride(parameters.Dimensions);
        var vectors = new TextVectors(bags, factorOfCount, threads);
        var found = vectors.Of(passages, parameters, weights);
        var asked = vectors.Of([.. queries.Select(query => query.Text)], parameters, weights);
        var transposed = new float[found.Length];
        MatrixProduct.Transpose(found, transposed, passages.Length, dimensions, threads);

        // A few hundred queries at a time, so that the scores take megabytes.
        const int Band = 256;
        var total = 0.0;
        for (var first = 0; first < queries.Count; first += Band)
        {
            var count = Math.Min(Band, queries.Count - first);
            var scores = new float[count * passages.Length];
            MatrixProduct.Multiply(asked[(first * dimensions)..((first + count) * dimensions)], transposed, scores, count, dimensions, passages.Length, threads);
            for (var i = 0; i < count; i++)
                total += Gain(scores.AsSpan(i * passages.Length, passages.Length), queries[first + i].Right);
        }

        return total / queries.Count;
    }

    // A passage's place is how many score higher; those of equal score stand behind it, as they would for each of them.
    private static double Gain(ReadOnlySpan<float> scores, int[] right)
    {
        double gain = 0, best = 0;
        for (var i = 0; i < right.Length; i++)
        {
            var higher = 0;
            foreach (var score in scores)
                higher += score > scores[right[i]] ? 1 : 0;
            gain += higher < Depth ? 1 / Math.Log2(higher + 2) : 0;
            best += i < Depth ? 1 / Math.Log2(i + 2) : 0;
        }

        return gain / best;
    }
}
