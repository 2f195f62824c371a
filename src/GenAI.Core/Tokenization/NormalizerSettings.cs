namespace GenAI.Core.Tokenization;

/// <summary>Reads the normalizers of a <c>tokenizer.json</c>.</summary>
internal static class NormalizerSettings
{
    public static IEnumerable<TextNormalizer> Read(Setting setting) => setting.Type switch
    {
        "Sequence" => setting.Required("normalizers").Items().SelectMany(Read),
        var type => [One(setting, type)],
    };

    /// <summary>A pattern as <c>{"String": "..."}</c> or <c>{"Regex": "..."}</c>.</summary>
    public static TextPattern Pattern(Setting pattern)
    {
        if (pattern.IsText)
            return TextPattern.Literal(pattern.Text());
        if (pattern.Optional("String") is { } literal)
            return TextPattern.Literal(literal.Text());
        var expression = pattern.Required("Regex");
        try
        {
            return TextPattern.Regex(expression.Text());
        }
        catch (FormatException exception)
        {
            throw expression.Error($"cannot be used: {exception.Message}", exception);
        }
    }

    private static TextNormalizer One(Setting setting, string type) => type switch
    {
        "BertNormalizer" => new BertNormalizer(
            setting.Flag("clean_text", true), setting.Flag("handle_chinese_chars", true), setting.Optional("strip_accents")?.Flag(), setting.Flag("lowercase", true)),
        "NFC" => new UnicodeFormNormalizer(UnicodeForm.Nfc),
        "NFD" => new UnicodeFormNormalizer(UnicodeForm.Nfd),
        "NFKC" => new UnicodeFormNormalizer(UnicodeForm.Nfkc),
        "NFKD" => new UnicodeFormNormalizer(UnicodeForm.Nfkd),
        "Lowercase" => new LowercaseNormalizer(),
        "StripAccents" => new StripAccentsNormalizer(),
        "Strip" => new StripNormalizer(setting.Flag("strip_left", true), setting.Flag("strip_right", true)),
        "Replace" => new ReplaceNormalizer(Pattern(setting.Required("pattern")), setting.Required("content").Text()),
        "Prepend" => new PrependNormalizer(setting.Required("prepend").Text()),
        "Nmt" => new NmtNormalizer(),
        "ByteLevel" => new ByteLevelNormalizer(),
        "Precompiled" => Precompiled(setting.Required("precompiled_charsmap")),
        _ => throw setting.Required("type").Error($"is '{type}', a normalizer that is not known"),
    };

    private static PrecompiledNormalizer Precompiled(Setting table)
    {
        if (!table.IsText || !table.Value.TryGetBytesFromBase64(out var bytes))
            throw table.Error("must be a text in base64");
        try
        {
            return new PrecompiledNormalizer(bytes);
        }
        catch (InvalidDataException exception)
        {
            throw table.Error($"is cut short: {exception.Message}", exception);
        }
    }
}
