using System.Text;

namespace GenAI.Core.Tokenization;

/// <summary>Finds and reads the tokenizer files of a model folder.</summary>
internal static class TokenizerFiles
{
    private static readonly string[] SentencePiece = ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "sentencepiece.model"];

    public static HuggingFaceTokenizer Load(string path)
    {
        if (Directory.Exists(path))
            return LoadFolder(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no tokenizer at '{path}'. Name a model folder, or one of the files tokenizer.json, tokenizer.model, vocab.txt or vocab.json.", path);

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var special = SpecialTokenFiles.Read(folder);
        return new HuggingFaceTokenizer(ReadFile(path, folder, special), special);
    }

    private static HuggingFaceTokenizer LoadFolder(string folder)
    {
        string[] names = ["tokenizer.json", .. SentencePiece, "vocab.json", "vocab.txt"];
        var name = names.FirstOrDefault(name => File.Exists(Path.Combine(folder, name)) && (name != "vocab.json" || File.Exists(Path.Combine(folder, "merges.txt"))));
        if (name is null)
        {
            throw new FileNotFoundException(
                $"The folder '{folder}' has none of the tokenizer files {string.Join(", ", names)} (vocab.json goes with merges.txt). Copy them there from where the model is published.");
        }

        return Load(Path.Combine(folder, name));
    }

    private static TokenizerDefinition ReadFile(string path, string folder, SpecialTokens special)
    {
        switch (Path.GetExtension(path))
        {
            case ".txt":
                return VocabularyFiles.WordPiece(File.ReadAllText(path, Encoding.UTF8), path, special);
            case ".model" or ".spm":
                return SentencePieceFile.Read(File.ReadAllBytes(path), path, special);
            default:
                var merges = Path.Combine(folder, "merges.txt");
                return Path.GetFileName(path) == "vocab.json" && File.Exists(merges)
                    ? VocabularyFiles.BytePairs(File.ReadAllBytes(path), path, File.ReadAllText(merges, Encoding.UTF8), merges, special)
                    : TokenizerJson.Read(File.ReadAllBytes(path), path);
        }
    }
}

/// <summary>Reads <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>.</summary>
internal static class SpecialTokenFiles
{
    public static SpecialTokens Read(string folder)
    {
        var special = new SpecialTokens();
        foreach (var name in (string[])["special_tokens_map.json", "tokenizer_config.json"])
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
                continue;
            using var document = TokenizerJson.Parse(File.ReadAllBytes(path), path);
            special = Read(new Setting(document.RootElement, path, ""), special);
        }

        return special;
    }

    private static SpecialTokens Read(Setting root, SpecialTokens special)
    {
        foreach (var role in SpecialTokens.Roles)
        {
            // A token is its content, or an object with it.
            if (root.Optional(role) is { } token)
                special.Contents[role] = token.IsText ? token.Text() : token.Required("content").Text();
        }

        // Models without a limit say 10^30.
        var length = root.Optional("model_max_length") is { } max && max.Value.ValueKind == System.Text.Json.JsonValueKind.Number ? max.Value.GetDouble() : double.MaxValue;
        return special with
        {
            ModelMaxTokens = length is >= 1 and < int.MaxValue ? (int)length : special.ModelMaxTokens,
            Lowercases = root.Optional("do_lower_case")?.Flag() ?? special.Lowercases,
            StripsAccents = root.Optional("strip_accents")?.Flag() ?? special.StripsAccents,
            SplitsIdeographs = root.Flag("tokenize_chinese_chars", special.SplitsIdeographs),
            AddsPrefixSpace = root.Flag("add_prefix_space", special.AddsPrefixSpace),
        };
    }
}
