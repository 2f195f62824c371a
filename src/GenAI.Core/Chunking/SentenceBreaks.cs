namespace GenAI.Core.Chunking;

/// <summary>Cuts between sentences; inside one only if it is over the limit by itself, then between words, then between grapheme clusters.</summary>
/// <param name="sentences">The sentences of the whole text, in order.</param>
internal sealed class SentenceBreaks(List<TextRange> sentences) : BreakRule
{
    public override int Cut(in SplitWindow window)
    {
        // The last sentence that ends within reach.
        var index = FirstEndAfter(window.Reach) - 1;
        if (index >= 0 && sentences[index].End > window.Start)
            return sentences[index].End;
        if (window.From < window.Start)
            return WithoutOverlap;

        var word = TextBreaks.LastWord(window.Text, window.Start, TextBreaks.PastSpace(window.Text, window.Reach, window.End));
        return word > 0 ? word : window.Reach;
    }

    public override int OverlapStart(ReadOnlySpan<char> text, int earliest, in TextPiece previous)
    {
        // A piece that ends inside a sentence has no whole sentence at its end.
        var last = FirstEndAfter(previous.End) - 1;
        if (last < 0 || sentences[last].End != previous.End)
            return previous.End;

        var first = last + 1;
        while (first > 0 && sentences[first - 1].Start >= earliest)
            first--;
        return first <= last ? sentences[first].Start : previous.End;
    }

    private int FirstEndAfter(int position)
    {
        var (low, high) = (0, sentences.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sentences[middle].End > position)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
