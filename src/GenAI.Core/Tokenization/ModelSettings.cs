using System.Text.Json;

namespace GenAI.Core.Tokenization;

/// <summary>Reads the model of a <c>tokenizer.json</c>.</summary>
internal static class ModelSettings
{
    /// <param name="setting">The model.</param>
    /// <param name="takesBytes">Whether a byte-pair model may get plain text instead of the characters of bytes.</param>
    /// <param name="splitter">A splitter that changes no token but makes pieces short, for use where there is none.</param>
    public static TokenModel Read(Setting setting, bool takesBytes, out PreTokenizer? splitter)
    {
        splitter = null;
        var type = setting.Optional("type")?.Text() ?? Infer(setting);
        switch (type)
        {
            case "BPE":
                return Bpe(setting, takesBytes, out splitter);
            case "WordPiece":
                return WordPiece(setting);
            case "Unigram":
                return Unigram(setting);
            case "WordLevel":
                var vocabulary = new TokenTable(Vocabulary(setting.Required("vocab")));
                return new WordLevelModel(vocabulary, Unknown(setting, vocabulary, "<unk>"));
            default:
                throw setting.Required("type").Error($"is '{type}', a model that is not known");
        }
    }

    /// <summary>Tokens and ids of an object.</summary>
    public static List<KeyValuePair<string, int>> Vocabulary(Setting vocabulary)
    {
        if (!vocabulary.IsObject)
            throw vocabulary.Error("must be an object of tokens and ids");
        var tokens = new List<KeyValuePair<string, int>>();
        foreach (var entry in vocabulary.Value.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out var id) || id is < 0 or > TokenizerJson.MaxId)
                throw vocabulary.Error($"has '{entry.Value}' as the id of '{entry.Name}', where a whole number from 0 to {TokenizerJson.MaxId} is needed");
            tokens.Add(new(entry.Name, id));
        }

        return tokens.Count > 0 ? tokens : throw vocabulary.Error("has no tokens");
    }

    /// <summary>The merges of a vocabulary, from their two halves.</summary>
    public static PairTable Merges(IReadOnlyCollection<(string Left, string Right)> merges, TokenTable table, int prefixLength, Func<string, Exception> error)
    {
        var pairs = new PairTable(merges.Count);
        var rank = 0;
        foreach (var (left, right) in merges)
        {
            var merged = left + (right.Length >= prefixLength ? right[prefixLength..] : "");
            var (leftId, rightId, id) = (table.Find(left), table.Find(right), table.Find(merged));
            if (leftId < 0 || rightId < 0 || id < 0)
                throw error($"has the merge of '{left}' and '{right}' to '{merged}', of which the vocabulary lacks '{(leftId < 0 ? left : rightId < 0 ? right : merged)}'");
            pairs.Add(leftId, rightId, rank++, id);
        }

        return pairs;
    }

    private static string Infer(Setting setting) =>
        setting.Optional("merges") is not null ? "BPE"
        : setting.Optional("vocab") is { IsArray: true } ? "Unigram"
        : setting.Optional("continuing_subword_prefix") is not null ? "WordPiece" : "WordLevel";

    private static int Unknown(Setting setting, TokenTable table, string customary)
    {
        var token = setting.Text("unk_token", customary);
        return table.Find(token) is var id and >= 0 ? id : throw setting.Error($"has no '{token}' in its vocabulary, the token for what is unknown");
    }

    private static WordPieceModel WordPiece(Setting setting)
    {
        var tokens = Vocabulary(setting.Required("vocab"));
        return new WordPieceModel(
            tokens, setting.Text("continuing_subword_prefix", "##"), Unknown(setting, new TokenTable(tokens), "[UNK]"), setting.Number("max_input_chars_per_word", 0, 1 << 20, 100));
    }

    private static BpeModel Bpe(Setting setting, bool takesBytes, out PreTokenizer? splitter)
    {
        if (setting.Optional("dropout") is { } dropout && dropout.Value.TryGetDouble(out var rate) && rate != 0)
            throw dropout.Error($"is {rate}: random merges are for training only; set it to null");

        var tokens = Vocabulary(setting.Required("vocab"));
        var table = new TokenTable(tokens);
        var settings = new BpeSettings
        {
            Prefix = setting.Text("continuing_subword_prefix", ""),
            Suffix = setting.Text("end_of_word_suffix", ""),
            UnknownId = setting.Optional("unk_token") is { } unknown ? table.Find(unknown.Text()) : -1,
            FusesUnknown = setting.Flag("fuse_unk", false),
            FallsBackToBytes = setting.Flag("byte_fallback", false),
            IgnoresMerges = setting.Flag("ignore_merges", false),
        };
        var list = setting.Required("merges");
        var merges = list.Items().Select(merge => Halves(merge, table)).OfType<(string, string)>().ToList();
        // Without a token for it, what is unknown is dropped, and the ranges of what follows in the piece are off by it, in the reference and so here.
        var splits = settings.Prefix.Length + settings.Suffix.Length == 0 && !settings.IgnoresMerges && (settings.UnknownId >= 0 || settings.FallsBackToBytes);
        splitter = splits ? WordSplitter(tokens) : null;
        return new BpeModel(table, Merges(merges, table, settings.Prefix.Length, what => list.Error(what)), settings, takesBytes);
    }

    /// <summary>
    /// Where no token has the visible space (U+2581) behind another character, no merge reaches across the place before it: there a text
    /// can be split, and words come from the cache.
    /// </summary>
    public static PreTokenizer? WordSplitter(IEnumerable<KeyValuePair<string, int>> tokens)
    {
        var known = false;
        foreach (var (token, _) in tokens)
        {
            known |= token == "\u2581";
            // Spaces alone are one token too: the split is before the first of them.
            var letter = token.AsSpan().IndexOfAnyExcept('\u2581');
            if (letter >= 0 && token.AsSpan(letter).Contains('\u2581'))
                return null;
        }

        return known ? new SpaceRunPreTokenizer('\u2581') : null;
    }

    private static (string, string)? Halves(Setting merge, TokenTable table)
    {
        if (merge.IsArray)
        {
            var halves = merge.Items().Select(half => half.Text()).ToArray();
            return halves is [var first, var second] ? (first, second) : throw merge.Error("must have two halves");
        }

        var text = merge.Text();
        if (text.StartsWith("#version", StringComparison.Ordinal))
            return null;
        if (text.Split(' ') is [var left, var right])
            return (left, right);
        // Tokens that have spaces themselves, as some conversions of Llama's have: where the vocabulary allows one cut only, that is it.
        var cuts = Enumerable.Range(1, Math.Max(0, text.Length - 2))
            .Where(cut => text[cut] == ' ' && table.Find(text.AsSpan(0, cut)) >= 0 && table.Find(text.AsSpan(cut + 1)) >= 0 && table.Find(text.Remove(cut, 1)) >= 0).ToArray();
        return cuts is [var only] ? (text[..only], text[(only + 1)..]) : throw merge.Error($"is '{text}', which is not two tokens with a space between");
    }

    private static UnigramModel Unigram(Setting setting)
    {
        var list = setting.Required("vocab");
        var vocabulary = new List<KeyValuePair<string, double>>();
        foreach (var entry in list.Items())
        {
            if (!entry.IsArray || entry.Value.GetArrayLength() != 2 || entry.Value[0].ValueKind != JsonValueKind.String || entry.Value[1].ValueKind != JsonValueKind.Number)
                throw entry.Error("must be a token and its score");
            vocabulary.Add(new(entry.Value[0].GetString()!, ReferenceNumber.Parse(entry.Value[1].GetRawText())));
        }

        if (vocabulary.Count is 0 or > TokenizerJson.MaxId)
            throw list.Error($"has {vocabulary.Count} tokens");
        return new UnigramModel(vocabulary, setting.Required("unk_id").Number(0, vocabulary.Count - 1), setting.Flag("byte_fallback", false));
    }
}
