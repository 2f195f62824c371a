using System.Text;
using CsCheck;
using GenAI.Core.Verification;

namespace GenAI.Core.Tests.Verification;

public class BadInputTests
{
    [Fact]
    public void Nothing_is_supported_by_nothing()
    {
        var verifier = new ClaimVerifier();

        verifier.Verify("", []).Claims.Should().BeEmpty();
        verifier.Verify(" \n\t", [new("")]).Claims.Should().BeEmpty();
        verifier.Verify("The gate opens [1].", []).Claims.Single().Verdict.Should().Be(ClaimVerdict.Unsupported);
        verifier.Verify("The gate opens [1].", [new("")]).Claims.Single().Verdict.Should().Be(ClaimVerdict.Unsupported);
        verifier.Verify("The gate opens [1].", [new("  \n ")]).Claims.Single().Verdict.Should().Be(ClaimVerdict.Unsupported);
        new ClaimReport([]).IsSupported.Should().BeFalse();
    }

    [Fact]
    public void Any_characters_are_read() =>
        Gen.Select(Gen.Char.Array[0, 80], Gen.Char.Array[0, 80], ClaimSegmenterTests.Text).Holds(1000, (one, two, three) =>
        {
            var text = new string(one) + three;
            var source = new string(two) + three;
            foreach (var claim in new ClaimVerifier(new ClaimVerifierOptions { RequireCitations = false }).Verify(text, [new(source)]).Claims)
            {
                claim.Range.Of(text).Should().Be(claim.Text);
                claim.Score.Should().BeInRange(0, 1);
                if (claim.Evidence is { } evidence)
                    evidence.Range.Of(source).Should().Be(evidence.Quote);
            }
        });

    [Theory]
    [InlineData("\u05D4\u05E9\u05E2\u05E8 \u05E0\u05E4\u05EA\u05D7 \u05D1\u05E9\u05E2\u05D4 9.", "\u05D4\u05E9\u05E2\u05E8 \u05E0\u05E4\u05EA\u05D7 \u05D1\u05E9\u05E2\u05D4 8.")]
    [InlineData("\u062A\u0641\u062A\u062D \u0627\u0644\u0628\u0648\u0627\u0628\u0629 \u0641\u064A 9 \u0635\u0628\u0627\u062D\u0627.", "\u062A\u0641\u062A\u062D \u0627\u0644\u0628\u0648\u0627\u0628\u0629 \u0641\u064A 8 \u0635\u0628\u0627\u062D\u0627.")]
    [InlineData("\u5927\u95E8\u65E9\u4E0A9\u70B9\u5F00\u95E8\u3002", "\u5927\u95E8\u65E9\u4E0A8\u70B9\u5F00\u95E8\u3002")]
    [InlineData("Das Tor \u00F6ffnet um 9 Uhr.", "Das Tor \u00F6ffnet um 8 Uhr.")]
    public void Other_scripts_are_compared_too(string source, string changed)
    {
        ClaimVerifierTests.Verdict(source, source).Should().Be(ClaimVerdict.Supported);
        ClaimVerifierTests.Verdict(source, changed).Should().NotBe(ClaimVerdict.Supported);
    }

    [Fact]
    public void Ten_megabytes_are_read()
    {
        var text = new StringBuilder();
        while (text.Length < 10_000_000)
            text.Append("The gate opens at nine on weekdays [1]. It is painted red every year [2].\n\n");

        var report = new ClaimVerifier().Verify(text.ToString(), [new("The gate opens at nine on weekdays."), new("It is painted red every year.")]);

        report.IsSupported.Should().BeTrue();
        report.Claims.Count.Should().BeGreaterThan(200_000);
    }

    [Fact]
    public void Texts_without_sentences_are_read()
    {
        var words = string.Join(' ', Enumerable.Range(0, 60_000).Select(i => $"not NAME{i % 977} more before \"q{i % 31}\""));

        var report = new ClaimVerifier(new ClaimVerifierOptions { RequireCitations = false }).Verify(words[..20_000], [new(words)]);

        report.Claims.Should().NotBeEmpty().And.OnlyContain(claim => claim.Evidence == null || claim.Evidence.Range.Of(words) == claim.Evidence.Quote);
    }

    [Theory]
    [InlineData("[1][1][1][1][1]")]
    [InlineData("[99999999999999999999]")]
    [InlineData("[1-99999999999]")]
    [InlineData("[[[[[[[[1]]]]]]]]")]
    [InlineData("[-1]")]
    [InlineData("\"\"\"\"\"\"")]
    [InlineData("9999999999999999999999999999999999999999999999999.5e9999")]
    [InlineData("1/0 0/0 -0 .5 5. 1,,5 1..5 00/00/0000 99:99")]
    public void Odd_markers_and_numbers_are_read(string text)
    {
        var claims = new ClaimVerifier().Verify($"The gate opens at nine {text}.", [new("The gate opens at nine.")]).Claims;

        claims.Should().OnlyContain(claim => !double.IsNaN(claim.Score) && claim.Sources.All(number => number == 1));
    }

    [Fact]
    public void Mistakes_are_refused_by_name()
    {
        var verifier = new ClaimVerifier();

        ((Action)(() => verifier.Verify(null!, []))).Should().Throw<ArgumentNullException>().WithParameterName("text");
        ((Action)(() => verifier.Verify("", null!))).Should().Throw<ArgumentNullException>().WithParameterName("sources");
        ((Action)(() => verifier.Verify("", [new("a"), null!]))).Should().Throw<ArgumentException>().WithMessage("Source 2 is null*");
        ((Action)(() => verifier.Verify("The gate opens.", [], new CancellationToken(canceled: true)))).Should().Throw<OperationCanceledException>();
    }
}
