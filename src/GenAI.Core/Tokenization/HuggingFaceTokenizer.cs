using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace GenAI.Core.Tokenization;

/// <summary>The tokenizer of a published model, read from the files beside it.</summary>
public sealed class HuggingFaceTokenizer : Tokenizer
{
    private HuggingFaceTokenizer()
    {
    }

    /// <summary>Reads the tokenizer of a model folder, or one tokenizer file.</summary>
    public static HuggingFaceTokenizer Load(string path) => throw new NotImplementedException();

    /// <summary>Reads a tokenizer from the content of a <c>tokenizer.json</c>.</summary>
    public static HuggingFaceTokenizer Parse(ReadOnlySpan<byte> utf8Json, string name = "tokenizer.json") => throw new NotImplementedException();

    /// <summary>One more than the highest id: the rows that the model's embedding table must have.</summary>
    public int VocabularySize => throw new NotImplementedException();

    /// <summary>The longest input of the model in tokens, from <c>tokenizer_config.json</c> (<c>model_max_length</c>), or <see langword="null"/> if it names none.</summary>
    public int? ModelMaxTokens => throw new NotImplementedException();

    /// <summary>How the files say that long texts are cut, or <see langword="null"/>.</summary>
    public TokenTruncation? Truncation => throw new NotImplementedException();

    /// <summary>How the files say that short encodings are filled up, or <see langword="null"/>.</summary>
    public TokenPadding? Padding => throw new NotImplementedException();

    /// <summary>The id of the padding token, or <see langword="null"/> if the files name none.</summary>
    public int? PaddingId => throw new NotImplementedException();

    /// <summary>The id of the classification token (<c>[CLS]</c>, <c>&lt;s&gt;</c>), or <see langword="null"/>.</summary>
    public int? ClassificationId => throw new NotImplementedException();

    /// <summary>The id of the separator (<c>[SEP]</c>, <c>&lt;/s&gt;</c>), or <see langword="null"/>.</summary>
    public int? SeparatorId => throw new NotImplementedException();

    /// <summary>The id of the mask token, or <see langword="null"/>.</summary>
    public int? MaskId => throw new NotImplementedException();

    /// <summary>The id of the token for what the vocabulary does not know, or <see langword="null"/>.</summary>
    public int? UnknownId => throw new NotImplementedException();

    /// <summary>The id of the token at the beginning of a text, or <see langword="null"/>.</summary>
    public int? BeginId => throw new NotImplementedException();

    /// <summary>The id of the token at the end of a text, or <see langword="null"/>.</summary>
    public int? EndId => throw new NotImplementedException();

    /// <summary>The number of special tokens that are added around one text, or around a pair.</summary>
    public int SpecialTokenCount(bool pair = false) => throw new NotImplementedException();

    /// <summary>The id of a token, or <see langword="null"/> if the vocabulary does not have it.</summary>
    public int? FindId(string token) => throw new NotImplementedException();

    /// <summary>The token of an id, or <see langword="null"/> if the vocabulary does not have it.</summary>
    public string? FindToken(int id) => throw new NotImplementedException();

    /// <summary>Encodes a text into a buffer that can be used again.</summary>
    public void Encode(ReadOnlySpan<char> text, TokenEncoding encoding, in TokenEncodingOptions options = default) => throw new NotImplementedException();

    /// <summary>Encodes a pair of texts, such as a question and a passage.</summary>
    public void Encode(ReadOnlySpan<char> text, ReadOnlySpan<char> second, TokenEncoding encoding, in TokenEncodingOptions options = default) => throw new NotImplementedException();

    /// <summary>Encodes a text, whole, in windows of at most the options' number of tokens.</summary>
    public IReadOnlyList<TokenEncoding> EncodeWindows(ReadOnlySpan<char> text, TokenEncodingOptions options, int stride = 0) => throw new NotImplementedException();

    /// <summary>The number of tokens of a text, never truncated, with the special tokens unless left out. Nothing is allocated.</summary>
    public int Count(ReadOnlySpan<char> text, bool omitSpecialTokens = false) => throw new NotImplementedException();

    /// <summary>The text of tokens.</summary>
    public string Decode(ReadOnlySpan<int> ids, bool omitSpecialTokens) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten) => throw new NotImplementedException();

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) => throw new NotImplementedException();
}
