using CsCheck;
using GenAI.Core.Tests.Chunking;
using GenAI.Core.Text;

namespace GenAI.Core.Tests.Text;

public class SentenceSegmenterTests
{
    private static string[] Sentences(string text)
    {
        var ranges = new List<TextRange>();
        SentenceSegmenter.Segment(text, ranges);
        return [.. ranges.Select(range => range.Of(text))];
    }

    // In each text a '|' stands where one sentence ends and the next begins.
    [Theory]
    [InlineData("It works. |It is fast! |Is it? |Yes.")]
    [InlineData("Dr. Smith met Mr. and Mrs. Jones. |They left.")]
    [InlineData("Use a container, e.g. Docker, i.e. the usual way. |Then run it.")]
    [InlineData("See Fig. 3 and Eq. 4 for details. |Sec. 5 has more.")]
    [InlineData("He said no. |Then he left.")]
    [InlineData("It is house No. 5 in the row. |The door is open.")]
    [InlineData("He lives in the U.S. with his dog. |The dog barks.")]
    [InlineData("The U.S. Government agreed. |It paid.")]
    [InlineData("He moved to the U.S. |The move was hard.")]
    [InlineData("J. R. R. Tolkien wrote it. |C. S. Lewis read it.")]
    [InlineData("Smith et al. (2020) showed it. |Others did not.")]
    [InlineData("Red vs. Blue went on. |Nobody won.")]
    [InlineData("On Jan. 5 it snowed. |On Feb. 6 it rained.")]
    [InlineData("We met at 5 p.m. |Lunch was late.")]
    [InlineData("Acme Inc. makes traps. |It sells them to Acme Corp. |They pay.")]
    [InlineData("Pi is 3.14 and e is 2.71. |Both are irrational.")]
    [InlineData("Version 10.0.1 is out. |Get v2.5 instead.")]
    [InlineData("Open https://example.org/a.b?c=d!e now. |Close it.")]
    [InlineData("Call Console.WriteLine(x). |Then file.txt is read.")]
    [InlineData("Well... maybe not. |Wait... |Yes.")]
    [InlineData("Wait\u2026 |No. |And so on\u2026 they said.")]
    [InlineData("He said \"Stop!\" and left. |She stayed.")]
    [InlineData("\"Really?\" he asked. |\"Yes.\" |\"Good.\"")]
    [InlineData("(It is closed.) |[So is this.] |Done.")]
    [InlineData("\u201CDone.\u201D |\u201ENa ja.\u201C |Gut.")]
    [InlineData("**Bold.** |_It is._ |`Code.` |Text.")]
    [InlineData("It is known.[12] |It is not.[^3] |Who knows?")]
    [InlineData("What?! |No!! |Ok.")]
    [InlineData("1. Install it. |Then run it.")]
    [InlineData("It happened in 2020. |The year was long.")]
    [InlineData("It is Vitamin C. |The dose is small.")]
    [InlineData("Nothing ends here")]
    [InlineData("\u4ECA\u5929\u5F88\u597D\u3002|\u660E\u5929\u5462\uFF1F|\u4E5F\u597D\uFF01|\u201C\u597D\u3002\u201D|\u5B8C\u3002")]
    [InlineData("\u6771\u4EAC\u3067\u3059\u3002|\u300C\u306F\u3044\u3002\u300D|\u305D\u3046\uFF61|\u3088\u3057")]
    [InlineData("\u092F\u0939 \u090F\u0915 \u0939\u0948\u0964 |\u092F\u0939 \u0926\u094B \u0939\u0948\u0965 |\u0905\u0902\u0924")]
    [InlineData("\u0647\u0644 \u0647\u0630\u0627\u061F |\u0646\u0639\u0645. |\u06CC\u06C1 \u06C1\u06D2\u06D4 |\u0622\u062E\u0631")]
    [InlineData("\u12A0\u1295\u12F5\u1362 |\u1201\u1208\u1275\u1367 |\u1218\u1328\u1228\u123B")]
    [InlineData("\u0540\u0561\u0575\u0565\u0580\u0565\u0576\u0589 |\u054E\u0565\u0580\u057B")]
    [InlineData("\u1019\u103C\u1014\u103A\u104B |\u1021\u102C")]
    [InlineData("\u1797\u17B6\u179F\u17B6\u17D4 |\u1781")]
    [InlineData("\u03A4\u03B9 \u03B5\u03AF\u03BD\u03B1\u03B9\u037E |\u039D\u03B1\u03B9.")]
    [InlineData("\u042D\u0442\u043E \u0442\u0430\u043A. |\u0414\u0430?")]
    [InlineData("\u00BFQu\u00E9 es? |\u00A1Nada! |\u00BFSeguro?")]
    [InlineData("A \U00011047 |B \U00011141 |C")]
    public void Sentences_end_where_a_reader_says(string marked)
    {
        Sentences(marked.Replace("|", "", StringComparison.Ordinal)).Should().Equal(marked.Split('|').Select(s => s.Trim()));
    }

