using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;

namespace GenAI.Core.Training;

/// <summary>What a training begins with.</summary>
internal static class InitialParameters
{
    // Measured: 0.8 of a rare word's for the two buckets together; flat from 2.5 to 4.
    private const double BucketWeight = 4;
    private const double SmallestWeight = 0.3;

    /// <summary>Chance directions, in which two texts are as close as the words that they share make them, and the inverse document frequencies in the passages as weights.</summary>
    public static TokenParameters FromChance(StaticVocabulary vocabulary, int dimensions, IReadOnlyList<PairTexts.Pair> pairs, TokenBags bags, ulong seed)
    {
        var parameters = new TokenParameters(vocabulary.Count, dimensions);
        var random = new SeededSequence(seed);
        for (var i = 0; i < parameters.Rows.Length; i++)
            parameters.Rows[i] = (float)(Normal(ref random) / Math.Sqrt(dimensions));

        var (shares, all) = (new double[vocabulary.Count], 0.0);
        foreach (var pair in pairs)
        {
            all += pair.Weight;
            foreach (var id in bags.IdsOf(pair.Right))
                shares[id] += pair.Weight;
        }

        for (var id = 0; id < vocabulary.Count; id++)
        {
            var rarity = Math.Log((pairs.Count + 1) / (shares[id] / all * pairs.Count + 1));
            parameters.LogWeights[id] = (float)Math.Log(id < vocabulary.Words ? Math.Max(SmallestWeight, rarity) : BucketWeight);
        }

        return parameters;
    }

    /// <summary>Those of a model. A word that it did not have begins as the sum of what the model made of it, so that at first nothing changes.</summary>
    public static TokenParameters FromModel(StaticModel model, StaticVocabulary vocabulary, IReadOnlyDictionary<ulong, (int Id, float Factor)[]> added)
    {
        var parameters = new TokenParameters(vocabulary.Count, model.RowLength);
        for (var id = 0; id < vocabulary.Count; id++)
        {
            var row = parameters.Rows.AsSpan(id * model.RowLength, model.RowLength);
            var old = id < model.Vocabulary.Words ? id : id - (vocabulary.Words - model.Vocabulary.Words);
            if (id < model.Vocabulary.Words || id >= vocabulary.Words)
            {
                model.Rows.AsSpan(old * model.RowLength, model.RowLength).CopyTo(row);
                parameters.LogWeights[id] = MathF.Log(Math.Max(model.Weights[old], float.Epsilon));
                continue;
            }

            foreach (var (part, factor) in added[vocabulary.Hashes[id]])
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(model.Rows.AsSpan(part * model.RowLength, model.RowLength), factor * model.Weights[part], row, row);
            var length = Math.Max(System.Numerics.Tensors.TensorPrimitives.Norm<float>(row), 1e-6f);
            System.Numerics.Tensors.TensorPrimitives.Divide(row, length, row);
            parameters.LogWeights[id] = MathF.Log(length);
        }

        return parameters;
    }

    // G. Box and M. Muller, 1958.
    private static double Normal(ref SeededSequence random)
    {
        var (first, second) = ((random.Next() >> 11) + 1, random.Next() >> 11);
        return Math.Sqrt(-2 * Math.Log(first * (1.0 / (1UL << 53)))) * Math.Cos(2 * Math.PI * second * (1.0 / (1UL << 53)));
    }
}
