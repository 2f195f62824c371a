using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace GenAI.Core.Tokenization;

/// <content>What the base class asks for, and decoding.</content>
public sealed partial class HuggingFaceTokenizer
{
    /// <summary>The text of tokens.</summary>
    /// <param name="ids">The ids; those that the vocabulary does not have are left out.</param>
    /// <param name="omitSpecialTokens">Whether to leave out special tokens.</param>
    /// <returns>The text as the tokenizer's decoder makes it: what normalising has changed stays changed.</returns>
    public string Decode(ReadOnlySpan<int> ids, bool omitSpecialTokens)
    {
        var tokens = new List<string>(ids.Length);
        foreach (var id in ids)
        {
            var token = _pipeline.Added.Text(id) ?? _definition.Model.Table.Token(id);
            if (token is not null && !(omitSpecialTokens && _pipeline.Added.IsSpecial(token)))
                tokens.Add(token);
        }

        foreach (var decoder in _definition.Decoders)
            tokens = decoder.Decode(tokens);
        return string.Join(_definition.JoinsBySpace ? " " : "", tokens);
    }

    /// <inheritdoc/>
    /// <remarks>Special tokens are left out.</remarks>
    public override string Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Decode([.. ids], omitSpecialTokens: true);
    }

    /// <inheritdoc/>
    /// <remarks>Special tokens are left out.</remarks>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        ArgumentNullException.ThrowIfNull(ids);
        int[] all = [.. ids];
        var text = Decode(all, omitSpecialTokens: true);
        if (text.AsSpan().TryCopyTo(destination))
        {
            (idsConsumed, charsWritten) = (all.Length, text.Length);
            return OperationStatus.Done;
        }

        (idsConsumed, charsWritten) = (0, 0);
        return OperationStatus.DestinationTooSmall;
    }

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var encoding = EncodeText(text, textSpan);
        var count = Math.Min(encoding.Count, settings.MaxTokenCount);
        var tokens = new List<EncodedToken>(count);
        for (var i = 0; i < count; i++)
            tokens.Add(new EncodedToken(encoding.Ids[i], FindToken(encoding.Ids[i]) ?? "", encoding.Ranges[i]));
        return new EncodeResults<EncodedToken> { Tokens = tokens, CharsConsumed = Consumed(encoding, count, text, textSpan) };
    }

    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var special = SpecialTokenCount();
        if (settings.MaxTokenCount < int.MaxValue && settings.MaxTokenCount <= special)
            return new EncodeResults<int> { Tokens = [] };

        var encoding = new TokenEncoding();
        var options = new TokenEncodingOptions { MaxTokens = settings.MaxTokenCount, Ranges = true };
        Encode(text ?? textSpan, encoding, options);
        var consumed = encoding.IsTruncated ? 0 : (text ?? textSpan).Length;
        for (var i = 0; encoding.IsTruncated && i < encoding.Count; i++)
            consumed = Math.Max(consumed, encoding.Ranges[i].End);
        return new EncodeResults<int> { Tokens = encoding.Ids.ToArray(), CharsConsumed = consumed };
    }

    /// <inheritdoc/>
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        Math.Min(Count(text ?? textSpan), settings.MaxTokenCount);

    /// <inheritdoc/>
    protected override int GetIndexByTokenCount(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        normalizedText = null;
        var encoding = EncodeText(text, textSpan);
        tokenCount = Math.Min(encoding.Count, settings.MaxTokenCount);
        if (!fromEnd)
            return Consumed(encoding, tokenCount, text, textSpan);
        return tokenCount == encoding.Count ? 0 : tokenCount == 0 ? (text ?? textSpan).Length : encoding.Ranges[encoding.Count - tokenCount].Start;
    }

    private TokenEncoding EncodeText(string? text, ReadOnlySpan<char> textSpan)
    {
        var encoding = new TokenEncoding();
        Encode(text ?? textSpan, encoding, new TokenEncodingOptions { MaxTokens = int.MaxValue, OmitSpecialTokens = true, Ranges = true });
        return encoding;
    }

    private static int Consumed(TokenEncoding encoding, int count, string? text, ReadOnlySpan<char> textSpan) =>
        count == encoding.Count ? (text ?? textSpan).Length : count == 0 ? 0 : encoding.Ranges[count - 1].End;
}
