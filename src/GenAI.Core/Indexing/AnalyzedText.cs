namespace GenAI.Core.Indexing;

/// <summary>A text as the keyword index sees it: which terms, how often. Making one needs no lock and may run in parallel.</summary>
internal sealed class AnalyzedText(ulong[] terms, int[] counts, int length)
{
    /// <summary>The <see cref="Text.TermHash"/> of each distinct term.</summary>
    public ReadOnlySpan<ulong> Terms => terms;

    /// <summary>How often each of <see cref="Terms"/> occurs.</summary>
    public ReadOnlySpan<int> Counts => counts;

    /// <summary>The number of terms, with repetitions.</summary>
    public int Length => length;
}
