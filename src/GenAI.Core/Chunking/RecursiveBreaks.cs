using GenAI.Core.Text;

namespace GenAI.Core.Chunking;

/// <summary>Cuts at the best break there is: paragraph, line, sentence, word, grapheme cluster.</summary>
/// <remarks>
/// A paragraph (then line, sentence, word) that fits into a piece is not cut. One that does not fit starts where the piece before it
/// ends if that piece would otherwise be less than half full, since it must be cut anyway.
/// </remarks>
internal sealed class RecursiveBreaks : BreakRule
{
    /// <summary>How much text behind a place decides whether a sentence ends there.</summary>
    private const int SentenceContext = 128;

    private readonly List<TextRange> _sentences = [];

    private enum Level
    {
        Paragraph,
        Line,
        Sentence,
        Word,
    }

    public override int Cut(in SplitWindow window)
    {
        var text = window.Text;
        var to = TextBreaks.PastSpace(text, window.Reach, window.End);
        var half = window.Start + ((window.Reach - window.Start) / 2);
        var start = window.Start;
        for (var level = Level.Paragraph; level <= Level.Word; level++)
        {
            var stop = level switch
            {
                Level.Paragraph => TextBreaks.LastParagraph(text, start, to),
                Level.Line => TextBreaks.LastLine(text, start, to),
                Level.Sentence => LastSentence(window, start),
                _ => TextBreaks.LastWord(text, start, to),
            };
            if (stop < 0)
                continue;

            start = TextBreaks.PastSpace(text, stop, window.End);
            if (stop >= half || FitsAlone(window, level, start))
                return stop;
        }

        return window.Reach;
    }

    public override int OverlapStart(ReadOnlySpan<char> text, int earliest, in TextPiece previous)
    {
        if (earliest >= previous.End)
            return previous.End;

        // A sentence that starts in the first half is worth the shorter overlap.
        var half = earliest + ((previous.End - earliest) / 2);
        var context = Math.Max(previous.Start, earliest - SentenceContext);
        _sentences.Clear();
        SentenceSegmenter.Segment(text[context..previous.End], _sentences);
        for (var i = 1; i < _sentences.Count; i++)
        {
            var start = context + _sentences[i].Start;
            if (start > half)
                break;
            if (start >= earliest)
                return start;
        }

        var word = TextBreaks.NextWord(text, earliest, previous.End);
        return word <= half ? word : earliest;
    }

    /// <summary>The end of the last sentence before the window's reach that another follows; -1 if there is none.</summary>
    private int LastSentence(in SplitWindow window, int start)
    {
        var to = Math.Min(window.End, window.Reach + SentenceContext);
        _sentences.Clear();
        SentenceSegmenter.Segment(window.Text[start..to], _sentences);
        for (var i = _sentences.Count - 2; i >= 0; i--)
        {
            if (start + _sentences[i].End <= window.Reach)
                return start + _sentences[i].End;
        }

        return -1;
    }

    /// <summary>Whether what starts at <paramref name="start"/>, up to the next break of the level, fits into one piece.</summary>
    private bool FitsAlone(in SplitWindow window, Level level, int start)
    {
        var reach = window.ReachFrom(start);
        if (reach >= window.End)
            return true;

        var text = window.Text[start..TextBreaks.PastSpace(window.Text, reach, window.End)];
        switch (level)
        {
            case Level.Paragraph:
                return TextBreaks.HasParagraph(text);
            case Level.Line:
                return TextBreaks.HasLine(text);
            case Level.Word:
                return TextBreaks.HasWord(text);
            default:
                _sentences.Clear();
                SentenceSegmenter.Segment(window.Text[start..Math.Min(window.End, reach + SentenceContext)], _sentences);
                return _sentences.Count > 1 && start + _sentences[0].End <= reach;
        }
    }
}
