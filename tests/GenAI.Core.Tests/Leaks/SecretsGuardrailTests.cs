using System.Text;
using GenAI.Core.Guardrails;
using GenAI.Core.Leaks;

namespace GenAI.Core.Tests.Leaks;

public class SecretsGuardrailTests
{
    private static readonly SecretsGuardrail Default = new();

    // Built from parts, so that nobody's scanner takes this file for a leak; the parts are by chance.
    public static TheoryData<string, string> Secrets => new()
    {
        { "AWS access key", "AK" + "IAQ3EGRJ7XMNPLWZ5K" },
        { "GitHub token", "gh" + "p_" + Chance(36) },
        { "GitHub token", "github" + "_pat_" + Chance(22) + "_" + Chance(59) },
        { "GitLab token", "glp" + "at-" + Chance(20) },
        { "Slack token", "xo" + "xb-123456789012-123456789012-" + Chance(24) },
        { "Stripe key", "sk" + "_live_" + Chance(24) },
        { "OpenAI key", "sk-" + "proj-" + Chance(48) },
        { "OpenAI key", "sk-" + Chance(48) },
        { "Anthropic key", "sk-" + "ant-api03-" + Chance(90) },
        { "Hugging Face token", "hf" + "_" + Chance(34) },
        { "Google key", "AI" + "za" + Chance(35) },
        { "Google client secret", "GOC" + "SPX-" + Chance(28) },
        { "npm token", "np" + "m_" + Chance(36) },
        { "NuGet key", "oy" + "2" + Chance(43).ToLowerInvariant() },
        { "SendGrid key", "SG" + "." + Chance(22) + "." + Chance(43) },
        { "DigitalOcean token", "dop" + "_v1_" + string.Concat(Enumerable.Repeat("0a1b2c3d", 8)) },
        { "Telegram token", "123456789:" + "AA" + Chance(33) },
        { "HashiCorp token", "hv" + "s." + Chance(90) },
        { "JSON web token", Token("{\"alg\":\"HS256\"}") + "." + Token("{\"sub\":\"1234567890\"}") + "." + Chance(43) },
    };

    [Theory]
    [MemberData(nameof(Secrets))]
    public async Task Formats_of_providers_are_found_and_go_as_a_whole(string name, string secret)
    {
        (await ReplaceAsync($"use {secret}, please")).Should().Be($"use [{name}], please");
    }

    [Fact]
    public async Task A_private_key_goes_and_what_follows_stays()
    {
        var key = "-----BEGIN RSA PRIVATE " + "KEY-----\nProc-Type: 4,ENCRYPTED\n\n" + string.Join('\n', Enumerable.Range(0, 50).Select(_ => Chance(64))) + "\n-----END RSA PRIVATE " + "KEY-----";

        (await ReplaceAsync($"Here:\n{key}\nand some words more")).Should().Be("Here:\n[private key]\nand some words more");
    }

    [Theory]
    [InlineData("Server=db;User Id=sa;Password=Tr0ub4dor&3x;Encrypt=true", "Tr0ub4dor")]
    [InlineData("amqp://guest:s3cr3tPwd@mq.internal:5672/", "s3cr3tPwd")]
    [InlineData("API_KEY=\"9f8e7d6c5b4a39281706f5e4d3c2b1a0\"", "9f8e7d6c5b4a39281706f5e4d3c2b1a0")]
    [InlineData("client_secret: Zx9kQ2mPq7LrT4vWb8NcY1", "Zx9kQ2mPq7LrT4vWb8NcY1")]
    [InlineData("Authorization: Bearer q7LrT4vWb8NcY1Zx9kQ2mP", "q7LrT4vWb8NcY1Zx9kQ2mP")]
    [InlineData("aws_secret_access_key = wJa1rXUtnF3MI/K7MDENGbPxR4iCYzEXAM9PL2KE", "wJa1rXUtnF3MI/K7MDENGbPxR4iCYzEXAM9PL2KE")]
    public async Task A_password_in_context_goes_and_the_context_stays(string text, string secret)
    {
        var replaced = await ReplaceAsync(text);

        replaced.Should().NotContain(secret).And.StartWith(text[..4]);
    }

    [Theory]
    [InlineData("Password=yourpassword;")]
    [InlineData("token: CancellationTokenSource.Token")]
    [InlineData("the secret is to be kept by everybody")]
    [InlineData("sk-learn-contrib-and-its-many-friends")]
    [InlineData("commit 3f786850e387550fdab836ed7e6dc881de23001b")]
    [InlineData("https://example.org/a:b@c")]
    public async Task What_only_looks_alike_is_left(string text)
    {
        (await ReplaceAsync(text)).Should().Be(text);
    }

    private static string Chance(int length)
    {
        const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789";
        var random = new Random(length);
        return string.Concat(Enumerable.Range(0, length).Select(_ => Letters[random.Next(Letters.Length)]));
    }

    private static string Token(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=');

    private static async Task<string> ReplaceAsync(string text) =>
        (await new GuardrailRunner([Default], null).RunAsync(text, GuardrailStages.Output, CancellationToken.None))!;
}
