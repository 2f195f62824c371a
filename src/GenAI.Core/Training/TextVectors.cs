namespace GenAI.Core.Training;

/// <summary>Makes the vectors of many texts with what has been trained so far.</summary>
/// <param name="bags">All texts.</param>
/// <param name="factorOfCount">By how often a token comes in a text, its factor.</param>
/// <param name="threads">How many threads work.</param>
internal sealed class TextVectors(TokenBags bags, float[] factorOfCount, ParallelOptions threads)
{
    /// <summary>The unit vectors of texts, row by row, <see cref="PooledTexts.Stride"/> apart.</summary>
    public float[] Of(ReadOnlySpan<int> texts, TokenParameters parameters, float[] weights)
    {
        const int Block = 1024;
        var stride = PooledTexts.Stride(parameters.Dimensions);
        var vectors = new float[texts.Length * stride];
        var pooled = new PooledTexts(Block, parameters.Dimensions);
        for (var start = 0; start < texts.Length; start += Block)
        {
            pooled.Take(bags, texts.Slice(start, Math.Min(Block, texts.Length - start)), factorOfCount, dropout: 0, seed: 0);
            pooled.Pool(parameters, weights, threads);
            pooled.Normalize(threads);
            pooled.Units.AsSpan(0, pooled.Count * stride).CopyTo(vectors.AsSpan(start * stride));
        }

        return vectors;
    }
}
