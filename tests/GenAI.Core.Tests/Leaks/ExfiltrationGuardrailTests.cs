using GenAI.Core.Guardrails;
using GenAI.Core.Leaks;

namespace GenAI.Core.Tests.Leaks;

public class ExfiltrationGuardrailTests
{
    private static readonly ExfiltrationGuardrail Strict = Make(options =>
    {
        options.AllowedHosts.Add("example.org");
        options.AllowedHosts.Add("*.example.com");
    });

    [Theory]
    [InlineData("![x](https://evil.test/a.png?d=1)", "[image]")]
    [InlineData("see [this](https://evil.test/a), then", "see [this]([link]), then")]
    [InlineData("see https://evil.test/a.", "see [link]")]
    [InlineData("https://user@evil.test/", "[link]")]
    [InlineData("https://example.org@evil.test/", "[link]")]
    [InlineData("https:\\\\evil.test/", "[link]")]
    [InlineData("[a](//evil.test/x)", "[a]([link])")]
    [InlineData("https://example.org/?q=the+user+asked+about+salaries", "[link]")]
    [InlineData("https://example.org/dGhlIHNlY3JldCBpcyBibHVlIGhlcm9u", "[link]")]
    [InlineData("[a](javascript:alert(1))", "[a]([script]))")]
    [InlineData("<script>alert(1)</script>", "[markup]alert(1)[markup]")]
    [InlineData("<IMG SRC=x onerror=alert(1)>", "[markup]")]
    [InlineData("<img src=x onerror=alert(1)", "[markup]")]
    [InlineData("<xss/onclick=alert(1)>", "[markup]alert(1)>")]
    [InlineData("<a href=\"https://example.org/\">x</a>", "[markup]x[markup]")]
    [InlineData("red \u001b[31mtext\u001b[0m", "red [escape]text[escape]")]
    [InlineData("\u001b]8;;https://evil.test\u0007click\u001b]8;;\u0007", "[escape]click[escape]")]
    [InlineData("a\u009b2Jb", "a[escape]b")]
    public async Task What_could_carry_data_away_is_taken_out(string text, string becomes)
    {
        (await ReplaceAsync(Strict, text)).Should().Be(becomes);
    }

    [Theory]
    [InlineData("see https://example.org/docs/start#install, and www")]
    [InlineData("![logo](https://cdn.example.com/logo.png)")]
    [InlineData("[here](docs/start.md) and ![x](images/x.png)")]
    [InlineData("a < b and c > d, List<string>, x => y")]
    [InlineData("the javascript language, data: none")]
    public async Task What_is_allowed_stays_as_it_is(string text)
    {
        (await ReplaceAsync(Strict, text)).Should().Be(text);
    }

    [Fact]
    public async Task A_host_below_a_star_is_allowed_and_not_one_that_only_ends_alike()
    {
        (await ReplaceAsync(Strict, "https://a.b.example.com/")).Should().Be("https://a.b.example.com/");
        (await ReplaceAsync(Strict, "https://notexample.com/")).Should().Be("[link]");
        (await ReplaceAsync(Strict, "https://example.com/")).Should().Be("[link]");
    }

    [Fact]
    public async Task An_application_says_itself_what_of_its_context_must_not_leave()
    {
        var guardrail = Make(options =>
        {
            options.AllowedHosts.Add("example.org");
            options.CarriesContext = said => said.Contains("blue heron", StringComparison.OrdinalIgnoreCase);
        });

        (await ReplaceAsync(guardrail, "https://example.org/?q=Blue%20Heron")).Should().Be("[link]");
        (await ReplaceAsync(guardrail, "https://example.org/?q=four+words+of+harmless+text")).Should().Contain("four");
    }

    [DataFact("attacks", "xss")]
    public async Task Images_that_carry_data_to_the_domains_of_known_attacks_go()
    {
        foreach (var domain in File.ReadLines(TestData.Path("attacks", "xss", "xss_domains.txt")).Where(line => line.Length > 0))
            (await ReplaceAsync(Strict, $"![info](https://{domain}/?q=x)")).Should().NotContain(domain);
    }

    private static ExfiltrationGuardrail Make(Action<ExfiltrationOptions> configure)
    {
        var options = new ExfiltrationOptions();
        configure(options);
        return new ExfiltrationGuardrail(options);
    }

    private static async Task<string> ReplaceAsync(ExfiltrationGuardrail guardrail, string text) =>
        (await new GuardrailRunner([guardrail], null).RunAsync(text, GuardrailStages.Output, CancellationToken.None))!;
}
