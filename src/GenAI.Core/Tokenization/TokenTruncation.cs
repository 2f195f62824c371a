namespace GenAI.Core.Tokenization;

/// <summary>How a tokenizer's files say that long texts are cut.</summary>
/// <param name="MaxTokens">The most tokens of an encoding, special tokens included.</param>
/// <param name="Strategy">Which text of a pair is cut.</param>
/// <param name="Side">The end that is cut off.</param>
/// <param name="Stride">How many tokens two neighbouring windows share, in <see cref="HuggingFaceTokenizer.EncodeWindows(ReadOnlySpan{char}, TokenEncodingOptions, int)"/>.</param>
public sealed record TokenTruncation(
    int MaxTokens,
    TokenTruncationStrategy Strategy = TokenTruncationStrategy.LongestFirst,
    TokenSide Side = TokenSide.Right,
    int Stride = 0);

/// <summary>Which text of a pair is cut to fit.</summary>
public enum TokenTruncationStrategy
{
    /// <summary>The longer one, until both fit.</summary>
    LongestFirst,

    /// <summary>The first only.</summary>
    OnlyFirst,

    /// <summary>The second only.</summary>
    OnlySecond,
}

/// <summary>An end of a sequence of tokens.</summary>
public enum TokenSide
{
    /// <summary>The end of the text.</summary>
    Right,

    /// <summary>The start of the text.</summary>
    Left,
}
