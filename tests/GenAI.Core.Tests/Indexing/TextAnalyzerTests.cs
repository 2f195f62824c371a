using GenAI.Core.Indexing;
using GenAI.Core.Text;

namespace GenAI.Core.Tests.Indexing;

public class TextAnalyzerTests
{
    [Theory]
    [InlineData("The runners were running to the cafés.", "runner run cafe")]
    [InlineData("Use System.Text.Json, not max_tokens!", "use system text json max token")]
    [InlineData("U.S.A. and e.g. 3.14", "usa eg 3.14")]
    [InlineData("C# and C++ in C", "c# c++ c")]
    [InlineData("İSTANBUL'da", "istanbul'da")]
    [InlineData("東京へ行く", "東 京 東京 京へ 行 へ行 行く")]
    [InlineData("水", "水")]
    [InlineData("도서관", "도서 서관")]
    [InlineData("ไทย", "ไท ทย")]
    [InlineData("", "")]
    public void English_folds_stems_and_leaves_stop_words_out(string text, string terms) =>
        string.Join(' ', TextAnalyzer.English.Analyze(text)).Should().Be(terms);

    [Fact]
    public void Unicode_keeps_every_word_whole()
    {
        TextAnalyzer.Unicode.Analyze("The RUNNERS were Straßen").Should().Equal("the", "runners", "were", "strassen");
    }

    [Fact]
    public void Options_choose_stop_words_and_stemming()
    {
        var german = new TextAnalyzer(new TextAnalyzerOptions { StemEnglish = false, StopWords = ["der", "FÜR"] });

        german.Analyze("Der Weg für running").Should().Equal("weg", "running");
    }

    [Theory]
    [InlineData("english")]
    [InlineData("unicode")]
    public void The_path_that_yields_hashes_agrees_with_the_one_that_yields_terms(string which)
    {
        var analyzer = which == "english" ? TextAnalyzer.English : TextAnalyzer.Unicode;
        const string Text = "The quick Brown foxes (U.S.A.) don't jump over 3.14 naïve lazy_dogs; 東京へ行く 도서관 foxes foxes THE quickly 𝐁𝐨𝐥𝐝";
        for (var round = 0; round < 3; round++)
        {
            var hashes = new List<ulong>();
            analyzer.AnalyzeHashes(Text, hashes);
            hashes.Should().Equal(analyzer.Analyze(Text).Select(term => TermHash.Of(term)));
        }
    }

    [DataFact("texts", "udhr")]
    public void Both_paths_agree_on_texts_of_every_language()
    {
        foreach (var file in Directory.EnumerateFiles(TestData.Path("texts", "udhr")))
        {
            var text = File.ReadAllText(file);
            var hashes = new List<ulong>();
            TextAnalyzer.English.AnalyzeHashes(text, hashes);
            hashes.Should().Equal(TextAnalyzer.English.Analyze(text).Select(term => TermHash.Of(term)));
            hashes.Should().NotContain(0);
        }
    }

    [Fact]
    public void A_character_under_many_marks_is_harmless()
    {
        TextAnalyzer.English.Analyze("漢" + new string('\u0301', 100_000) + "字").Should().NotBeEmpty();
    }

    [Fact]
    public void Null_is_refused()
    {
        var act = () => TextAnalyzer.English.Analyze(null!);

        act.Should().Throw<ArgumentNullException>();
    }
}
