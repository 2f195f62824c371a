namespace GenAI.Core.Tokenization;

/// <summary>Reads the pre-tokenizers of a <c>tokenizer.json</c>.</summary>
internal static class PreTokenizerSettings
{
    public static IEnumerable<PreTokenizer> Read(Setting setting) => setting.Type switch
    {
        "Sequence" => setting.Required("pretokenizers").Items().SelectMany(Read),
        "ByteLevel" => ReadByteLevel(setting.Flag("add_prefix_space", true), setting.Flag("use_regex", true)),
        var type => [One(setting, type)],
    };

    public static IEnumerable<PreTokenizer> ReadByteLevel(bool addsPrefixSpace, bool splits)
    {
        if (addsPrefixSpace)
            yield return new SpacePrefixPreTokenizer();
        if (splits)
            yield return new PatternPreTokenizer(new Gpt2Pattern(), SplitBehavior.Isolated, invert: false);
        yield return new ByteLevelPreTokenizer();
    }

    private static PreTokenizer One(Setting setting, string type) => type switch
    {
        "BertPreTokenizer" => new BertPreTokenizer(),
        "Whitespace" => new WhitespacePreTokenizer(),
        "WhitespaceSplit" => new WhitespaceSplitPreTokenizer(),
        "Metaspace" => Metaspace(setting),
        "Punctuation" => new CodePointPreTokenizer(codePoint => UnicodeData.Is(codePoint, UnicodeData.Punctuation), Behavior(setting)),
        "Digits" => new CodePointPreTokenizer(
            codePoint => UnicodeData.Is(codePoint, UnicodeData.Numeric), setting.Flag("individual_digits", false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
        "Split" => new PatternPreTokenizer(NormalizerSettings.Pattern(setting.Required("pattern")), Behavior(setting), setting.Flag("invert", false)),
        "CharDelimiterSplit" => Delimiter(setting.Required("delimiter").Character()),
        "UnicodeScripts" => new ScriptPreTokenizer(),
        "FixedLength" => new FixedLengthPreTokenizer(setting.Number("length", 1, 1 << 20, 5)),
        _ => throw setting.Required("type").Error($"is '{type}', a pre-tokenizer that is not known"),
    };

    private static SplitBehavior Behavior(Setting setting) => setting.Optional("behavior")?.Choice<SplitBehavior>() ?? SplitBehavior.Isolated;

    private static CodePointPreTokenizer Delimiter(char delimiter) => new(codePoint => codePoint == delimiter, SplitBehavior.Removed);

    private static MetaspacePreTokenizer Metaspace(Setting setting)
    {
        var prefix = setting.Optional("prepend_scheme")?.Choice<MetaspacePrefix>() ?? MetaspacePrefix.Always;
        if (!setting.Flag("add_prefix_space", true))
        {
            if (setting.Optional("prepend_scheme") is not null && prefix != MetaspacePrefix.Never)
                throw setting.Error("says add_prefix_space false and a prepend_scheme that adds one");
            prefix = MetaspacePrefix.Never;
        }

        return new MetaspacePreTokenizer(setting.Required("replacement").Character(), prefix, setting.Flag("split", true));
    }
}
