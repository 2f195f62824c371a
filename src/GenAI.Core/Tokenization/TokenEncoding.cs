namespace GenAI.Core.Tokenization;

/// <summary>The tokens of a text or pair of texts: what a model takes in.</summary>
/// <remarks>
/// A buffer to use again: <see cref="HuggingFaceTokenizer.Encode(ReadOnlySpan{char}, TokenEncoding, in TokenEncodingOptions)"/> overwrites
/// it, and allocates only where it must grow. Not safe for use by two threads at once. The spans are valid until the next encoding.
/// </remarks>
public sealed class TokenEncoding
{
    private int[] _ids = [];

    /// <summary>The number of tokens, with special tokens and padding.</summary>
    public int Count { get; internal set; }

    /// <summary>The ids of the tokens.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>Per token, which segment the model should take it for: mostly 0 for the first text and 1 for the second.</summary>
    public ReadOnlySpan<int> TypeIds => throw new NotImplementedException();

    /// <summary>Per token, 1, or 0 if it is padding.</summary>
    public ReadOnlySpan<int> AttentionMask => throw new NotImplementedException();

    /// <summary>Per token, 0 if it is of the text, 1 if it is of the second text of a pair, and -1 if it is special or padding.</summary>
    public ReadOnlySpan<sbyte> Sequences => throw new NotImplementedException();

    /// <summary>
    /// Per token, the range of the original text (or second text) that it stands for, in UTF-16 code units: an empty range at 0 if it is special or
    /// padding. Empty unless <see cref="TokenEncodingOptions.Ranges"/> was set.
    /// </summary>
    public ReadOnlySpan<TextRange> Ranges => throw new NotImplementedException();

    /// <summary>The number of tokens that there were before truncation, with special tokens and without padding.</summary>
    public int FullCount { get; internal set; }

    /// <summary>The number of tokens that are padding.</summary>
    public int PaddingCount { get; internal set; }

    /// <summary>Whether tokens were cut off.</summary>
    public bool IsTruncated => FullCount > Count - PaddingCount;
}
