namespace GenAI.Core.Chunking;

/// <summary>
/// Says how far a number of tokens reaches in one text, so that a cut is chosen before anything is counted. Its answers may be estimates:
/// what holds a chunk to its limit is the counter, asked once per chunk.
/// </summary>
/// <remarks>Made for one text and one pass over it; not safe for concurrent use. Lengths are in units of 1/<see cref="TokenWeights.PerToken"/> token.</remarks>
internal abstract class TokenRuler
{
    /// <summary>The ruler for a counter: exact for the estimate, otherwise learning the counts of words in <paramref name="table"/>.</summary>
    public static TokenRuler For(TokenCounter counter, WordTable? table) => table is null ? WeightRuler.Instance : new WordRuler(counter, table);

    /// <summary>Whether <see cref="Measure"/> agrees with the counter.</summary>
    public abstract bool IsExact { get; }

    /// <summary>The largest end in [<paramref name="from"/>, <paramref name="limit"/>] such that the text from <paramref name="from"/> to it is no longer than <paramref name="budget"/>.</summary>
    public abstract int Reach(ReadOnlySpan<char> text, int from, int limit, long budget);

    /// <summary>The smallest start in [<paramref name="floor"/>, <paramref name="end"/>] such that the text from it to <paramref name="end"/> is no longer than <paramref name="budget"/>.</summary>
    public abstract int ReachBack(ReadOnlySpan<char> text, int end, int floor, long budget);

    /// <summary>The length of the text from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public abstract long Measure(ReadOnlySpan<char> text, int from, int to);

    /// <summary>Says that nothing before <paramref name="position"/> will be asked for again.</summary>
    public virtual void Forget(int position)
    {
    }
}

/// <summary>The ruler of <see cref="TokenCounter.Estimate"/>.</summary>
internal sealed class WeightRuler : TokenRuler
{
    public static WeightRuler Instance { get; } = new();

    public override bool IsExact => true;

    public override int Reach(ReadOnlySpan<char> text, int from, int limit, long budget) =>
        from + TokenWeights.Reach(text[from..limit], budget);

    public override int ReachBack(ReadOnlySpan<char> text, int end, int floor, long budget) =>
        floor + TokenWeights.ReachBack(text[floor..end], budget);

    public override long Measure(ReadOnlySpan<char> text, int from, int to) => TokenWeights.Sum(text[from..to]);
}
