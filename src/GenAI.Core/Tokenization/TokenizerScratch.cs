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
    public PieceList RawPieces { get; } = new();

    /// <summary>The text of one piece, while it is normalised.</summary>
    public AlignedText Part { get; private set; } = new();

    /// <summary>The tokens of the text, and of the second text of a pair.</summary>
    public TokenList First { get; } = new();

    public TokenList Second { get; } = new();

    public WordCache Words { get; } = new();

    public BpeScratch Bpe { get; } = new();

    public UnigramScratch Unigram { get; } = new();

    /// <summary>Whether the buffers have grown so much by a long text that they are better given up than kept.</summary>
    public bool IsOversized => Text.Chars.Length > MaxKeptLength || _spareText.Chars.Length > MaxKeptLength || Part.Chars.Length > MaxKeptLength;

    // 256 K characters: about a megabyte each with their ranges.
    private const int MaxKeptLength = 1 << 18;

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
