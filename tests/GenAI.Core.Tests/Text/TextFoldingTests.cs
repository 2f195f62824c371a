using System.Globalization;
using System.Text;
using CsCheck;
using GenAI.Core.Text;

namespace GenAI.Core.Tests.Text;

public class TextFoldingTests
{
    [Theory]
    [InlineData("Café", "cafe")]
    [InlineData("STRASSE Straße ẞ", "strasse strasse ss")]
    [InlineData("Æsir œuvre Øre Łódź Đorđe þorn ðe", "aesir oeuvre ore lodz dorde thorn de")]
    [InlineData("İstanbul ısı ŞĞ", "istanbul isi sg")]
    [InlineData("ＦＵＬＬ　ｗｉｄｔｈ１２", "full　width12")]
    [InlineData("ﬁnal ﬂow ﬃ", "final flow ffi")]
    [InlineData("ΑΘΗΝΑΊΟΣ Ὀδυσσεύς", "αθηναιοσ οδυσσευσ")]
    [InlineData("Ёлка й", "елка и")]
    [InlineData("Việt Nam", "viet nam")]
    [InlineData("H₂O m²", "h2o m2")]
    [InlineData("٢٠٢٤ २०२४", "2024 2024")]
    [InlineData("don’t", "don't")]
    [InlineData("שָׁלוֹם", "שלום")]
    [InlineData("مُحَمَّد", "محمد")]
    [InlineData("𝐁𝐨𝐥𝐝 𝒮𝕔𝖗", "bold scr")]
    [InlineData("𐐀𐐁 𞤀", "𐐨𐐩 𞤢")]
    [InlineData("soft\u00ADhyphen zero\u200Dwidth", "softhyphen zerowidth")]
    public void Fold_makes_variants_of_a_word_the_same(string text, string folded) => TextFolding.Fold(text).Should().Be(folded);

    [Theory]
    [InlineData("हिन्दी")]
    [InlineData("ภาษาไทย")]
    [InlineData("မြန်မာ")]
    [InlineData("中文字符")]
    public void Fold_keeps_signs_that_make_a_different_word(string text) => TextFolding.Fold(text).Should().Be(text);

    [Theory]
    [InlineData("한국어 각 값")]
    [InlineData("がぎぐパピプ")]
    [InlineData("Ångström é ộ ǻ")]
    [InlineData("Ἀχιλλεύς Ñ ǆ")]
    [InlineData("क़ख़ग़")]
    public void Composed_and_decomposed_text_fold_to_the_same(string text)
    {
        TextFolding.Fold(text.Normalize(NormalizationForm.FormD)).Should().Be(TextFolding.Fold(text.Normalize(NormalizationForm.FormC)));
    }

    [Fact]
    public void Every_letter_agrees_with_the_platforms_normalization()
    {
        // What the platform says: compatibility forms taken apart, lower case, accents of the alphabets removed.
        for (var c = '\u00C0'; c < '\u2000'; c++)
        {
            if (!char.IsLetter(c) || char.GetUnicodeCategory(c) is UnicodeCategory.OtherNotAssigned)
                continue;
            var parts = c.ToString().Normalize(NormalizationForm.FormKD).ToLowerInvariant().Normalize(NormalizationForm.FormKD);
            var expected = string.Concat(parts.Where(p => p is < '\u0300' or > '\u036F'));
            if (expected.Length == parts.Length || !char.IsLetter(expected[0]) || expected[0] is >= '\u0180' and < '\u0250' or 'æ' or 'ø' or 'ſ' or 'ı')
                continue;

            TextFolding.Fold(c.ToString()).Should().Be(expected.Replace('ς', 'σ'), "of U+{0:X4}", (int)c);
        }
    }

    [Fact]
    public void Folding_twice_changes_nothing()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            var once = TextFolding.Fold(((char)c).ToString());
            TextFolding.Fold(once).Should().Be(once, "of U+{0:X4}", c);
            once.Length.Should().BeLessThanOrEqualTo(TextFolding.MaxExpansion);
        }
    }

    [Fact]
    public void Any_text_folds_within_the_room_promised()
    {
        Gen.String[Gen.Char, 0, 50].Holds(2000, text =>
        {
            var destination = new char[text.Length * TextFolding.MaxExpansion];
            return TextFolding.Fold(text, destination) <= destination.Length;
        });
    }

    [Fact]
    public void Lower_case_agrees_with_the_platform_for_alphabets_beyond_the_basic_plane()
    {
        for (var codePoint = 0x10000; codePoint < 0x1F000; codePoint++)
        {
            if (codePoint is >= 0x1D400 and <= 0x1D7FF)
                continue; // mathematical letters become plain ones
            var rune = new Rune(codePoint);
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.UppercaseLetter && Rune.ToLowerInvariant(rune) is var lower && lower != rune)
                TextFolding.Fold(rune.ToString()).Should().Be(lower.ToString());
        }
    }
}
