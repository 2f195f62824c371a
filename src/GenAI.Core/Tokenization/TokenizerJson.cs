using System.Text.Json;

namespace GenAI.Core.Tokenization;

/// <summary>Reads a <c>tokenizer.json</c>.</summary>
internal static class TokenizerJson
{
    // Ids index tables: more than this is no vocabulary, but a mistake or an attack.
    public const int MaxId = (1 << 24) - 1;

    // A padding or truncation of more tokens is a mistake.
    private const int MaxLength = 1 << 24;

    public static TokenizerDefinition Read(ReadOnlySpan<byte> utf8, string file)
    {
        using var document = Parse(utf8, file);
        var root = new Setting(document.RootElement, file, "");
        var model = root.Required("model");
        PreTokenizer[] preTokenizers = root.Optional("pre_tokenizer") is { } splitting ? [.. PreTokenizerSettings.Read(splitting)] : [];
        var takesBytes = preTokenizers is [.., ByteLevelPreTokenizer];
        var tokenModel = ModelSettings.Read(model, takesBytes, out var splitter);
        if (tokenModel.TakesBytes)
            preTokenizers = preTokenizers[..^1];
        else if (splitter is not null && preTokenizers.Length == 0)
            preTokenizers = [splitter];

        return new TokenizerDefinition
        {
            Normalizers = root.Optional("normalizer") is { } normalizer ? [.. NormalizerSettings.Read(normalizer)] : [],
            PreTokenizers = preTokenizers,
            Model = tokenModel,
            Template = root.Optional("post_processor") is { } processor ? TemplateSettings.Read(processor) : TokenTemplate.Plain,
            Decoders = root.Optional("decoder") is { } decoder ? [.. DecoderSettings.Read(decoder)] : [],
            JoinsBySpace = root.Optional("decoder") is null,
            AddedTokens = root.Optional("added_tokens") is { } added ? Added(added, tokenModel.Table) : [],
            Truncation = root.Optional("truncation") is { } truncation ? Truncation(truncation) : null,
            Padding = root.Optional("padding") is { } padding ? Padding(padding) : null,
        };
    }

    /// <summary>Parses JSON, with errors that name the file.</summary>
    public static JsonDocument Parse(ReadOnlySpan<byte> utf8, string file)
    {
        if (utf8.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            utf8 = utf8[3..];
        try
        {
            var reader = new Utf8JsonReader(utf8);
            var document = JsonDocument.ParseValue(ref reader);
            if (reader.BytesConsumed < utf8.Length && utf8[(int)reader.BytesConsumed..].ContainsAnyExcept(" \t\r\n\0"u8))
            {
                document.Dispose();
                throw new JsonException("there is more after its end");
            }

            return document;
        }
        catch (JsonException exception)
        {
            throw new Setting(default, file, "").Error($"is no JSON ({exception.Message})", exception);
        }
    }

    // As the reference counts: a token that the model has keeps the model's id, the others follow the vocabulary in the order of the list.
    private static List<AddedToken> Added(Setting list, TokenTable table)
    {
        var (tokens, ids) = (new List<AddedToken>(), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var token in list.Items())
        {
            var content = token.Required("content").Text();
            if (content.Length == 0)
                continue;
            var id = table.Find(content);
            if (id < 0 && !ids.TryGetValue(content, out id))
                ids.Add(content, id = table.Count + ids.Count);
            tokens.Add(new AddedToken(id, content)
            {
                IsSpecial = token.Flag("special", false),
                IsSingleWord = token.Flag("single_word", false),
                StripsLeft = token.Flag("lstrip", false),
                StripsRight = token.Flag("rstrip", false),
                IsNormalized = token.Flag("normalized", true),
            });
        }

        return tokens;
    }

    private static TokenTruncation Truncation(Setting truncation)
    {
        var length = truncation.Required("max_length").Number(1, MaxLength);
        var stride = truncation.Number("stride", 0, MaxLength, 0);
        if (stride >= length)
            throw truncation.Error($"has a stride of {stride}, which leaves nothing of its max_length {length}");
        return new TokenTruncation(
            length,
            truncation.Optional("strategy")?.Choice<TokenTruncationStrategy>() ?? TokenTruncationStrategy.LongestFirst,
            truncation.Optional("direction")?.Choice<TokenSide>() ?? TokenSide.Right,
            stride);
    }

    private static TokenPadding Padding(Setting padding) => new(
        padding.Number("pad_id", 0, MaxId, 0),
        padding.Number("pad_type_id", 0, MaxId, 0),
        padding.Optional("strategy")?.Optional("Fixed")?.Number(0, MaxLength),
        padding.Number("pad_to_multiple_of", 0, MaxLength, 0),
        padding.Optional("direction")?.Choice<TokenSide>() ?? TokenSide.Right);
}
