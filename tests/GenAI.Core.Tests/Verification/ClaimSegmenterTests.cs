using CsCheck;
using GenAI.Core.Verification;

namespace GenAI.Core.Tests.Verification;

public class ClaimSegmenterTests
{
    [Theory]
    [InlineData("The gate opens. It is old [1]. Nobody knows.", "1:The gate opens.|1:It is old [1].|:Nobody knows.")]
    [InlineData("The gate opens. [1] It is old. [2]", "1:The gate opens. [1]|2:It is old. [2]")]
    [InlineData("The gate opens [1][2, 3]. It is old [1-2].", "1,2,3:The gate opens [1][2, 3].|1,2:It is old [1-2].")]
    [InlineData("The gate opens [1]. [2] says so.", "1:The gate opens [1].|2:[2] says so.")]
    [InlineData("The gate opens.[1]\nIt is old.[2]", "1:The gate opens.[1]|2:It is old.[2]")]
    [InlineData("The options are [1]:\n\n- one\n- two", "1:The options are [1]:|1:- one|1:- two")]
    [InlineData("- The gate opens [1].\n- It is old.\n- It is red [2].", "1:- The gate opens [1].|2:- It is old.|2:- It is red [2].")]
    [InlineData("# Gates\n\nThe gate opens [1].", ":# Gates|1:The gate opens [1].")]
    [InlineData("Run this [1]:\n```\nopen[1] = 2;\n```\nIt opens [2].", "1:Run this [1]:|:```\nopen[1] = 2;\n```|2:It opens [2].")]
    [InlineData("The gate opens.\n\nIt is old [1].", ":The gate opens.|1:It is old [1].")]
    [InlineData("Dr. Smith opens the gate at 9 a.m. sharp [1].", "1:Dr. Smith opens the gate at 9 a.m. sharp [1].")]
    [InlineData("The list `a[1]` is short [2].", "2:The list `a[1]` is short [2].")]
    public void Cuts_an_answer_into_claims_with_what_they_cite(string text, string expected) =>
        string.Join('|', Read([text]).Select(cited => $"{string.Join(',', cited.Sources)}:{cited.Text}")).Should().Be(expected);

    [Fact]
    public void Every_split_gives_the_same_claims() =>
        Gen.Select(Text, Gen.Int[0, 200].Array[0, 12]).Holds(1500, (text, cuts) =>
        {
            var whole = Read([text]).Select(Describe).ToArray();

            Read(Split(text, cuts)).Select(Describe).Should().Equal(whole);
            Read(text.Select(c => c.ToString())).Select(Describe).Should().Equal(whole);
        });

    [Fact]
    public void Claims_cover_everything_but_white_space() =>
        Text.Holds(800, text =>
        {
            var at = 0;
            foreach (var cited in Read([text]))
            {
                text[at..cited.Start].Trim().Should().BeEmpty();
                cited.Range.Of(text).Should().Be(cited.Text);
                at = cited.Range.End;
            }

            text[at..].Trim().Should().BeEmpty();
        });

    [Fact]
    public void A_run_without_an_end_is_cut()
    {
        var claims = Read([string.Concat(Enumerable.Repeat("word ", 5000))]).ToArray();

        claims.Should().OnlyContain(cited => cited.Text.Length <= ClaimSegmenter.MaxLength);
        claims.Sum(cited => cited.Text.Split(' ').Length).Should().Be(5000);
    }

    private static readonly string[] Pieces =
    [
        "The gate opens", " at 9 a.m.", " ", " ", "\n", "\n\n", ". ", ".", "? ", ": ", "[1]", " [2]", "[1, 2]", "[", "]", "[9]", "- ", "\n- ", "\n1. ", "```", "\n```\n", "# ", "\n# ", "| a | b |\n", "|---|---|\n", "Dr. ", "e.g. ", "\u3002", "\uD83D\uDE00",
        "\uD83D", "**bold** ", "\u201Cquoted.\u201D ", "It is old", "\n---\n", "\r\n", "\u05D0\u05D1\u05D2. ", "> ", "\t", "...", "Next", "~~~\n", "[Source 1: a title]", "\u3010" + "1\u2020x\u3011", "1,500.5 ", "No.", "\f",
    ];

    internal static readonly Gen<string> Text = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 16].Select(pieces => string.Concat(pieces));

    private static string Describe(CitedSegment cited) => $"{cited.Segment.Kind} {cited.Start} {cited.Text} <- {string.Join(',', cited.Sources)}";

    private static IEnumerable<CitedSegment> Read(IEnumerable<string> pieces)
    {
        var (reader, text) = (new ClaimReader(), "");
        foreach (var piece in pieces)
        {
            text += piece;
            while (reader.Next(text, isWhole: false) is { } cited)
                yield return cited;
        }

        while (reader.Next(text, isWhole: true) is { } cited)
            yield return cited;
    }

    private static IEnumerable<string> Split(string text, int[] cuts)
    {
        var at = 0;
        foreach (var cut in cuts.Where(cut => cut < text.Length).Order())
        {
            yield return text[at..Math.Max(at, cut)];
            at = Math.Max(at, cut);
        }

        yield return text[at..];
    }
}
