using System.Buffers;
using System.Collections.Concurrent;
using GenAI.Core.Tokenization;

namespace GenAI.Core.Onnx.Running;

/// <summary>Turns texts into items: prompt, lower case, tokens, limit. Safe for concurrent use.</summary>
internal sealed class TextEncoder(HuggingFaceTokenizer tokenizer, int maxTokens, bool lowerCase, RunCounters counters)
{
    // Buffers that a huge text has blown up are left to the garbage collector.
    private const int MaxPooledTokens = 65_536;

    private readonly ConcurrentBag<TokenEncoding> _encodings = [];

    /// <summary>The most tokens of an item.</summary>
    public int MaxTokens => maxTokens;

    /// <summary>The tokens that a prompt takes at the start of every text, with the special ones before it.</summary>
    public int PromptTokens(string prompt)
    {
        var encoding = Rent();
        tokenizer.Encode(prompt, encoding, new TokenEncodingOptions { MaxTokens = int.MaxValue });
        var last = encoding.Count > 0 ? encoding.Ids[^1] : -1;
        var tokens = encoding.Count - (last == tokenizer.SeparatorId || last == tokenizer.EndId ? 1 : 0);
        Return(encoding);
        return tokens;
    }

    /// <summary>Encodes one text.</summary>
    /// <param name="call">Whom the result is for.</param>
    /// <param name="index">Which of its texts this is; named in errors.</param>
    /// <param name="prompt">What to put before the text.</param>
    /// <param name="text">The text.</param>
    /// <param name="policy">What to do if it is too long.</param>
    /// <param name="unpooled">How many tokens at the start are not for pooling.</param>
    /// <param name="items">Receives one item, or one for each window.</param>
    /// <returns>The number of items.</returns>
    public int Encode(WorkCall call, int index, string prompt, string text, OverlongText policy, int unpooled, List<WorkItem> items)
    {
        var length = prompt.Length + text.Length;
        var rented = prompt.Length > 0 || lowerCase ? ArrayPool<char>.Shared.Rent(length) : null;
        var encoding = Rent();
        try
        {
            var whole = rented is null ? text : Joined(prompt, text, rented.AsSpan(0, length));
            tokenizer.Encode(whole, encoding, new TokenEncodingOptions { MaxTokens = maxTokens });
            if (encoding.Count == 0)
                throw new ArgumentException($"Text {index} has no tokens, and this model adds none of its own. Leave it out.", nameof(text));
            if (encoding.IsTruncated)
            {
                if (policy == OverlongText.Throw)
                    throw new ArgumentException($"Text {index} has {encoding.FullCount} tokens; the model reads {maxTokens}. Cut it, for example with a chunker, or choose another {nameof(OnnxEmbeddingOptions.OverlongText)}.", nameof(text));
                if (policy == OverlongText.WindowAndAverage)
                    return AddWindows(call, index, whole, unpooled, items);
                counters.Truncated();
            }

            items.Add(Item(call, index, encoding, unpooled));
            return 1;
        }
        finally
        {
            Return(encoding);
            if (rented is not null)
                ArrayPool<char>.Shared.Return(rented);
        }
    }

    /// <summary>Encodes a pair of texts; where both are too long together, the longer one is cut.</summary>
    public WorkItem EncodePair(WorkCall call, int index, string first, string second)
    {
        var encoding = Rent();
        try
        {
            if (lowerCase)
                (first, second) = (first.ToLowerInvariant(), second.ToLowerInvariant());
            tokenizer.Encode(first, second, encoding, new TokenEncodingOptions { MaxTokens = maxTokens });
            if (encoding.IsTruncated)
                counters.Truncated();
            return Item(call, index, encoding, unpooled: 0);
        }
        finally
        {
            Return(encoding);
        }
    }

    /// <summary>Encodes a whole text in overlapping windows, with the range of the text that each token stands for.</summary>
    public IReadOnlyList<TokenEncoding> EncodeWithRanges(string text, int stride) =>
        tokenizer.EncodeWindows(lowerCase ? text.ToLowerInvariant() : text, new TokenEncodingOptions { MaxTokens = maxTokens, Ranges = true }, stride);

    public static WorkItem Item(WorkCall call, int index, TokenEncoding encoding, int unpooled)
    {
        var tokens = ArrayPool<int>.Shared.Rent(Math.Max(1, encoding.Count));
        encoding.Ids.CopyTo(tokens);
        var second = encoding.TypeIds.IndexOf(1);
        return new WorkItem(call, tokens, encoding.Count) { Index = index, SecondText = second < 0 ? encoding.Count : second, Unpooled = Math.Min(unpooled, encoding.Count - 1) };
    }

    // The prompt stands before the first window, as it stands before a text that fits.
    private int AddWindows(WorkCall call, int index, ReadOnlySpan<char> text, int unpooled, List<WorkItem> items)
    {
        var windows = tokenizer.EncodeWindows(text, new TokenEncodingOptions { MaxTokens = maxTokens });
        for (var i = 0; i < windows.Count; i++)
            items.Add(Item(call, index, windows[i], i == 0 ? unpooled : 0));
        return windows.Count;
    }

    private ReadOnlySpan<char> Joined(string prompt, string text, Span<char> destination)
    {
        if (lowerCase)
        {
            prompt.AsSpan().ToLowerInvariant(destination);
            text.AsSpan().ToLowerInvariant(destination[prompt.Length..]);
        }
        else
        {
            prompt.CopyTo(destination);
            text.CopyTo(destination[prompt.Length..]);
        }

        return destination;
    }

    private TokenEncoding Rent() => _encodings.TryTake(out var encoding) ? encoding : new TokenEncoding();

    private void Return(TokenEncoding encoding)
    {
        if (Math.Max(encoding.Count, encoding.FullCount) <= MaxPooledTokens)
            _encodings.Add(encoding);
    }
}
