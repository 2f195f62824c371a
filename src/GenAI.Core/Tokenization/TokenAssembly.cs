namespace GenAI.Core.Tokenization;

/// <summary>Cuts tokens to a length and puts them together with special tokens and padding.</summary>
internal static class TokenAssembly
{
    /// <summary>Fills an encoding with the tokens of one text, or two.</summary>
    /// <param name="first">The tokens of the text.</param>
    /// <param name="second">The tokens of the second text, or null.</param>
    /// <param name="template">How they are put together.</param>
    /// <param name="limit">The most tokens, special ones included.</param>
    /// <param name="truncation">How they are cut, or null for the custom.</param>
    /// <param name="padding">How they are filled up, or null not to.</param>
    /// <param name="options">What the caller wants.</param>
    /// <param name="encoding">What is filled.</param>
    public static void Fill(
        TokenList first, TokenList? second, TokenTemplate template, int limit, TokenTruncation? truncation, TokenPadding? padding, in TokenEncodingOptions options, TokenEncoding encoding)
    {
        var special = options.OmitSpecialTokens ? 0 : template.SpecialCount(second is not null);
        var (kept, keptSecond) = Cut(first.Count, second?.Count, limit - special, truncation?.Strategy ?? TokenTruncationStrategy.LongestFirst);
        var side = truncation?.Side ?? TokenSide.Right;
        Put(
            (first, side == TokenSide.Right ? 0 : first.Count - kept, kept),
            (second, second is null || side == TokenSide.Right ? 0 : second.Count - keptSecond, keptSecond),
            template, padding, options, encoding);
        encoding.FullCount = first.Count + (second?.Count ?? 0) + special;
    }

    /// <summary>Fills an encoding with stretches of the tokens.</summary>
    public static void Put(
        (TokenList Tokens, int Start, int Count) first, (TokenList? Tokens, int Start, int Count) second, TokenTemplate template, TokenPadding? padding, in TokenEncodingOptions options, TokenEncoding encoding)
    {
        var isPair = second.Tokens is not null;
        var count = first.Count + second.Count + (options.OmitSpecialTokens ? 0 : template.SpecialCount(isPair));
        var padded = padding is null ? count : Padded(count, padding);
        encoding.Begin(padded, options.Ranges);
        if (padding?.Side == TokenSide.Left)
            encoding.AddPadding(padded - count, padding);

        foreach (var part in template.Parts(isPair))
        {
            if (part.Sequence >= 0)
            {
                var (tokens, start, length) = part.Sequence == 0 ? first : second;
                AddTokens(tokens!, start, length, part, template, options.Ranges, encoding);
            }
            else if (!options.OmitSpecialTokens)
                encoding.Add(part.Ids, part.TypeId, -1);
        }

        if (padding is { Side: TokenSide.Right })
            encoding.AddPadding(padded - count, padding);
    }

    private static int Padded(int count, TokenPadding padding)
    {
        var length = Math.Max(count, padding.Length ?? 0);
        return padding.Multiple > 0 && length % padding.Multiple != 0 ? length + padding.Multiple - (length % padding.Multiple) : length;
    }

    private static void AddTokens(TokenList tokens, int start, int count, TemplatePart part, TokenTemplate template, bool ranges, TokenEncoding encoding)
    {
        var at = encoding.Count;
        encoding.Add(tokens.Ids.Slice(start, count), part.TypeId, part.Sequence);
        if (!ranges)
            return;
        for (var i = 0; i < count; i++)
        {
            var (from, to) = (tokens.Starts[start + i], tokens.Ends[start + i]);
            if (template.TrimsRanges)
            {
                var (leading, trailing) = (tokens.Leading[start + i], tokens.Trailing[start + i]);
                // A single space at the start is the one that the tokenizer put there.
                if (template.AddsPrefixSpace && leading == 1 && (i == 0 || from == 0))
                    leading = 0;
                from = Math.Min(from + leading, to);
                if (to >= trailing)
                    to = Math.Max(to - trailing, from);
            }

            encoding.SetRange(at + i, new TextRange(from, Math.Max(0, to - from)));
        }
    }

    private static (int First, int Second) Cut(int first, int? second, int room, TokenTruncationStrategy strategy)
    {
        var total = first + (second ?? 0);
        if (total <= room)
            return (first, second ?? 0);
        if (second is not { } other)
            return (room, 0);

        if (strategy == TokenTruncationStrategy.LongestFirst)
        {
            var (less, more) = (Math.Min(first, other), Math.Max(first, other));
            more = less > room ? less : Math.Max(less, room - less);
            if (less + more > room)
            {
                less = room / 2;
                more = less + (room % 2);
            }

            return first > other ? (more, less) : (less, more);
        }

        var rest = strategy == TokenTruncationStrategy.OnlyFirst ? other : first;
        if (rest >= room)
        {
            throw new InvalidOperationException(
                $"The text that is not to be cut ({strategy}) has {rest} tokens, which leaves none of {room} for the other. Shorten it or raise MaxTokens.");
        }

        return strategy == TokenTruncationStrategy.OnlyFirst ? (room - rest, rest) : (rest, room - rest);
    }
}
