namespace GenAI.Core.Tokenization;

/// <summary>What one call works in: texts, pieces, tokens and the cache of words. Pooled, so that nothing is allocated call after call.</summary>
internal sealed class TokenizerScratch
{
    private AlignedText _spareText = new();
    private PieceList _sparePieces = new();

    /// <summary>The text that the pieces are of.</summary>
    public AlignedText Text { get; private set; } = new();

    public PieceList Pieces { get; private set; } = new();

    /// <summary>The pieces of the text as it came.</summary>
    public PieceList RawPieces { get; private set; } = new();

    /// <summary>The text of one piece, while it is normalised.</summary>
    public AlignedText Part { get; private set; } = new();

    /// <summary>The tokens of the text, and of the second text of a pair.</summary>
    public TokenList First { get; private set; } = new();

    public TokenList Second { get; private set; } = new();

    public WordCache Words { get; } = new();

    public BpeScratch Bpe { get; } = new();

    public UnigramScratch Unigram { get; } = new();

    // A million characters: 6 MB of text, 30 MB with ranges.
    private const int MaxKeptLength = 1 << 20;

    /// <summary>Gives up buffers that a long text has made larger than is worth keeping; the words stay.</summary>
    public void Trim()
    {
        if (Math.Max(Text.Chars.Length, Math.Max(_spareText.Chars.Length, Part.Chars.Length)) <= MaxKeptLength)
            return;
        (Text, _spareText, Part) = (new(), new(), new());
        (Pieces, _sparePieces, RawPieces) = (new(), new(), new());
        (First, Second) = (new(), new());
    }

    /// <summary>An empty text to write the next form of <see cref="Text"/> to; <see cref="EndText"/> puts it in its place.</summary>
    public AlignedText BeginText()
    {
        _spareText.Clear(Text.IsAligned);
        return _spareText;
    }

    public void EndText() => (Text, _spareText) = (_spareText, Text);

    /// <summary>An empty list to write the next pieces to; <see cref="EndPieces"/> puts it in place of <see cref="Pieces"/>.</summary>
    public PieceList BeginPieces()
    {
        _sparePieces.Clear();
        return _sparePieces;
    }

    public void EndPieces() => (Pieces, _sparePieces) = (_sparePieces, Pieces);

    /// <summary>Runs the normalizers over <see cref="Part"/>.</summary>
    public void Normalize(TextNormalizer[] normalizers)
    {
        foreach (var normalizer in normalizers)
        {
            if (normalizer.Leaves(Part.Span))
                continue;
            _spareText.Clear(Part.IsAligned);
            normalizer.Normalize(Part, _spareText);
            (Part, _spareText) = (_spareText, Part);
        }
    }

    /// <summary>Makes <see cref="Part"/> the text.</summary>
    public void UsePart() => (Text, Part) = (Part, Text);
}
