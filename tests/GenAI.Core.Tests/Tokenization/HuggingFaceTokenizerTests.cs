using CsCheck;
using GenAI.Core.Chunking;
using GenAI.Core.Tokenization;
using Microsoft.ML.Tokenizers;

namespace GenAI.Core.Tests.Tokenization;

public class HuggingFaceTokenizerTests
{
    private const string Long = "unwanted running the a unaffable, the running a want.";

    private static readonly HuggingFaceTokenizer WordPiece = Case("wordpiece TemplateProcessing");

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.OneOf(ReferenceCase.HardTexts),
        Gen.String[Gen.Char, 0, 60],
        Gen.String[Gen.OneOf("aben \u00E9\u0301\u2581\u65E5\uD83D\uDE00\t\n.'[]".ToCharArray()), 0, 80]);

    [Fact]
    public void Encoding_into_a_buffer_again_allocates_nothing()
    {
        var text = string.Concat(Enumerable.Repeat(Long, 200));
        var encoding = new TokenEncoding();
        void Encode() => WordPiece.Encode(text, encoding, new TokenEncodingOptions { MaxTokens = 512 });

        // Until the runtime has optimised what is called, which takes it a while on a busy machine: code that is not may allocate.
        var least = long.MaxValue;
        for (var i = 0; least > 0 && i < 20_000; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Encode();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        least.Should().Be(0);
    }

    [Fact]
    public void Calls_at_once_do_not_disturb_one_another()
    {
        var texts = Enumerable.Range(0, 200).Select(i => string.Concat(Enumerable.Repeat(Long, i % 7)) + ReferenceCase.HardTexts[i % 20]).ToArray();
        var expected = texts.Select(text => Ids(WordPiece, text)).ToArray();

        Parallel.For(0, 2000, i => Ids(WordPiece, texts[i % texts.Length]).Should().Equal(expected[i % texts.Length]));
    }

    [Fact]
    public void A_text_that_is_cut_says_so_and_how_long_it_was()
    {
        var encoding = new TokenEncoding();

        WordPiece.Encode(Long, encoding);
        encoding.IsTruncated.Should().BeFalse("neither the files nor the options have a limit");
        var full = encoding.Ids.ToArray();

        WordPiece.Encode(Long, encoding, new TokenEncodingOptions { MaxTokens = 6 });
        encoding.IsTruncated.Should().BeTrue();
        encoding.FullCount.Should().Be(full.Length);
        encoding.Ids.ToArray().Should().Equal([.. full[..5], full[^1]]);
        encoding.Sequences.ToArray().Should().Equal(-1, 0, 0, 0, 0, -1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Windows_cover_the_text_and_share_what_is_asked(int stride)
    {
        var whole = Ids(WordPiece, Long)[1..^1];

        var windows = WordPiece.EncodeWindows(Long, new TokenEncodingOptions { MaxTokens = 7 }, stride).Select(window => window.Ids[1..^1].ToArray()).ToArray();

        windows.Should().AllSatisfy(window => window.Length.Should().BeLessThanOrEqualTo(5));
        windows.Zip(windows.Skip(1)).Should().AllSatisfy(pair => pair.First[^stride..].Should().Equal(pair.Second[..stride]));
        windows[0].Concat(windows.Skip(1).SelectMany(window => window[stride..])).Should().Equal(whole);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void A_limit_without_room_is_refused_and_named(int limit)
    {
        var encode = () => WordPiece.Encode("a", new TokenEncoding(), new TokenEncodingOptions { MaxTokens = limit });

        encode.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"*{(limit < 0 ? "0" : "2 special tokens")}*{limit}*");
    }

    [Fact]
    public void An_empty_text_has_special_tokens_only()
    {
        Ids(WordPiece, "").Should().Equal(2, 3);
        WordPiece.Count("").Should().Be(2);
        WordPiece.Count("", omitSpecialTokens: true).Should().Be(0);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_a_replacement_character()
    {
        var bytes = Case("normalizer null");

        Ids(bytes, "a\uD800b\uDC00").Should().Equal(Ids(bytes, "a\uFFFDb\uFFFD"));
    }

    [Fact]
    public void Special_ids_and_tokens_are_found()
    {
        (WordPiece.PaddingId, WordPiece.UnknownId, WordPiece.ClassificationId, WordPiece.SeparatorId, WordPiece.MaskId, WordPiece.BeginId)
            .Should().Be((0, 1, 2, 3, 4, null));
        WordPiece.FindId("##able").Should().Be(7);
        WordPiece.FindToken(7).Should().Be("##able");
        WordPiece.FindId("absent").Should().BeNull();
        WordPiece.FindToken(100).Should().BeNull();
        WordPiece.VocabularySize.Should().Be(28);
        (WordPiece.SpecialTokenCount(), WordPiece.SpecialTokenCount(pair: true)).Should().Be((2, 3));
    }

    [Fact]
    public void The_base_class_counts_what_the_model_gets_and_places_what_the_text_has()
    {
        Tokenizer tokenizer = WordPiece;
        var full = Ids(WordPiece, Long);

        tokenizer.EncodeToIds(Long).Should().Equal(full);
        tokenizer.CountTokens(Long).Should().Be(full.Length);
        TokenCounter.FromTokenizer(tokenizer).Count(Long).Should().Be(full.Length);
        tokenizer.EncodeToIds(Long, 6, out _, out var consumed).Should().Equal([.. full[..5], full[^1]]);
        Long[..consumed].Should().Be("unwanted run");
        tokenizer.Decode(full).Should().Be("unwanted running the a unaffable, the running a want.");

        var tokens = tokenizer.EncodeToTokens("Caf\u00E9 want", out var normalized);
        normalized.Should().BeNull();
        tokens.Select(token => (token.Value, "Caf\u00E9 want"[token.Offset])).Should().Equal(("caf", "Caf"), ("##e", "\u00E9"), ("want", "want"));

        Long[..tokenizer.GetIndexByTokenCount(Long, 4, out _, out var count)].Should().Be("unwanted run");
        count.Should().Be(4);
        Long[tokenizer.GetIndexByTokenCountFromEnd(Long, 2, out _, out _)..].Should().Be("want.");
    }

    [Fact]
    public void A_word_of_a_million_characters_is_encoded()
    {
        var bytePairs = Case("bpe {\"merges\":[\"a b\",\"ab c\"]}null");
        var text = string.Concat(Enumerable.Repeat("abc", 350_000));

        var encoding = new TokenEncoding();
        bytePairs.Encode(text, encoding);

        encoding.Count.Should().Be(350_000);
        encoding.Ids.ToArray().Distinct().Should().Equal(bytePairs.FindId("abc")!.Value);
    }

    [Theory]
    [InlineData("NFC", System.Text.NormalizationForm.FormC)]
    [InlineData("NFD", System.Text.NormalizationForm.FormD)]
    [InlineData("NFKC", System.Text.NormalizationForm.FormKC)]
    [InlineData("NFKD", System.Text.NormalizationForm.FormKD)]
    public void Long_stretches_without_ASCII_are_normalised_as_the_runtime_does(string form, System.Text.NormalizationForm expected)
    {
        var tokenizer = Case($"normalizer {{\"type\":\"{form}\"}}");
        // Hangul letters, kana with marks, marks out of order, ligatures; shifted so that cuts fall everywhere.
        var text = string.Concat(Enumerable.Repeat("\u1112\u1161\u11AB\u304B\u3099\u00E9\u0323\u0301\uFB01\u0CC6\u0CC2\uFDFA\uD834\uDD65", 700));
        foreach (var shift in (int[])[0, 1, 2, 4, 6])
            Ids(tokenizer, text[shift..]).Should().Equal(Ids(Case("normalizer null"), text[shift..].Normalize(expected)));
    }

    [Fact]
    public void Ranges_lie_in_the_text_and_change_no_id()
    {
        var tokenizers = ReferenceCase.All.Where(each => !each.Name.StartsWith("truncation", StringComparison.Ordinal)).Select(each => HuggingFaceTokenizer.Parse(each.Tokenizer)).ToArray();
        var encoding = new TokenEncoding();

        Gen.Select(Texts, Gen.Int[0, tokenizers.Length - 1]).Holds(3000, (text, which) =>
        {
            tokenizers[which].Encode(text, encoding, new TokenEncodingOptions { Ranges = true, OmitSpecialTokens = true });
            var ids = encoding.Ids.ToArray();
            var ranges = encoding.Ranges.ToArray();
            ranges.All(range => range.Start >= 0 && range.End <= text.Length).Should().BeTrue();
            tokenizers[which].Encode(text, encoding, new TokenEncodingOptions { OmitSpecialTokens = true });
            encoding.Ids.ToArray().Should().Equal(ids);
            tokenizers[which].Count(text, omitSpecialTokens: true).Should().Be(ids.Length);
        });
    }

    [Fact]
    public void A_long_text_is_cut_into_words_as_each_of_them_alone()
    {
        string[] parts = ["want", "un", "a", "Q", "7", ".", "--", "[", "_", "\u00E9", "e\u0301", "\u65E5", "\uD83D\uDE00", "\u3002", "\u00AB", "\u0416", "\uD800\uDD00", "\u00AD", "\u007F"];
        var words = Gen.Int[0, parts.Length - 1].Select(i => parts[i]).Array[1, 6].Select(string.Concat);
        string[] spaces = [" ", "\n", "  ", "\t \u2003"];
        var encoding = new TokenEncoding();
        var options = new TokenEncodingOptions { Ranges = true, OmitSpecialTokens = true };

        Gen.Select(words.Array[1, 80], Gen.Int[0, spaces.Length - 1].Select(i => spaces[i])).Holds(2000, (text, space) =>
        {
            var expected = new List<(int Id, int Start, int End)>();
            var start = 0;
            foreach (var word in text)
            {
                WordPiece.Encode(word, encoding, options);
                for (var i = 0; i < encoding.Count; i++)
                    expected.Add((encoding.Ids[i], start + encoding.Ranges[i].Start, start + encoding.Ranges[i].End));
                start += word.Length + space.Length;
            }

            WordPiece.Encode(string.Join(space, text), encoding, options);
            Enumerable.Range(0, encoding.Count).Select(i => (encoding.Ids[i], encoding.Ranges[i].Start, encoding.Ranges[i].End)).Should().Equal(expected);
            WordPiece.Count(string.Join(space, text), omitSpecialTokens: true).Should().Be(expected.Count);
        });
    }

    private static HuggingFaceTokenizer Case(string name) => HuggingFaceTokenizer.Parse(ReferenceCase.All.Single(each => each.Name == name).Tokenizer);

    private static int[] Ids(HuggingFaceTokenizer tokenizer, string text)
    {
        var encoding = new TokenEncoding();
        tokenizer.Encode(text, encoding);
        return encoding.Ids.ToArray();
    }
}
