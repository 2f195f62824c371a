using System.Numerics.Tensors;

namespace GenAI.Core.Retrieval;

/// <summary>Maximal marginal relevance (Carbonell and Goldstein, "The use of MMR, diversity-based reranking for reordering documents and producing summaries", SIGIR 1998).</summary>
internal static class MarginalRelevance
{
    /// <summary>Chooses, one after the other, what has the most of <c>lambda * relevance - (1 - lambda) * likeness</c>, where likeness is the greatest cosine to what was chosen before.</summary>
    /// <param name="relevance">How well each candidate fits the query, 0 to 1.</param>
    /// <param name="vectors">A vector of each candidate.</param>
    /// <param name="lambda">How much relevance counts, 0 to 1.</param>
    /// <param name="top">How many to choose.</param>
    /// <returns>The positions of the chosen, in the order of choosing; of equals the first.</returns>
    public static int[] Choose(ReadOnlySpan<float> relevance, IReadOnlyList<ReadOnlyMemory<float>> vectors, float lambda, int top)
    {
        var chosen = new int[Math.Min(top, relevance.Length)];
        var likeness = new float[relevance.Length];
        var isChosen = new bool[relevance.Length];
        for (var n = 0; n < chosen.Length; n++)
        {
            var best = -1;
            var bestValue = float.NegativeInfinity;
            for (var i = 0; i < relevance.Length; i++)
            {
                var value = lambda * relevance[i] - (1 - lambda) * likeness[i];
                if (isChosen[i] || (best >= 0 && !(value > bestValue)))
                    continue;
                (best, bestValue) = (i, value);
            }

            chosen[n] = best;
            isChosen[best] = true;
            for (var i = 0; i < relevance.Length; i++)
            {
                var cosine = Cosine(vectors[i].Span, vectors[best].Span);
                likeness[i] = n == 0 ? cosine : Math.Max(likeness[i], cosine);
            }
        }

        return chosen;
    }

    // A vector of zeros is like nothing.
    private static float Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => TensorPrimitives.CosineSimilarity(a, b) is var cosine && float.IsNaN(cosine) ? 0 : cosine;
}
