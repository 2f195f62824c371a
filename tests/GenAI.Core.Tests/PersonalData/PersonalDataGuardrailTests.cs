using GenAI.Core.Guardrails;
using GenAI.Core.PersonalData;

namespace GenAI.Core.Tests.PersonalData;

public class PersonalDataGuardrailTests
{
    // Making one takes longer than a check.
    private static readonly PersonalDataGuardrail Default = new();

    // Numbers that their issuers publish as examples, or that were made with the check digits of the published algorithms.
    [Theory]
    [InlineData("Write to jane.doe+news@mail.example.co.uk.", "Email", "jane.doe+news@mail.example.co.uk")]
    [InlineData("Schreib an jürgen@müller.de!", "Email", "jürgen@müller.de")]
    [InlineData("Phone: +44 20 7946 0958", "Phone", "+44 20 7946 0958")]
    [InlineData("it is +1-984-182-0190, mostly", "Phone", "+1-984-182-0190")]
    [InlineData("(579)888-3058 is busy", "Phone", "(579)888-3058")]
    [InlineData("345-899-3560x4587", "Phone", "345-899-3560x4587")]
    [InlineData("Please call me at 467 3395 tomorrow", "Phone", "467 3395")]
    [InlineData("416 60 039 office", "Phone", "416 60 039")]
    [InlineData("My card is 4111 1111 1111 1111.", "PaymentCard", "4111 1111 1111 1111")]
    [InlineData("5555555555554444", "PaymentCard", "5555555555554444")]
    [InlineData("3782-822463-10005", "PaymentCard", "3782-822463-10005")]
    [InlineData("2223003122003222", "PaymentCard", "2223003122003222")]
    [InlineData("6011000990139424", "PaymentCard", "6011000990139424")]
    [InlineData("to GB82 WEST 1234 5698 7654 32 by Monday", "Iban", "GB82 WEST 1234 5698 7654 32")]
    [InlineData("DE89370400440532013000", "Iban", "DE89370400440532013000")]
    [InlineData("FR1420041010050500013M02606", "Iban", "FR1420041010050500013M02606")]
    [InlineData("NO9386011117947", "Iban", "NO9386011117947")]
    [InlineData("Routing number: 021000021", "BankRouting", "021000021")]
    [InlineData("Here's my SSN: 460-89-9847", "UsSocialSecurity", "460-89-9847")]
    [InlineData("social security number is 460899847", "UsSocialSecurity", "460899847")]
    [InlineData("ITIN 912-70-1234", "UsTaxpayer", "912-70-1234")]
    [InlineData("NI: AB 12 34 56 C", "UkNationalInsurance", "AB 12 34 56 C")]
    [InlineData("NHS number 943 476 5919", "UkNhs", "943 476 5919")]
    [InlineData("VAT ATU13585627", "VatId", "ATU13585627")]
    [InlineData("BE0428759497", "VatId", "BE0428759497")]
    [InlineData("DE136695976", "VatId", "DE136695976")]
    [InlineData("FR40303265045", "VatId", "FR40303265045")]
    [InlineData("IT00743110157", "VatId", "IT00743110157")]
    [InlineData("NL004495445B01", "VatId", "NL004495445B01")]
    [InlineData("PL8567346215", "VatId", "PL8567346215")]
    [InlineData("PT501964843", "VatId", "PT501964843")]
    [InlineData("SE123456789701", "VatId", "SE123456789701")]
    [InlineData("LU15027442", "VatId", "LU15027442")]
    [InlineData("DK13585628", "VatId", "DK13585628")]
    [InlineData("FI20774740", "VatId", "FI20774740")]
    [InlineData("EL094259216", "VatId", "EL094259216")]
    [InlineData("HU12892312", "VatId", "HU12892312")]
    [InlineData("MT11679112", "VatId", "MT11679112")]
    [InlineData("SI50223054", "VatId", "SI50223054")]
    [InlineData("SK2022749619", "VatId", "SK2022749619")]
    [InlineData("HR33392005961", "VatId", "HR33392005961")]
    [InlineData("EE100931558", "VatId", "EE100931558")]
    [InlineData("GB980780684", "VatId", "GB980780684")]
    [InlineData("codice fiscale RSSMRA85T10A562S", "NationalId", "RSSMRA85T10A562S")]
    [InlineData("DNI 12345678Z", "NationalId", "12345678Z")]
    [InlineData("X1234567L", "NationalId", "X1234567L")]
    [InlineData("Steuer-ID: 86 095 742 719", "NationalId", "86 095 742 719")]
    [InlineData("BSN 111222333", "NationalId", "111222333")]
    [InlineData("85.07.30-033.28", "NationalId", "85.07.30-033.28")]
    [InlineData("PESEL 44051401359", "NationalId", "44051401359")]
    [InlineData("811228-9874", "NationalId", "811228-9874")]
    [InlineData("131052-308T", "NationalId", "131052-308T")]
    [InlineData("529.982.247-25", "NationalId", "529.982.247-25")]
    [InlineData("11010519491231002X", "NationalId", "11010519491231002X")]
    [InlineData("Aadhaar 2341 2341 2346", "NationalId", "2341 2341 2346")]
    [InlineData("passport no. C01X00T47", "Passport", "C01X00T47")]
    [InlineData("my driver's license number is 2270-66-1551", "DrivingLicence", "2270-66-1551")]
    [InlineData("from 106.31.73.20.", "IpAddress", "106.31.73.20")]
    [InlineData("2001:db8:85a3::8a2e:370:7334", "IpAddress", "2001:db8:85a3::8a2e:370:7334")]
    [InlineData("MAC 00:1A:2B:3C:4D:5E", "MacAddress", "00:1A:2B:3C:4D:5E")]
    [InlineData("postgres://admin:hunter2@localhost/x", "UrlCredentials", "admin:hunter2")]
    [InlineData("at 48.85837, 2.29448 in Paris", "Coordinates", "48.85837, 2.29448")]
    [InlineData("40°26′46″N 79°58′56″W", "Coordinates", "40°26′46″N 79°58′56″W")]
    [InlineData("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "CryptoAddress", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "CryptoAddress", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "CryptoAddress", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "CryptoAddress", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("She was born on 2/8/1935.", "BirthDate", "2/8/1935")]
    [InlineData("date of birth. It's 6/24/1991", "BirthDate", "6/24/1991")]
    [InlineData("born on March 5, 1980 in Rome", "BirthDate", "March 5, 1980")]
    public async Task What_is_personal_is_found_and_nothing_around_it(string text, string kind, string found)
    {
        var verdict = await CheckAsync(Default, text);

        verdict.Findings.Select(finding => (finding.Rule, finding.Range.Of(text))).Should().Equal((kind, found));
    }

    [Theory]
    [InlineData("4111 1111 1111 1112")]
    [InlineData("1234567890123456")]
    [InlineData("4111 11 1111111 111")]
    [InlineData("GB82 WEST 1234 5698 7654 33")]
    [InlineData("XX82WEST12345698765432")]
    [InlineData("Routing number: 021000022")]
    [InlineData("021000021")]
    [InlineData("SSN 000-12-3456")]
    [InlineData("NHS number 943 476 5918")]
    [InlineData("DE136695977")]
    [InlineData("ATU13585628")]
    [InlineData("RSSMRA85T10A562T")]
    [InlineData("DNI 12345678A")]
    [InlineData("811228-9875")]
    [InlineData("131052-308U")]
    [InlineData("529.982.247-26")]
    [InlineData("110105194912310021")]
    [InlineData("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5")]
    [InlineData("0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("version 10.0.19041.1, not 300.1.1.1")]
    [InlineData("std::vector<int>::iterator, 12:30:59")]
    [InlineData("passport control takes 30 minutes")]
    [InlineData("the 2024-03-05 release, in 1977")]
    [InlineData("weights 0.1234, 0.9876")]
    [InlineData("from 127.0.0.1 to 0.0.0.0")]
    public async Task What_only_looks_alike_is_left(string text)
    {
        (await CheckAsync(Default, text)).Outcome.Should().Be(GuardrailOutcome.Allow);
    }

    [Fact]
    public async Task Every_wrong_check_digit_of_a_card_is_noticed()
    {
        for (var digit = '0'; digit <= '9'; digit++)
        {
            var verdict = await CheckAsync(Default, $"card 401288888888188{digit}");
            (verdict.Outcome == GuardrailOutcome.Replace).Should().Be(digit == '1', "4012888888881881 is the one with the right digit");
        }
    }

    [Fact]
    public async Task Only_what_is_asked_for_is_looked_for()
    {
        var options = new PersonalDataOptions();
        options.Kinds.Clear();
        options.Kinds.Add(PersonalDataKind.WebAddress);
        options.Kinds.Add(PersonalDataKind.Age);
        const string Text = "See https://www.example.org/a?b=c. I'm 31 y/o and write to a@example.org";

        var verdict = await CheckAsync(new PersonalDataGuardrail(options), Text);

        verdict.Findings.Select(finding => finding.Range.Of(Text)).Should().Equal("https://www.example.org/a?b=c", "31");
    }

    [DataFact("pii", "synthetic-750.json")]
    public async Task Recall_and_precision_on_synthetic_texts_reach_their_floors()
    {
        var scores = await PersonalDataScores.MeasureAsync(TestData.Path("pii", "synthetic-750.json"));

        foreach (var (kind, score) in scores.Where(score => score.Value.Spans >= 20))
        {
            score.Recall.Should().BeGreaterThanOrEqualTo(0.95, "{0}: {1} missed", kind, string.Join(" | ", score.Missed));
            score.Precision.Should().BeGreaterThanOrEqualTo(0.97, "{0}: {1} wrong", kind, string.Join(" | ", score.Wrong));
        }

        scores.Count(score => score.Value.Spans >= 20).Should().Be(4);
    }

    private static ValueTask<GuardrailVerdict> CheckAsync(PersonalDataGuardrail guardrail, string text) => guardrail.CheckAsync(new GuardrailText(text, GuardrailStages.Input));
}
