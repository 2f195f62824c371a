namespace GenAI.Core.Tokenization;

/// <summary>How <see cref="HuggingFaceTokenizer"/> encodes one text or pair. The default is what the tokenizer's own files say, without padding and ranges.</summary>
public readonly record struct TokenEncodingOptions
{
    /// <summary>
    /// The most tokens that an encoding has, special tokens included; what is beyond is cut by <see cref="TokenTruncation.Strategy"/> and
    /// <see cref="TokenTruncation.Side"/> of the tokenizer, or from the right and longest first where it has no such setting.
    /// <value>The default is 0: the limit of <see cref="HuggingFaceTokenizer.Truncation"/>, or none. <see cref="int.MaxValue"/> never truncates.</value>
    /// </summary>
    public int MaxTokens { get; init; }

    /// <summary>Whether to leave out the special tokens that the model expects around a text, such as <c>[CLS]</c> and <c>[SEP]</c>. The default is to add them.</summary>
    public bool OmitSpecialTokens { get; init; }

    /// <summary>Whether to append (or prepend) padding as <see cref="HuggingFaceTokenizer.Padding"/> says. The default is not to: a batch is padded by who builds it.</summary>
    public bool Pad { get; init; }

    /// <summary>Whether to fill <see cref="TokenEncoding.Ranges"/>; it costs time and memory.</summary>
    public bool Ranges { get; init; }
}
