namespace GenAI.Core.Tokenization;

/// <summary>Tokenizers of older models: a vocabulary, and all else by custom.</summary>
internal static class VocabularyFiles
{
    /// <summary>BERT's <c>vocab.txt</c>: a token a line.</summary>
    public static TokenizerDefinition WordPiece(string content, string file, SpecialTokens special)
    {
        var tokens = new List<KeyValuePair<string, int>>();
        foreach (var line in content.AsSpan().TrimStart('\uFEFF').TrimEnd('\n').EnumerateLines(separator: '\n'))
            tokens.Add(new(line, tokens.Count));
        var table = new TokenTable(tokens);
        int Id(string token) => table.Find(token) is var id and >= 0 ? id
            : throw new InvalidDataException($"The tokenizer file '{file}' cannot be used: it has no line '{token}', as a BERT vocabulary has. Get it anew from where the model is published.");

        // Without a word on it in tokenizer_config.json, a vocabulary that has capitals wants them.
        var lower = special.Lowercases ?? !tokens.Any(token => token.Key is not ['[', .., ']'] && token.Key.AsSpan().ContainsAnyInRange('A', 'Z'));
        return new TokenizerDefinition
        {
            Normalizers = [new BertNormalizer(clean: true, special.SplitsIdeographs, special.StripsAccents, lower)],
            PreTokenizers = [new BertPreTokenizer()],
            Model = new WordPieceModel(tokens, "##", Id("[UNK]"), maxCharacters: 100),
            Template = TokenTemplate.Bert(Id("[CLS]"), Id("[SEP]")),
            Decoders = [TokenDecoder.WordPiece("##", cleanup: true)],
            AddedTokens = Special(table, ["[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]"], special),
        };
    }

    /// <summary>GPT-2's and RoBERTa's <c>vocab.json</c> and <c>merges.txt</c>.</summary>
    public static TokenizerDefinition BytePairs(ReadOnlySpan<byte> vocabulary, string vocabularyFile, string merges, string mergesFile, SpecialTokens special)
    {
        using var document = TokenizerJson.Parse(vocabulary, vocabularyFile);
        var table = new TokenTable(ModelSettings.Vocabulary(new Setting(document.RootElement, vocabularyFile, "")));
        var list = new Setting(default, mergesFile, "");
        var pairs = new List<(string, string)>();
        foreach (var line in merges.AsSpan().TrimEnd('\n').EnumerateLines(separator: '\n'))
        {
            if (line.StartsWith("#version", StringComparison.Ordinal))
                continue;
            pairs.Add(line.Split(' ') is [var left, var right] ? (left, right) : throw list.Error($"has the line '{line}', which is not two tokens with a space between"));
        }

        var (cls, sep) = (table.Find("<s>"), table.Find("</s>"));
        var roberta = cls >= 0 && sep >= 0;
        var model = new BpeModel(table, ModelSettings.Merges(pairs, table, 0, what => list.Error(what)), new BpeSettings(), takesBytes: true);
        var splitting = PreTokenizerSettings.ReadByteLevel(special.AddsPrefixSpace, splits: true);
        return new TokenizerDefinition
        {
            PreTokenizers = [.. model.TakesBytes ? splitting.SkipLast(1) : splitting],
            Model = model,
            Template = roberta ? TokenTemplate.Roberta(cls, sep).Trimming(special.AddsPrefixSpace) : TokenTemplate.Plain,
            Decoders = [new ByteLevelDecoder()],
            AddedTokens = Special(table, roberta ? ["<s>", "</s>", "<pad>", "<unk>", "<mask>"] : ["<|endoftext|>"], special),
        };
    }

    /// <summary>The special tokens that a vocabulary has: the customary ones and those that the configuration names.</summary>
    public static AddedToken[] Special(TokenTable table, IEnumerable<string> customary, SpecialTokens special) =>
    [
        .. customary.Concat(special.Contents.Values).Distinct().Where(token => table.Find(token) >= 0)
            .Select(token => new AddedToken(table.Find(token), token) { IsSpecial = true, StripsLeft = token == "<mask>" }),
    ];

    private static IEnumerable<string> EnumerateLines(this ReadOnlySpan<char> text, char separator) =>
        text.ToString().Split(separator).Select(line => line.TrimEnd());
}
