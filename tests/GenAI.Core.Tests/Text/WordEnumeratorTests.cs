using System.Text;
using CsCheck;
using GenAI.Core.Text;

namespace GenAI.Core.Tests.Text;

public class WordEnumeratorTests
{
    [Theory]
    [InlineData("Don't stop.", "Don't|stop")]
    [InlineData("pi is 3.14, or 1,000", "pi|is|3.14|or|1,000")]
    [InlineData("e.g. this", "e.g|this")]
    [InlineData("can’t l'avion", "can’t|l'avion")]
    [InlineData("well-known (p53) x+y", "well|known|p53|x|y")]
    [InlineData("max_tokens _x __", "max_tokens|_x")]
    [InlineData("key:value a;b 1;2", "key|value|a|b|1;2")]
    [InlineData("'quoted' ends'", "quoted|ends")]
    [InlineData("cafe\u0301s naïve", "cafe\u0301s|naïve")]
    [InlineData("soft\u00ADhyphen zero\u200Bspace", "soft\u00ADhyphen|zero|space")]
    [InlineData("צה\"ל שלום", "צה\"ל|שלום")]
    [InlineData("हिन्दी भाषा", "हिन्दी|भाषा")]
    [InlineData("H₂O m²", "H₂O|m²")]
    [InlineData("東京へ行くラーメン屋2階", "東京へ行く|ラーメン|屋|2|階")]
    [InlineData("らーめん", "らーめん")]
    [InlineData("한국어는C언어", "한국어는|C|언어")]
    [InlineData("สวัสดีชาวโลก ok", "สวัสดีชาวโลก|ok")]
    [InlineData("𝐁𝐨𝐥𝐝 a𐐀b 𠮷野家", "𝐁𝐨𝐥𝐝|a𐐀b|𠮷野家")]
    [InlineData("\uD800a\uDC00 \uD835", "a")]
    [InlineData("C# f#, C++; c++20 (C#)C#12", "C#|f#|C++|c++|20|C#|C#|12")]
    [InlineData("c#anchor i++ C+++ abc# #c C + C", "c|anchor|i|C|abc|c|C|C")]
    [InlineData("한국어는C#언어 C#", "한국어는|C|언어|C#")]
    [InlineData("", "")]
    [InlineData(" \t\r\n..\0!", "")]
    public void Words_have_the_boundaries_of_the_standard(string text, string words) => string.Join('|', Words(text)).Should().Be(words);

    [Theory]
    [InlineData("word", nameof(WordKind.Alphabetic), true)]
    [InlineData("naïve", nameof(WordKind.Alphabetic), false)]
    [InlineData("3.14", nameof(WordKind.Alphabetic), false)]
    [InlineData("word. Next", nameof(WordKind.Alphabetic), true)]
    [InlineData("漢字かな", nameof(WordKind.Ideographic), false)]
    [InlineData("カタカナ", nameof(WordKind.Katakana), false)]
    [InlineData("ﾊﾝｶｸﾃﾞﾀ", nameof(WordKind.Katakana), false)]
    [InlineData("한글", nameof(WordKind.Hangul), false)]
    [InlineData("ភាសាខ្មែរ", nameof(WordKind.SouthEastAsian), false)]
    public void A_word_knows_what_it_is_made_of(string text, string kind, bool isPlain)
    {
        var words = new WordEnumerator(text);

        words.MoveNext().Should().BeTrue();
        words.Kind.ToString().Should().Be(kind);
        words.IsPlain.Should().Be(isPlain);
    }

    [Fact]
    public void Any_text_yields_ranges_in_order_that_hold_every_letter_and_digit()
    {
        var characters = Gen.OneOf(Gen.Char['a', 'z'], Gen.Char, Gen.Char[".', _\"\u0301\uD835\uDC00ก漢カー한א9"]);
        Gen.String[characters, 0, 60].Holds(20_000, AssertCovers);
    }

    [DataFact("texts", "udhr")]
    public void Texts_of_every_language_yield_ranges_in_order_that_hold_every_letter()
    {
        foreach (var file in Directory.EnumerateFiles(TestData.Path("texts", "udhr")))
            AssertCovers(File.ReadAllText(file));
    }

    [Fact]
    public void A_long_run_without_spaces_is_cut_into_words_of_bounded_length()
    {
        var text = string.Concat(Enumerable.Repeat("aB3𐐀", 100_000));

        var words = Words(text);

        words.Max(word => word.Length).Should().BeLessThanOrEqualTo(WordEnumerator.MaxLength + 1);
        string.Concat(words).Should().Be(text);
    }

    [Fact]
    public void A_letter_under_a_million_marks_takes_linear_time()
    {
        var marks = new string('\u0301', 1_000_000);

        Words("a" + marks + "b." + marks + "c漢" + marks).Should().HaveCountGreaterThan(2);
    }

    private static List<string> Words(string text)
    {
        var found = new List<string>();
        var words = new WordEnumerator(text);
        while (words.MoveNext())
            found.Add(words.Range.Of(text));
        return found;
    }

    private static void AssertCovers(string text)
    {
        var covered = new bool[text.Length];
        var last = 0;
        var words = new WordEnumerator(text);
        while (words.MoveNext())
        {
            words.Start.Should().BeGreaterThanOrEqualTo(last);
            words.End.Should().BeGreaterThan(words.Start);
            (char.IsLowSurrogate(text[words.Start]) && words.Start > 0 && char.IsHighSurrogate(text[words.Start - 1])).Should().BeFalse();
            last = words.End;
            covered.AsSpan(words.Start, words.End - words.Start).Fill(true);
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out var rune) && Rune.IsLetterOrDigit(rune) && !covered[i])
                Assert.Fail($"U+{rune.Value:X4} at {i} is in no word");
        }
    }
}
