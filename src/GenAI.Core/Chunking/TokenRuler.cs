namespace GenAI.Core.Chunking;

/// <summary>
/// Says how far a number of tokens reaches in one text, so that a cut is chosen before anything is counted. For other counters than the
/// estimate its answers are guesses: what holds a chunk to its limit is the counter, asked about the whole chunk.
/// </summary>
/// <remarks>
/// It starts from the counter's weights and learns from each count how many tokens this text has. What it learns stays with the text, so
/// that chunks do not depend on what was chunked before. Lengths are in the unit of <see cref="TokenWeights"/>. Not safe for concurrent use.
/// Why not something finer: docs/decisions/0021-exact-counters.md.
/// </remarks>
internal sealed class TokenRuler(ChunkLimits limits)
{
    /// <summary>
    /// How much of a limit is used where the ruler guesses. What a guess too far costs is counting the chunk again; what one
    /// too near costs is a shorter chunk.
    /// </summary>
    private const double Caution = 0.92, OverlapCaution = 0.75;

    private readonly TokenWeights _weights = limits.Weights;

    // Tokens per token of the weights.
    private double _density = 1;

    /// <summary>The length of a whole piece.</summary>
    public long Budget => limits.IsEstimate ? (long)limits.MaxTokens * TokenWeights.PerToken : Scaled(limits.MaxTokens, Caution);

    /// <summary>The length of an overlap.</summary>
    public long OverlapBudget => limits.IsEstimate ? (long)limits.OverlapTokens * TokenWeights.PerToken : Scaled(limits.OverlapTokens, OverlapCaution);

    /// <summary>The largest end in [<paramref name="from"/>, <paramref name="limit"/>] such that the text from <paramref name="from"/> to it is no longer than <paramref name="budget"/>.</summary>
    public int Reach(ReadOnlySpan<char> text, int from, int limit, long budget) => from + _weights.Reach(text[from..limit], budget);

    /// <summary>The smallest start in [<paramref name="floor"/>, <paramref name="end"/>] such that the text from it to <paramref name="end"/> is no longer than <paramref name="budget"/>.</summary>
    public int ReachBack(ReadOnlySpan<char> text, int end, int floor, long budget) => floor + _weights.ReachBack(text[floor..end], budget);

    /// <summary>The length of a text.</summary>
    public long Measure(ReadOnlySpan<char> text) => _weights.Sum(text);

    /// <summary>Learns from a count.</summary>
    public void Learn(ReadOnlySpan<char> text, int tokens)
    {
        if (limits.IsEstimate || text.IsEmpty)
            return;

        // The longer the text, the more it says about the next.
        var length = Math.Max(1, Measure(text));
        var weight = 0.6 * Math.Min(1, (double)length / Budget);
        var density = (double)tokens * TokenWeights.PerToken / length;
        _density = Math.Clamp(_density + (weight * (density - _density)), 1.0 / 64, 64);
    }

    private long Scaled(int tokens, double caution) => (long)(tokens * caution * (TokenWeights.PerToken / _density));
}
