namespace GenAI.Core.Tokenization;

/// <summary>One step that splits a normalised text into pieces.</summary>
internal abstract class PreTokenizer
{
    /// <summary>Splits the pieces of <paramref name="work"/>, or rewrites their text.</summary>
    public virtual void Apply(TokenizerScratch work)
    {
        var pieces = work.BeginPieces();
        var text = work.Text.Span;
        foreach (ref readonly var piece in work.Pieces.Span)
        {
            if (piece.Id == Piece.Text)
                Split(text, piece.Start, piece.End, pieces);
            else
                pieces.Add(piece);
        }

        work.EndPieces();
    }

    /// <summary>Adds the pieces of one piece.</summary>
    protected virtual void Split(ReadOnlySpan<char> text, int start, int end, PieceList pieces) => throw new NotSupportedException();
}

/// <summary>Splits at code points of a kind.</summary>
internal class CodePointPreTokenizer(Func<int, bool> isDelimiter, SplitBehavior behavior) : PreTokenizer
{
    protected override void Split(ReadOnlySpan<char> text, int start, int end, PieceList pieces)
    {
        var splitter = new Splitter(pieces, behavior);
        var last = start;
        for (var i = start; i < end;)
        {
            var codePoint = CodePoints.At(text[..end], i);
            var units = CodePoints.Units(codePoint);
            if (isDelimiter(codePoint))
            {
                splitter.Add(last, i, false);
                splitter.Add(i, i + units, true);
                last = i + units;
            }

            i += units;
        }

        splitter.Add(last, end, false);
        splitter.Finish();
    }
}

/// <summary>Splits at the matches of a pattern.</summary>
internal sealed class PatternPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert) : PreTokenizer
{
    protected override void Split(ReadOnlySpan<char> text, int start, int end, PieceList pieces)
    {
        var splitter = new Splitter(pieces, behavior);
        var piece = text[start..end];
        var last = 0;
        for (var at = 0; at <= piece.Length && pattern.TryFind(piece, at, out var found, out var length);)
        {
            splitter.Add(start + last, start + found, invert);
            splitter.Add(start + found, start + found + length, !invert);
            last = found + length;
            at = length == 0 ? last + 1 : last;
        }

        splitter.Add(start + last, end, invert);
        splitter.Finish();
    }
}

/// <summary>White space goes.</summary>
internal sealed class WhitespaceSplitPreTokenizer : PreTokenizer
{
    protected override void Split(ReadOnlySpan<char> text, int start, int end, PieceList pieces)
    {
        var word = start;
        for (var i = start; i < end; i++)
        {
            if (!(text[i] <= ' ' || text[i] >= 0x80) || !UnicodeData.Is(text[i], UnicodeData.Whitespace))
                continue;
            pieces.Add(word, i);
            word = i + 1;
        }

        pieces.Add(word, end);
    }
}

/// <summary>Runs of word characters and runs of others; white space goes.</summary>
internal sealed class WhitespacePreTokenizer : PreTokenizer
{
    protected override void Split(ReadOnlySpan<char> text, int start, int end, PieceList pieces)
    {
        var (run, kind) = (start, 0);
        for (var i = start; i < end;)
        {
            var codePoint = CodePoints.At(text[..end], i);
            var flags = UnicodeData.Flags(codePoint);
            var next = (flags & UnicodeData.Word) != 0 ? 1 : (flags & UnicodeData.Whitespace) != 0 ? 0 : 2;
            if (next != kind)
            {
                if (kind != 0)
                    pieces.Add(run, i);
                (run, kind) = (i, next);
            }

            i += CodePoints.Units(codePoint);
        }

        if (kind != 0)
            pieces.Add(run, end);
    }
}

/// <summary>Pieces of a fixed number of code points.</summary>
internal sealed class FixedLengthPreTokenizer(int codePoints) : PreTokenizer
{
    protected override void Split(ReadOnlySpan<char> text, int start, int end, PieceList pieces)
    {
        while (start < end)
        {
            var stop = start;
            for (var i = 0; i < codePoints && stop < end; i++)
                stop += CodePoints.Units(CodePoints.At(text[..end], stop));
            pieces.Add(start, stop);
            start = stop;
        }
    }
}

/// <summary>Before each run of a character that stands for spaces.</summary>
internal sealed class SpaceRunPreTokenizer(char space) : PreTokenizer
{
    protected override void Split(ReadOnlySpan<char> text, int start, int end, PieceList pieces)
    {
        var word = start;
        for (var i = start; i < end; i++)
        {
            var next = text[i..end].IndexOf(space);
            if (next < 0)
                break;
            i += next;
            pieces.Add(word, i);
            word = i;
            while (i + 1 < end && text[i + 1] == space)
                i++;
        }

        pieces.Add(word, end);
    }
}

/// <summary>Where the script changes. What is before the first character of a script goes, as in the reference.</summary>
internal sealed class ScriptPreTokenizer : PreTokenizer
{
    protected override void Split(ReadOnlySpan<char> text, int start, int end, PieceList pieces)
    {
        var (piece, last) = (-1, 0);
        for (var i = start; i < end;)
        {
            var codePoint = CodePoints.At(text[..end], i);
            var script = UnicodeData.Script(codePoint);
            if (script != 0 && script != last)
            {
                if (piece >= 0)
                    pieces.Add(piece, i);
                (piece, last) = (i, script);
            }

            i += CodePoints.Units(codePoint);
        }

        if (piece >= 0)
            pieces.Add(piece, end);
    }
}
