namespace GenAI.Core.Tokenization;

/// <summary>All that a tokenizer's files say.</summary>
internal sealed record TokenizerDefinition
{
    public TextNormalizer[] Normalizers { get; init; } = [];

    public PreTokenizer[] PreTokenizers { get; init; } = [];

    public required TokenModel Model { get; init; }

    public TokenTemplate Template { get; init; } = TokenTemplate.Plain;

    public TokenDecoder[] Decoders { get; init; } = [];

    /// <summary>Whether tokens are joined by spaces, for want of a decoder.</summary>
    public bool JoinsBySpace { get; init; }

    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    public TokenTruncation? Truncation { get; init; }

    public TokenPadding? Padding { get; init; }
}
