namespace GenAI.Core.Tokenization;

/// <summary>What <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c> say.</summary>
internal sealed record SpecialTokens
{
    public static readonly string[] Roles = ["pad_token", "cls_token", "sep_token", "mask_token", "unk_token", "bos_token", "eos_token"];

    /// <summary>The content of the token in each role, such as <c>cls_token</c>.</summary>
    public Dictionary<string, string> Contents { get; init; } = new(StringComparer.Ordinal);

    public int? ModelMaxTokens { get; init; }

    public bool? Lowercases { get; init; }

    public bool? StripsAccents { get; init; }

    public bool SplitsIdeographs { get; init; } = true;

    public bool AddsPrefixSpace { get; init; }
}
