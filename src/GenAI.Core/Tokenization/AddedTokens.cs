using System.Buffers;

namespace GenAI.Core.Tokenization;

/// <summary>A token that is found in the text before the model sees it.</summary>
internal sealed record AddedToken(int Id, string Content)
{
    public bool IsSpecial { get; init; }

    /// <summary>Whether it must not touch other word characters.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Whether it takes in the white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it takes in the white space after it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it is found in the normalised text, by its own normalised content.</summary>
    public bool IsNormalized { get; init; }
}

/// <summary>Finds added tokens: of those that begin first the longest, none overlapping.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly SearchValues<char> _first;
    private readonly Dictionary<int, (string Text, AddedToken Token)[]> _candidates;

    /// <param name="tokens">The tokens with the text to look for, none empty.</param>
    public AddedTokenMatcher(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        // By the first two characters, so that a space does not try every run of spaces that is a token.
        var all = tokens.ToArray();
        _first = SearchValues.Create([.. all.Select(token => token.Text[0]).Distinct()]);
        _candidates = all.GroupBy(token => Key(token.Text, 0, token.Text.Length > 1))
            .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Text.Length).ToArray());
    }

    /// <summary>Splits a text into pieces with the ids of tokens and pieces between them, their places counted from <paramref name="origin"/>.</summary>
    public void Split(ReadOnlySpan<char> text, PieceList pieces, int origin)
    {
        var done = 0;
        for (var at = 0; at < text.Length;)
        {
            var found = text[at..].IndexOfAny(_first);
            if (found < 0)
                break;
            at += found;
            var (content, token) = Longest(text, at);
            if (content is null)
            {
                at++;
                continue;
            }

            var (start, end) = (at, at + content.Length);
            at = end;
            if (token.IsSingleWord && (Touches(text, start, before: true) || Touches(text, end, before: false)))
                continue;
            while (token.StripsLeft && start > done && UnicodeData.Is(text[start - 1], UnicodeData.Whitespace))
                start--;
            while (token.StripsRight && end < text.Length && UnicodeData.Is(text[end], UnicodeData.Whitespace))
                end++;
            pieces.Add(origin + done, origin + start);
            pieces.Add(new Piece(origin + start, end - start, token.Id));
            done = end;
        }

        pieces.Add(origin + done, origin + text.Length);
    }

    private (string? Text, AddedToken Token) Longest(ReadOnlySpan<char> text, int at)
    {
        for (var two = at + 1 < text.Length; ; two = false)
        {
            if (_candidates.TryGetValue(Key(text, at, two), out var candidates))
            {
                foreach (var candidate in candidates)
                {
                    if (text[at..].StartsWith(candidate.Text))
                        return candidate;
                }
            }

            if (!two)
                return default;
        }
    }

    private static int Key(ReadOnlySpan<char> text, int at, bool two) => two ? (text[at] << 16) | text[at + 1] : text[at] << 16;

    private static bool Touches(ReadOnlySpan<char> text, int at, bool before) =>
        (before ? at > 0 : at < text.Length) && UnicodeData.Is(before ? CodePoints.Before(text, at) : CodePoints.At(text, at), UnicodeData.Word);
}

/// <summary>The added tokens of a tokenizer.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<string, AddedToken> _byContent = new(StringComparer.Ordinal);
    private readonly Dictionary<int, (AddedToken Token, string Text)> _byId = [];

    public AddedTokens(IEnumerable<AddedToken> tokens, TextNormalizer[] normalizers)
    {
        foreach (var token in tokens)
        {
            if (token.Content.Length == 0)
                continue;
            _byContent[token.Content] = token;
            _byId[token.Id] = (token, token.IsNormalized ? TextNormalizer.Apply(normalizers, token.Content) : token.Content);
        }

        Raw = Matcher(token => !token.IsNormalized);
        Normalized = Matcher(token => token.IsNormalized);
        MaxId = _byId.Count == 0 ? -1 : _byId.Keys.Max();
    }

    /// <summary>Finds tokens in the text as it came.</summary>
    public AddedTokenMatcher? Raw { get; }

    /// <summary>Finds tokens in the normalised text.</summary>
    public AddedTokenMatcher? Normalized { get; }

    public int MaxId { get; }

    public int Find(string content) => _byContent.TryGetValue(content, out var token) ? token.Id : -1;

    public AddedToken? Token(int id) => _byId.TryGetValue(id, out var token) ? token.Token : null;

    /// <summary>What a decoder takes the token for: its normalised content, which the decoder turns back.</summary>
    public string? Text(int id) => _byId.TryGetValue(id, out var token) ? token.Text : null;

    /// <summary>Whether a special token has this content.</summary>
    public bool IsSpecial(string content) => _byContent.TryGetValue(content, out var token) && token.IsSpecial;

    private AddedTokenMatcher? Matcher(Func<AddedToken, bool> which)
    {
        var tokens = _byId.Values.Where(token => which(token.Token) && token.Text.Length > 0).Select(token => (token.Text, token.Token)).ToArray();
        return tokens.Length == 0 ? null : new AddedTokenMatcher(tokens);
    }
}
