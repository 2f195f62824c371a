namespace GenAI.Core.Tokenization;

/// <summary>A step that changes the text of the pieces, each by itself.</summary>
internal abstract class RewritingPreTokenizer : PreTokenizer
{
    public override void Apply(TokenizerScratch work)
    {
        var destination = work.BeginText();
        var pieces = work.BeginPieces();
        destination.Reserve(work.Text.Length);
        foreach (ref readonly var piece in work.Pieces.Span)
        {
            var start = destination.Length;
            if (piece.Id == Piece.Text)
            {
                Rewrite(work.Text, piece, destination);
                Split(destination.Span, start, destination.Length, pieces);
            }
            else
            {
                destination.Append(work.Text, piece.Start, piece.Length);
                pieces.Add(piece with { Start = start });
            }
        }

        work.EndPieces();
        work.EndText();
    }

    protected abstract void Rewrite(AlignedText text, Piece piece, AlignedText destination);

    protected override void Split(ReadOnlySpan<char> text, int start, int end, PieceList pieces) => pieces.Add(start, end);
}

/// <summary>Spaces become a visible character, which the words keep in front of them (SentencePiece).</summary>
internal sealed class MetaspacePreTokenizer(char replacement, MetaspacePrefix prefix, bool split) : RewritingPreTokenizer
{
    public MetaspacePrefix Prefix => prefix;

    protected override void Rewrite(AlignedText text, Piece piece, AlignedText destination)
    {
        var units = text.Span.Slice(piece.Start, piece.Length);
        var prepends = units[0] != replacement && units[0] != ' '
            && (prefix == MetaspacePrefix.Always || (prefix == MetaspacePrefix.First && (text.IsAligned ? text.Start(piece.Start) : piece.Start) == 0));
        if (prepends)
            destination.Append(replacement, text, piece.Start);
        var from = destination.Length;
        destination.Append(text, piece.Start, piece.Length);
        destination.Chars.AsSpan(from, piece.Length).Replace(' ', replacement);
    }

    protected override void Split(ReadOnlySpan<char> text, int start, int end, PieceList pieces)
    {
        while (split && start < end)
        {
            var next = text[(start + 1)..end].IndexOf(replacement);
            if (next < 0)
                break;
            pieces.Add(start, start + 1 + next);
            start += 1 + next;
        }

        pieces.Add(start, end);
    }
}

/// <summary>Which pieces get the character of a space in front.</summary>
internal enum MetaspacePrefix
{
    Always,
    First,
    Never,
}

/// <summary>A space in front of each piece that has none.</summary>
internal sealed class SpacePrefixPreTokenizer : RewritingPreTokenizer
{
    protected override void Rewrite(AlignedText text, Piece piece, AlignedText destination)
    {
        if (text.Chars[piece.Start] != ' ')
            destination.Append(' ', text, piece.Start);
        destination.Append(text, piece.Start, piece.Length);
    }
}

/// <summary>The characters of the bytes.</summary>
internal sealed class ByteLevelPreTokenizer : RewritingPreTokenizer
{
    protected override void Rewrite(AlignedText text, Piece piece, AlignedText destination) =>
        ByteLevel.Append(text, piece.Start, piece.Length, destination);
}
