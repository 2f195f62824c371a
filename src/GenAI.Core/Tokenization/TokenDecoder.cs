using System.Text;

namespace GenAI.Core.Tokenization;

/// <summary>One step that makes text of tokens again.</summary>
internal abstract class TokenDecoder
{
    public abstract List<string> Decode(List<string> tokens);

    /// <summary>The step of a single token.</summary>
    public static TokenDecoder Each(Func<string, int, int, string> map) => new EachDecoder(map);

    /// <summary>WordPiece: a space before each token that does not continue a word, and English punctuation pulled up.</summary>
    public static TokenDecoder WordPiece(string prefix, bool cleanup) => Each((token, index, _) =>
    {
        if (index > 0)
            token = token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        return cleanup ? Cleanup(token) : token;
    });

    /// <summary>The visible character of spaces becomes a space, and at the start nothing.</summary>
    public static TokenDecoder Metaspace(char replacement, bool prefixed) =>
        Each((token, index, _) => index == 0 && prefixed ? token.Replace(replacement.ToString(), "", StringComparison.Ordinal) : token.Replace(replacement, ' '));

    /// <summary>The suffix of words becomes a space.</summary>
    public static TokenDecoder Suffix(string suffix) =>
        Each((token, index, count) => suffix.Length == 0 ? token : token.Replace(suffix, index == count - 1 ? "" : " ", StringComparison.Ordinal));

    /// <summary>Drops up to some of one character at the ends of each token.</summary>
    public static TokenDecoder Strip(char content, int start, int stop) => Each((token, _, _) =>
    {
        int from = 0, to = token.Length;
        while (from < start && from < token.Length && token[from] == content)
            from++;
        while (token.Length - to < stop && to > from && token[to - 1] == content)
            to--;
        return token[from..to];
    });

    /// <summary>Replaces what a pattern matches in each token.</summary>
    public static TokenDecoder Replace(TextPattern pattern, string content) => Each((token, _, _) =>
    {
        var text = new StringBuilder();
        var last = 0;
        for (var at = 0; at <= token.Length && pattern.TryFind(token, at, out var start, out var length);)
        {
            text.Append(token, last, start - last).Append(content);
            last = start + length;
            at = length == 0 ? last + 1 : last;
        }

        return text.Append(token, last, token.Length - last).ToString();
    });

    private static string Cleanup(string text) => text.Replace(" .", ".", StringComparison.Ordinal).Replace(" ?", "?", StringComparison.Ordinal)
        .Replace(" !", "!", StringComparison.Ordinal).Replace(" ,", ",", StringComparison.Ordinal).Replace(" ' ", "'", StringComparison.Ordinal)
        .Replace(" n't", "n't", StringComparison.Ordinal).Replace(" 'm", "'m", StringComparison.Ordinal).Replace(" do not", " don't", StringComparison.Ordinal)
        .Replace(" 's", "'s", StringComparison.Ordinal).Replace(" 've", "'ve", StringComparison.Ordinal).Replace(" 're", "'re", StringComparison.Ordinal);

    private sealed class EachDecoder(Func<string, int, int, string> map) : TokenDecoder
    {
        public override List<string> Decode(List<string> tokens) => [.. tokens.Select((token, index) => map(token, index, tokens.Count))];
    }
}

/// <summary>All tokens become one.</summary>
internal sealed class FuseDecoder : TokenDecoder
{
    public override List<string> Decode(List<string> tokens) => [string.Concat(tokens)];
}

/// <summary>The characters of bytes become bytes, and all of them one text.</summary>
internal sealed class ByteLevelDecoder : TokenDecoder
{
    public override List<string> Decode(List<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            if (token.All(character => ByteLevel.TryGetByte(character, out _)))
            {
                foreach (var character in token)
                {
                    ByteLevel.TryGetByte(character, out var value);
                    bytes.Add(value);
                }
            }
            else
                bytes.AddRange(Encoding.UTF8.GetBytes(token));
        }

        return [Encoding.UTF8.GetString([.. bytes])];
    }
}

/// <summary>Tokens such as <c>&lt;0x0A&gt;</c> become bytes, each run of them a text; one that is no text a U+FFFD for each.</summary>
internal sealed class ByteFallbackDecoder : TokenDecoder
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public override List<string> Decode(List<string> tokens)
    {
        var decoded = new List<string>();
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            if (token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
                && byte.TryParse(token.AsSpan(3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value))
            {
                bytes.Add(value);
                continue;
            }

            Flush(bytes, decoded);
            decoded.Add(token);
        }

        Flush(bytes, decoded);
        return decoded;
    }

    private static void Flush(List<byte> bytes, List<string> decoded)
    {
        if (bytes.Count == 0)
            return;
        try
        {
            decoded.Add(Strict.GetString([.. bytes]));
        }
        catch (DecoderFallbackException)
        {
            decoded.AddRange(Enumerable.Repeat("\uFFFD", bytes.Count));
        }

        bytes.Clear();
    }
}
