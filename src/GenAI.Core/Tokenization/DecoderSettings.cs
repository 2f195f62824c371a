namespace GenAI.Core.Tokenization;

/// <summary>Reads the decoder of a <c>tokenizer.json</c>.</summary>
internal static class DecoderSettings
{
    public static IEnumerable<TokenDecoder> Read(Setting setting) => setting.Type switch
    {
        "Sequence" => setting.Required("decoders").Items().SelectMany(Read),
        var type => [One(setting, type)],
    };

    private static TokenDecoder One(Setting setting, string type) => type switch
    {
        "WordPiece" => TokenDecoder.WordPiece(setting.Text("prefix", "##"), setting.Flag("cleanup", true)),
        "ByteLevel" => new ByteLevelDecoder(),
        "Metaspace" => TokenDecoder.Metaspace(
            setting.Required("replacement").Character(), setting.Text("prepend_scheme", "always") != "never" && setting.Flag("add_prefix_space", true)),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "Strip" => TokenDecoder.Strip(setting.Required("content").Character(), setting.Number("start", 0, 1 << 20, 0), setting.Number("stop", 0, 1 << 20, 0)),
        "Replace" => TokenDecoder.Replace(NormalizerSettings.Pattern(setting.Required("pattern")), setting.Required("content").Text()),
        "BPEDecoder" => TokenDecoder.Suffix(setting.Text("suffix", "</w>")),
        _ => throw setting.Required("type").Error($"is '{type}', a decoder that is not known"),
    };
}
