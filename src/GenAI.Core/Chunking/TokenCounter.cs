using Microsoft.ML.Tokenizers;

namespace GenAI.Core.Chunking;

/// <summary>Counts the tokens of a text.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public abstract class TokenCounter
{
    /// <summary>The default: an estimate that needs no tokenizer.</summary>
    public static TokenCounter Estimate { get; } = new EstimateTokenCounter();

    /// <summary>Counts exactly, with a tokenizer of Microsoft.ML.Tokenizers.</summary>
    public static TokenCounter FromTokenizer(Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return new TokenizerTokenCounter(tokenizer);
    }

    /// <summary>The number of tokens in <paramref name="text"/>; 0 for an empty text.</summary>
    public abstract int Count(ReadOnlySpan<char> text);

    private sealed class EstimateTokenCounter : TokenCounter
    {
        public override int Count(ReadOnlySpan<char> text) => (text.Length + 3) / 4;
    }

    private sealed class TokenizerTokenCounter(Tokenizer tokenizer) : TokenCounter
    {
        public override int Count(ReadOnlySpan<char> text) => tokenizer.CountTokens(text);
    }
}
