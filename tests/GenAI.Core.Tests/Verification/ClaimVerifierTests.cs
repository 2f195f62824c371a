using CsCheck;
using GenAI.Core.Verification;

namespace GenAI.Core.Tests.Verification;

public class ClaimVerifierTests
{
    private static readonly Gen<string> Sentence =
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[1, 999]).Select((subject, verb, place, number) => string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{((string[])["The gate", "Contoso", "No guest", "Every clerk", "The option maxSize"])[subject]} {((string[])["opens", "does not keep", "increases", "stores \"old\"", "never loses"])[verb]} {number} {((string[])["boxes in the cellar", "km from Zürich", "files before noon", "% of all keys", "mg of salt"])[place]}."));

    [Theory]
    [InlineData("The vault holds 3,000 boxes.", "The vault holds 3 thousand boxes.")]
    [InlineData("The vault holds 3,000 boxes.", "The vault holds three thousand boxes.")]
    [InlineData("The vault holds 3000 boxes.", "The vault holds 3k boxes.")]
    [InlineData("The vault holds 1,500,000 boxes.", "The vault holds 1.5 million boxes.")]
    [InlineData("The vault holds 24 boxes.", "The vault holds two dozen boxes.")]
    [InlineData("The vault holds forty-two boxes.", "The vault holds 42 boxes.")]
    [InlineData("The vault holds one hundred and five boxes.", "The vault holds 105 boxes.")]
    [InlineData("The pipe is 1,5 wide.", "The pipe is 1.5 wide.")]
    [InlineData("The trail is 1.5 km long.", "The trail is 1500 m long.")]
    [InlineData("The trail is 1.5 km long.", "The trail is 1,500 metres long.")]
    [InlineData("The trail is 5 miles long.", "The trail is 8.05 km long.")]
    [InlineData("The bottle holds 2 litres.", "The bottle holds 2,000 ml.")]
    [InlineData("The parcel weighs 2.5 kg.", "The parcel weighs 2500 grams.")]
    [InlineData("The journey takes 2 hours.", "The journey takes 120 minutes.")]
    [InlineData("The licence runs 24 months.", "The licence runs two years.")]
    [InlineData("The disk has 2 TB.", "The disk has 2,000 GB.")]
    [InlineData("The dose is 5 mg/kg.", "The dose is 5 µg/g.")]
    [InlineData("The oven reaches 212 °F.", "The oven reaches 100 °C.")]
    [InlineData("The oven reaches 100 degrees Celsius.", "The oven reaches 100 °C.")]
    [InlineData("The rate is 50%.", "The rate is 50 percent.")]
    [InlineData("The rate is 50 per cent.", "The rate is 0.5.")]
    [InlineData("The fee is $20.", "The fee is 20 dollars.")]
    [InlineData("The fee is EUR 20.", "The fee is 20 €.")]
    [InlineData("The vault holds 2,987 boxes.", "The vault holds about 3,000 boxes.")]
    [InlineData("Founded on 5 March 2024 in Zürich.", "Founded on 2024-03-05 in Zürich.")]
    [InlineData("Founded on 5 March 2024 in Zürich.", "Founded on March 5, 2024 in Zürich.")]
    [InlineData("Founded on 5 March 2024 in Zürich.", "Founded on 05.03.2024 in Zürich.")]
    [InlineData("Founded on 5 March 2024 in Zürich.", "Founded in March 2024 in Zürich.")]
    [InlineData("Founded on 5 March 2024 in Zürich.", "Founded in 2024 in Zürich.")]
    [InlineData("The gate shuts at 14:30 sharp.", "The gate shuts at 2:30 pm sharp.")]
    public void What_follows_by_another_format_or_unit_is_supported(string source, string claim) =>
        Verdict(source, claim).Should().Be(ClaimVerdict.Supported);

    [Theory]
    [InlineData("The vault holds 3,000 boxes.", "The vault holds 4,000 boxes.", ClaimCheck.Number)]
    [InlineData("The vault holds three boxes.", "The vault holds four boxes.", ClaimCheck.Number)]
    [InlineData("The vault holds 3 million boxes.", "The vault holds 3 thousand boxes.", ClaimCheck.Number)]
    [InlineData("The trail is 1.5 km long.", "The trail is 15 km long.", ClaimCheck.Number)]
    [InlineData("The trail is 5 km long.", "The trail is 5 miles long.", ClaimCheck.Unit)]
    [InlineData("The disk has 2 TB.", "The disk has 2 GB.", ClaimCheck.Unit)]
    [InlineData("The rate is 50%.", "The rate is 50 dollars.", ClaimCheck.Unit)]
    [InlineData("The fee is $20.", "The fee is €20.", ClaimCheck.Unit)]
    [InlineData("The licence runs 24 months.", "The licence runs 24 years.", ClaimCheck.Unit)]
    [InlineData("The dose is 5 mg/kg.", "The dose is 5 mg/g.", ClaimCheck.Unit)]
    [InlineData("Founded on 5 March 2024 in Zürich.", "Founded on 6 March 2024 in Zürich.", ClaimCheck.Date)]
    [InlineData("Founded on 5 March 2024 in Zürich.", "Founded on 2024-05-03 in Zürich.", ClaimCheck.Date)]
    [InlineData("Founded on 5 March 2024 in Zürich.", "Founded on 5 March 2023 in Zürich.", ClaimCheck.Date)]
    [InlineData("Founded in March 2024 in Zürich.", "Founded on 5 March 2024 in Zürich.", ClaimCheck.Date)]
    [InlineData("The gate shuts at 14:30 sharp.", "The gate shuts at 2:30 am sharp.", ClaimCheck.Date)]
    [InlineData("Parcels are delivered by Contoso on weekdays.", "Parcels are delivered by Fabrikam on weekdays.", ClaimCheck.Name)]
    [InlineData("Set the option retryCount to limit attempts.", "Set the option retryDelay to limit attempts.", ClaimCheck.Identifier)]
    [InlineData("The fix is in version 2.4.1 of the server.", "The fix is in version 2.4.7 of the server.", ClaimCheck.Identifier)]
    [InlineData("Guests can enter the cellar.", "Guests cannot enter the cellar.", ClaimCheck.Polarity)]
    [InlineData("Guests cannot enter the cellar.", "Guests can enter the cellar.", ClaimCheck.Polarity)]
    [InlineData("The lock does not stop the lift.", "The lock does stop the lift.", ClaimCheck.Polarity)]
    [InlineData("The feature is enabled for guests.", "The feature is disabled for guests.", ClaimCheck.Polarity)]
    [InlineData("The drug increases blood pressure in mice.", "The drug decreases blood pressure in mice.", ClaimCheck.Polarity)]
    [InlineData("Save the form before closing the window.", "Save the form after closing the window.", ClaimCheck.Polarity)]
    [InlineData("The alarm always rings twice.", "The alarm never rings twice.", ClaimCheck.Polarity)]
    [InlineData("Tea is served with sugar.", "Tea is served without sugar.", ClaimCheck.Polarity)]
    [InlineData("Some guests pay a deposit.", "All guests pay a deposit.", ClaimCheck.Quantifier)]
    [InlineData("Guests pay the deposit in cash.", "Only guests pay the deposit in cash.", ClaimCheck.Quantifier)]
    [InlineData("The room seats at least 20 people.", "The room seats at most 20 people.", ClaimCheck.Quantifier)]
    [InlineData("The sign says no entry after nine.", "The sign says \"no entry after ten\".", ClaimCheck.Quote)]
    public void What_was_changed_is_found_and_named(string source, string claim, ClaimCheck check)
    {
        var result = new ClaimVerifier().Verify(claim[..^1] + " [1].", [new(source)]).Claims.Single();

        result.Verdict.Should().BeOneOf(ClaimVerdict.Contradicted, ClaimVerdict.Unsupported, ClaimVerdict.Partly);
        result.Failures.Select(failure => failure.Check).Should().Contain(check);
        result.Failures.Should().OnlyContain(failure => failure.Range.End <= result.Text.Length && failure.Reason.Length > 0);
    }

    [Theory]
    [InlineData("If the alarm rings, leave the building at once.", "Leave the building at once if the alarm rings.")]
    [InlineData("The clerk stores the files in the cellar.", "The files are stored in the cellar by the clerk.")]
    [InlineData("Use the side door to buy tickets.", "Utilize the side door to purchase tickets.")]
    [InlineData("Lock the door before you leave the office.", "Before you leave the office, lock the door.")]
    [InlineData("Payment comes before delivery of the goods.", "Delivery of the goods comes after payment.")]
    [InlineData("The lift is not available on Sundays.", "On Sundays the lift isn't available.")]
    [InlineData("The World Health Organization approved the vaccine.", "The WHO approved the vaccine.")]
    public void Other_words_for_the_same_are_supported(string source, string claim) => Verdict(source, claim).Should().Be(ClaimVerdict.Supported);

    [Theory]
    [InlineData("The gate \u201Copens at nine\u201D on weekdays.", "The gate \"opens at nine\" on weekdays.")]
    [InlineData("He wrote that the **old mill** burned down twice.", "He wrote that \"the old mill ... burned down twice\".")]
    [InlineData("The notice reads: keep\nleft at all times.", "The notice reads \"Keep left at all times.\"")]
    public void A_quotation_is_compared_without_its_typography(string source, string claim) => Verdict(source, claim).Should().Be(ClaimVerdict.Supported);

    [Fact]
    public void A_marker_of_no_source_is_no_support_even_for_true_words()
    {
        var claim = Verify("The gate opens at nine [7].", "The gate opens at nine.").Single();

        claim.Verdict.Should().Be(ClaimVerdict.Unsupported);
        claim.Failures.Single().Check.Should().Be(ClaimCheck.Citation);
        claim.Sources.Should().BeEmpty();
    }

    [Fact]
    public void A_claim_of_another_source_is_unsupported_and_told_which_says_it()
    {
        var claim = Verify("The gate opens at nine [1].", "Bicycles are kept in the cellar of the annex.", "The gate opens at nine.").Single();

        claim.Verdict.Should().Be(ClaimVerdict.Unsupported);
        claim.Failures[0].Should().BeEquivalentTo(new { Check = ClaimCheck.Citation, Reason = "Source 2 says it, and is not cited." });
        claim.Evidence!.Source.Should().Be(2);
        claim.Evidence.Quote.Should().Be("The gate opens at nine.");
    }

    [Fact]
    public void A_claim_without_a_citation_is_unsupported_unless_none_is_required()
    {
        const string Text = "The gate opens at nine.";

        Verify(Text, Text).Single().Failures.Single().Check.Should().Be(ClaimCheck.Citation);
        new ClaimVerifier(new ClaimVerifierOptions { RequireCitations = false }).Verify(Text, [new("Nothing."), new(Text)]).Claims.Single()
            .Should().BeEquivalentTo(new { Verdict = ClaimVerdict.Supported, Score = 1.0 });
    }

    [Theory]
    [InlineData("Does the gate open at nine?")]
    [InlineData("# The gate")]
    [InlineData("**The gate**")]
    [InlineData("```\nvar gate = 9;\n```")]
    [InlineData("The steps are as follows:")]
    [InlineData("I hope this helps!")]
    [InlineData("The sources do not say who keeps the gate.")]
    [InlineData("---")]
    public void Nothing_to_check_is_not_checked(string text) => Verify(text, "The gate opens at nine.").Single().Verdict.Should().Be(ClaimVerdict.NotCheckable);

    [Fact]
    public void Evidence_is_the_part_of_the_source_that_decided()
    {
        const string Source = "The mill burned down in 1903. The gate opens at nine on weekdays. Nobody lives there.";
        var claim = new ClaimVerifier().Verify("On weekdays the gate opens at ten [1].", [new(Source, "mill.md", start: 100)]).Claims.Single();

        claim.Verdict.Should().Be(ClaimVerdict.Contradicted);
        claim.Evidence!.DocumentId.Should().Be("mill.md");
        claim.Evidence.Quote.Should().Be("The gate opens at nine on weekdays.");
        Source.Substring(claim.Evidence.Range.Start - 100, claim.Evidence.Range.Length).Should().Be(claim.Evidence.Quote);
    }

    [Fact]
    public void A_source_says_who_it_speaks_of_in_its_context()
    {
        const string Text = "Contoso opens at nine on weekdays [1].";

        new ClaimVerifier().Verify(Text, [new("It opens at nine on weekdays.", context: "Contoso > Opening hours")]).Claims.Single().Verdict.Should().Be(ClaimVerdict.Supported);
        new ClaimVerifier().Verify(Text, [new("It opens at nine on weekdays.")]).Claims.Single().Verdict.Should().NotBe(ClaimVerdict.Supported);
    }

    [Fact]
    public void Every_sentence_of_a_source_is_supported_by_it() =>
        Sentence.Array[1, 12].Holds(300, sentences =>
        {
            var source = string.Join(' ', sentences);
            var report = new ClaimVerifier().Verify(string.Join(' ', sentences.Select(sentence => sentence + " [1]")), [new(source)]);

            report.IsSupported.Should().BeTrue();
            report.Claims.Should().OnlyContain(claim => claim.Evidence!.Range.Of(source) == claim.Evidence.Quote);
        });

    [Fact]
    public void A_number_is_itself_in_every_format_and_no_other() =>
        Gen.Select(Gen.Int[2, 9_999_999], Gen.Int[2, 9_999_999], Gen.Int[0, 4], Gen.Int[0, 4]).Holds(400, (value, other, one, two) =>
        {
            Verdict($"The vault holds {Written(value, one)} boxes.", $"The vault holds {Written(value, two)} boxes.").Should().Be(ClaimVerdict.Supported);
            if (value != other)
                Verdict($"The vault holds {Written(value, one)} boxes.", $"The vault holds {Written(other, two)} boxes.").Should().NotBe(ClaimVerdict.Supported);
        });

    [Fact]
    public void A_date_is_itself_in_every_format_and_no_other() =>
        Gen.Select(Gen.Int[0, 20_000], Gen.Int[1, 20_000], Gen.Int[0, 3], Gen.Int[0, 3]).Holds(400, (day, later, one, two) =>
        {
            var date = new DateOnly(1970, 1, 1).AddDays(day);
            Verdict($"The mill burned down on {Written(date, one)}.", $"The mill burned down on {Written(date, two)}.").Should().Be(ClaimVerdict.Supported);
            Verdict($"The mill burned down on {Written(date, one)}.", $"The mill burned down on {Written(date.AddDays(later), two)}.").Should().NotBe(ClaimVerdict.Supported);
        });

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        var make = () => new ClaimVerifier(new ClaimVerifierOptions { MinSupport = 0.2 });

        make.Should().Throw<ArgumentException>().WithMessage("*MinPartialSupport is 0.4, more than MinSupport, 0.2*Lower it*");
        ((Action)(() => new ClaimVerifierOptions().MinSupport = double.NaN)).Should().Throw<ArgumentOutOfRangeException>();
        ((Action)(() => new ClaimVerifierOptions().JudgeTimeout = TimeSpan.Zero)).Should().Throw<ArgumentOutOfRangeException>();
    }

    internal static ClaimVerdict Verdict(string source, string claim)
    {
        var claims = new ClaimVerifier(new ClaimVerifierOptions { RequireCitations = false }).Verify(claim, [new(source)]).Claims;
        return claims.Single().Verdict;
    }

    private static IReadOnlyList<Claim> Verify(string text, params string[] sources) => new ClaimVerifier().Verify(text, [.. sources.Select(source => new ClaimSource(source))]).Claims;

    private static string Written(int value, int format) => format switch
    {
        0 => value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        1 => value.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture),
        2 when value % 1000 == 0 => FormattableString.Invariant($"{value / 1000} thousand"),
        3 when value >= 1000 => FormattableString.Invariant($"{value / 1000m} thousand"),
        4 when value < 100 => Words(value),
        _ => value.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string Words(int value)
    {
        string[] small = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
        string[] tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
        return value < 20 ? small[value] : value % 10 == 0 ? tens[value / 10] : $"{tens[value / 10]}-{small[value % 10]}";
    }

    private static string Written(DateOnly date, int format) =>
        date.ToString(((string[])["d MMMM yyyy", "MMMM d, yyyy", "yyyy-MM-dd", "dd.MM.yyyy"])[format], System.Globalization.CultureInfo.InvariantCulture);
}
