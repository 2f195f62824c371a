namespace GenAI.Core.Tokenization;

/// <summary>From a text to tokens, step by step as the definition says. Safe for concurrent use; what a call works in is its own.</summary>
internal sealed class TokenizerPipeline
{
    private readonly TextNormalizer[] _normalizers;
    private readonly PreTokenizer[] _preTokenizers;
    private readonly TokenModel _model;
    private readonly bool _trims, _needsAlignment;

    public TokenizerPipeline(TokenizerDefinition definition)
    {
        _normalizers = definition.Normalizers;
        _preTokenizers = definition.PreTokenizers;
        _model = definition.Model;
        _trims = definition.Template.TrimsRanges;
        Added = new AddedTokens(definition.AddedTokens, _normalizers);

        // Whether a piece stood at the very start of the original shows only in the ranges, once something before it may be dropped.
        _needsAlignment = _normalizers.Length > 0 && _preTokenizers.Any(step => step is MetaspacePreTokenizer { Prefix: MetaspacePrefix.First });
    }

    public AddedTokens Added { get; }

    public void Tokenize(ReadOnlySpan<char> text, TokenList tokens, bool ranges, TokenizerScratch work)
    {
        tokens.Clear(ranges);
        Normalize(text, ranges || _needsAlignment, work);
        foreach (var step in _preTokenizers)
            step.Apply(work);
        if (ranges)
            LookUpWithRanges(tokens, work);
        else
            LookUp(tokens, work);
    }

    private void Normalize(ReadOnlySpan<char> text, bool aligned, TokenizerScratch work)
    {
        work.Text.Clear(aligned);
        work.Pieces.Clear();
        work.RawPieces.Clear();
        if (Added.Raw is null)
            work.RawPieces.Add(0, text.Length);
        else
            Added.Raw.Split(text, work.RawPieces, 0);

        foreach (ref readonly var piece in work.RawPieces.Span)
        {
            var start = work.Text.Length;
            if (piece.Id != Piece.Text)
            {
                work.Text.AppendOriginal(text, piece.Start, piece.Length);
                work.Pieces.Add(piece with { Start = start });
                continue;
            }

            work.Part.Clear(aligned);
            work.Part.AppendOriginal(text, piece.Start, piece.Length);
            work.Normalize(_normalizers);
            if (work.RawPieces.Count == 1)
                work.UsePart();
            else
                work.Text.Append(work.Part, 0, work.Part.Length);

            if (Added.Normalized is null)
                work.Pieces.Add(start, work.Text.Length);
            else
                Added.Normalized.Split(work.Text.Span[start..], work.Pieces, start);
        }
    }

    private void LookUp(TokenList tokens, TokenizerScratch work)
    {
        var text = work.Text.Span;
        var words = work.Words;
        foreach (ref readonly var piece in work.Pieces.Span)
        {
            if (piece.Id != Piece.Text)
            {
                tokens.Add(piece.Id, 0, 0);
                continue;
            }

            var isKept = WordCache.Keeps(piece.Length);
            var key = isKept ? WordCache.Key(text, piece.Start, piece.Length) : default;
            if (isKept && words.TryAdd(key, piece.Length, tokens))
                continue;

            var before = tokens.Count;
            _model.Tokenize(text.Slice(piece.Start, piece.Length), tokens, work);
            if (isKept)
                words.Keep(key, piece.Length, tokens.Ids[before..]);
        }
    }

    private void LookUpWithRanges(TokenList tokens, TokenizerScratch work)
    {
        var text = work.Text;
        foreach (ref readonly var piece in work.Pieces.Span)
        {
            var before = tokens.Count;
            if (piece.Id != Piece.Text)
                tokens.Add(piece.Id, 0, piece.Length);
            else
                _model.Tokenize(text.Span.Slice(piece.Start, piece.Length), tokens, work);
            for (var i = before; i < tokens.Count; i++)
            {
                var (start, end) = (piece.Start + tokens.Starts[i], piece.Start + tokens.Ends[i]);
                if (_trims)
                    Trim(text.Span[start..end], tokens, i, plain: piece.Id == Piece.Text && _model.TakesBytes);
                (tokens.Starts[i], tokens.Ends[i]) = end > start ? (text.Start(start), text.End(end - 1)) : (0, 0);
            }
        }
    }

    private static void Trim(ReadOnlySpan<char> token, TokenList tokens, int index, bool plain)
    {
        int leading = 0, trailing = 0;
        while (leading < token.Length && IsSpace(token[leading], plain))
            leading++;
        while (trailing < token.Length && IsSpace(token[^(trailing + 1)], plain))
            trailing++;
        tokens.Leading[index] = leading;
        tokens.Trailing[index] = trailing;
    }

    // In plain text only the space itself; in the characters of bytes what stands for it, and white space in added tokens.
    private static bool IsSpace(char unit, bool plain) =>
        plain ? unit == ' ' : unit == ByteLevel.Characters[' '] || UnicodeData.Is(unit, UnicodeData.Whitespace);
}