    [Theory]
    [InlineData("one line\nof a paragraph.\n\nAnother", "one line\nof a paragraph.§Another")]
    [InlineData("no stop\n\nno stop", "no stop§no stop")]
    [InlineData("no stop\r\n\r\nno stop", "no stop§no stop")]
    [InlineData("no stop\n   \nno stop", "no stop§no stop")]
    [InlineData("no stop\u2029no stop\fno stop", "no stop§no stop§no stop")]
    [InlineData("# A heading\nText follows\non two lines.", "# A heading§Text follows\non two lines.")]
    [InlineData("Title\n=====\nText", "Title\n=====§Text")]
    [InlineData("Intro:\n- first item\n- second item\n  that goes on\n- third", "Intro:§- first item§- second item\n  that goes on§- third")]
    [InlineData("1. one\n2. two\n10. ten", "1. one§2. two§10. ten")]
    [InlineData("It was built in\n1984. Nobody knew.", "It was built in\n1984.§Nobody knew.")]
    [InlineData("| a | b |\n|---|---|\n| 1. x | 2 |", "| a | b |§|---|---|§| 1. x | 2 |")]
    [InlineData("Text\n> quoted\n> more\nText", "Text§> quoted\n> more§Text")]
    [InlineData("> a\n>\n> b\n\nc", "> a§>\n> b§c")]
    [InlineData("Before\n```\nx. Y = a.B(); // C. D\n```\nAfter. End", "Before§```\nx. Y = a.B(); // C. D\n```§After.§End")]
    public void Lines_end_sentences_only_where_they_are_lines_of_their_own(string text, string expected)
    {
        var sentences = Sentences(text);

        string.Join('§', sentences).Should().Be(expected);
    }

    [Fact]
    public void Every_character_but_white_space_is_in_exactly_one_sentence()
    {
        foreach (var (name, text) in Texts.Nasty)
            Verify(text, name);
        Texts.Random.Holds(2000, text => Verify(text, "random"));
    }

    [DataFact("texts", "udhr")]
    public void Every_character_of_every_language_is_in_exactly_one_sentence()
    {
        foreach (var file in Directory.EnumerateFiles(TestData.Path("texts", "udhr")))
            Verify(File.ReadAllText(file), file);
    }

    [Fact]
    public void Work_is_linear_on_text_made_to_be_slow()
    {
        // Quadratic work on any of these would take minutes.
        foreach (var unit in (string[])[".", "\n", " ", "*", ".)", "[1]", "a.b.", "# ", "\u2028x", "\u0301", "``` \n", "- \n", "\"", "...\u0301"])
            Verify(string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length)), unit);
        Verify(new string('*', 500_000) + string.Concat(Enumerable.Repeat("a. ", 150_000)), "marks and stops");
    }

    private static void Verify(string text, string because)
    {
        var ranges = new List<TextRange>();
        SentenceSegmenter.Segment(text, ranges);
        var covered = 0;
        foreach (var range in ranges)
        {
            text.AsSpan(covered..range.Start).IsWhiteSpace().Should().BeTrue(because);
            (!range.IsEmpty && !char.IsWhiteSpace(text[range.Start]) && !char.IsWhiteSpace(text[range.End - 1])).Should().BeTrue(because);
            covered = range.End;
        }

        text.AsSpan(covered).IsWhiteSpace().Should().BeTrue(because);
    }
}
