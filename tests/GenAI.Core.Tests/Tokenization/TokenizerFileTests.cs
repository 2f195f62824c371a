using System.Text;
using GenAI.Core.Tokenization;

namespace GenAI.Core.Tests.Tokenization;

public sealed class TokenizerFileTests : IDisposable
{
    private const string WordLevel = """{"model":{"type":"WordLevel","vocab":{"<unk>":0,"a":1},"unk_token":"<unk>"}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenizer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{", "no JSON")]
    [InlineData("[]", "'model'")]
    [InlineData("{} {}", "more after its end")]
    [InlineData("{\"model\":{\"type\":\"Magic\"}}", "'model.type' is 'Magic'")]
    [InlineData("{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":-1},\"unk_token\":\"a\"}}", "'model.vocab' has '-1'")]
    [InlineData("{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":99999999},\"unk_token\":\"a\"}}", "99999999")]
    [InlineData("{\"model\":{\"type\":\"WordLevel\",\"vocab\":{},\"unk_token\":\"a\"}}", "no tokens")]
    [InlineData("{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":0},\"unk_token\":\"[UNK]\"}}", "[UNK]")]
    [InlineData("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a b\"]}}", "lacks 'b'")]
    [InlineData("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a\"]}}", "model.merges[0]")]
    [InlineData("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[],\"dropout\":0.1}}", "model.dropout")]
    [InlineData("{\"model\":{\"type\":\"Unigram\",\"unk_id\":5,\"vocab\":[[\"a\",0]]}}", "model.unk_id")]
    [InlineData("{\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\"]]}}", "model.vocab[0]")]
    public void A_malformed_model_is_refused_with_the_field(string json, string named)
    {
        var parse = () => HuggingFaceTokenizer.Parse(Encoding.UTF8.GetBytes(json), "that.json");

        parse.Should().Throw<InvalidDataException>().Which.Message.Should().Contain("'that.json'").And.Contain(named);
    }

    [Theory]
    [InlineData("\"normalizer\":{\"type\":\"Magic\"}", "normalizer.type")]
    [InlineData("\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAA\"}", "cut short")]
    [InlineData("\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"?\"}", "base64")]
    [InlineData("\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"(\"},\"content\":\"\"}", "normalizer.pattern.Regex")]
    [InlineData("\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"(a*)*\"},\"content\":\"\"}", "can be empty")]
    [InlineData("\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"\\\\p{Elvish}\"},\"content\":\"\"}", "Elvish")]
    [InlineData("\"pre_tokenizer\":{\"type\":\"Magic\"}", "pre_tokenizer.type")]
    [InlineData("\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"String\":\"a\"},\"behavior\":\"Magic\"}", "pre_tokenizer.behavior")]
    [InlineData("\"pre_tokenizer\":{\"type\":\"Metaspace\",\"replacement\":\"ab\"}", "one character")]
    [InlineData("\"post_processor\":{\"type\":\"BertProcessing\",\"cls\":[\"a\"],\"sep\":[\"a\",1]}", "post_processor.cls")]
    [InlineData("\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"x\",\"type_id\":0}}],\"pair\":[]}", "'x'")]
    [InlineData("\"decoder\":{\"type\":\"Magic\"}", "decoder.type")]
    [InlineData("\"truncation\":{\"max_length\":0}", "truncation.max_length")]
    [InlineData("\"truncation\":{\"max_length\":5,\"stride\":5}", "stride")]
    [InlineData("\"padding\":{\"strategy\":{\"Fixed\":99999999999}}", "padding.strategy.Fixed")]
    [InlineData("\"added_tokens\":[{\"id\":3}]", "added_tokens[0]")]
    public void A_malformed_setting_is_refused_with_the_field(string setting, string named)
    {
        var parse = () => HuggingFaceTokenizer.Parse(Encoding.UTF8.GetBytes($"{WordLevel[..^1]},{setting}}}"));

        parse.Should().Throw<InvalidDataException>().Which.Message.Should().Contain(named).And.Contain("tokenizer.json");
    }

    [Fact]
    public void Settings_nested_without_end_are_refused()
    {
        var nested = string.Concat(Enumerable.Repeat("{\"type\":\"Sequence\",\"normalizers\":[", 5000));
        var parse = () => HuggingFaceTokenizer.Parse(Encoding.UTF8.GetBytes($"{WordLevel[..^1]},\"normalizer\":{nested}"));

        parse.Should().Throw<InvalidDataException>();
    }

    [Fact]
    public void A_folder_without_a_tokenizer_is_refused_and_the_names_are_told()
    {
        var load = () => HuggingFaceTokenizer.Load(_folder);

        load.Should().Throw<FileNotFoundException>().WithMessage("*tokenizer.json*vocab.txt*");
        var absent = () => HuggingFaceTokenizer.Load(Path.Combine(_folder, "absent.json"));
        absent.Should().Throw<FileNotFoundException>().WithMessage("*absent.json*");
    }

    [Fact]
    public void The_configuration_beside_a_tokenizer_is_read()
    {
        Write("tokenizer.json", WordLevel);
        Write("tokenizer_config.json", """{"model_max_length":512,"pad_token":{"content":"a"}}""");
        Write("special_tokens_map.json", """{"cls_token":"a"}""");

        var tokenizer = HuggingFaceTokenizer.Load(_folder);

        (tokenizer.ModelMaxTokens, tokenizer.PaddingId, tokenizer.ClassificationId, tokenizer.UnknownId).Should().Be((512, 1, 1, 0));
    }

    [Theory]
    [InlineData("cat", null, "1")] // no capitals in the vocabulary: lower case
    [InlineData("Cat", null, "0")]
    [InlineData("Cat", true, "1")]
    [InlineData("cat", false, "1")]
    public void A_vocabulary_of_BERT_is_lower_case_if_it_or_the_configuration_says_so(string token, bool? lowercase, string expected)
    {
        Write("vocab.txt", $"[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n{token}\ncat\n");
        if (lowercase is { } given)
            Write("tokenizer_config.json", $$"""{"do_lower_case":{{(given ? "true" : "false")}}}""");

        var tokenizer = HuggingFaceTokenizer.Load(_folder);
        var ids = ((Microsoft.ML.Tokenizers.Tokenizer)tokenizer).EncodeToIds("Cat");

        var isLower = expected == "1";
        tokenizer.FindToken(ids[1]).Should().Be(lowercase == false ? "[UNK]" : isLower ? "cat" : "Cat");
    }

    [Fact]
    public void A_vocabulary_without_special_tokens_is_refused()
    {
        Write("vocab.txt", "a\nb\n");
        var load = () => HuggingFaceTokenizer.Load(_folder);

        load.Should().Throw<InvalidDataException>().Which.Message.Should().Contain("vocab.txt").And.Contain("[UNK]");
    }

    [Fact]
    public void Vocabulary_and_merges_are_byte_pairs()
    {
        var bytes = string.Join(',', Enumerable.Range(33, 94).Select(c => $"{System.Text.Json.JsonSerializer.Serialize(((char)c).ToString())}:{c - 33}"));
        Write("vocab.json", $"{{{bytes},\"\\u0120\":94,\"ab\":95,\"\\u0120ab\":96,\"<|endoftext|>\":97}}");
        Write("merges.txt", "#version: 0.2\na b\n\u0120 ab\n");

        var tokenizer = HuggingFaceTokenizer.Load(_folder);
        var encoding = new TokenEncoding();
        tokenizer.Encode("ab ab<|endoftext|>", encoding);

        encoding.Ids.ToArray().Should().Equal(95, 96, 97);
        tokenizer.Decode(encoding.Ids, omitSpecialTokens: true).Should().Be("ab ab");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_SentencePiece_model_is_read(bool bytePairs)
    {
        var pieces = (string[])["<unk>", "<s>", "</s>", "\u2581", "a", "b", "\u2581a", "ab", "\u2581ab"];
        var model = new List<byte>();
        for (var i = 0; i < pieces.Length; i++)
            model.AddRange(Field(1, [.. Field(1, Encoding.UTF8.GetBytes(pieces[i])), 0x15, .. BitConverter.GetBytes((float)-i), 0x18, (byte)(i == 0 ? 2 : i < 3 ? 3 : 1)]));
        model.AddRange(Field(2, [0x18, (byte)(bytePairs ? 2 : 1)]));
        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.model"), [.. model]);

        var tokenizer = HuggingFaceTokenizer.Load(_folder);
        var encoding = new TokenEncoding();
        tokenizer.Encode("ab b", encoding, new TokenEncodingOptions { Ranges = true, OmitSpecialTokens = true });

        encoding.Ids.ToArray().Select(id => pieces[id]).Should().Equal("\u2581ab", "\u2581", "b");
        encoding.Ranges.ToArray().Should().Equal(new TextRange(0, 2), new TextRange(2, 1), new TextRange(3, 1));
        tokenizer.Decode(encoding.Ids, omitSpecialTokens: true).Should().Be("ab b");

        File.WriteAllBytes(Path.Combine(_folder, "tokenizer.model"), [.. model.Take(model.Count - 30)]);
        var load = () => HuggingFaceTokenizer.Load(_folder);
        load.Should().Throw<InvalidDataException>().WithMessage("*tokenizer.model*");
    }

    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), (byte)content.Length, .. content];

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder, name), content);
}
