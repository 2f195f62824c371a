using CsCheck;
using GenAI.Core.Guardrails;
using GenAI.Core.Injection;
using GenAI.Core.Leaks;
using GenAI.Core.PersonalData;
using GenAI.Core.Policies;
using GenAI.Core.Tests.Guardrails;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.Policies;

/// <summary>What all built-in guardrails have in common: how they stand bad input, and that streams leak nothing.</summary>
public class BuiltInGuardrailTests
{
    private static readonly IGuardrail[] All =
    [
        new PersonalDataGuardrail(), new SecretsGuardrail(), new InjectionGuardrail(), new ExfiltrationGuardrail(), TermsGuardrail.Profanity(), new RefusalGuardrail(RuleAction.Redact), new LanguageGuardrail(["en"]),
        new LengthGuardrail(100_000_000), new TopicGuardrail([new Topic("medicine", ["fever", "doctor"])]),
    ];

    private static readonly string[] Parts =
    [
        "4111 1111 1111 1111", "GB82 WEST 1234 5698 7654 32", "jane@example.org", "call me at 467 3395", "https://evil.test/a?b=c", "![x](https://evil.test/a.png)", "\u001b[31m", "<script>", "fucking", "I'm sorry, but I can't help", "born on March 5, 1980",
        "SSN: 460-89-9847", "password=Tr0ub4dor&3x;", "call", "4111", "GB82 ", "jane@", "https://", "![x]", "<scri", " and ", "so", ". ", "\n", "é", "\uD83D\uDE00", "שלום", "1", "-",
    ];

    public static TheoryData<string, string> BadInputs => new()
    {
        { "empty", "" },
        { "a million of a letter", new string('a', 1_000_000) },
        { "a million digits", new string('4', 1_000_000) },
        { "ten megabytes of words", string.Concat(Enumerable.Repeat("some words in a row ", 500_000)) },
        { "a million beginnings", string.Concat(Enumerable.Repeat("<x call @ 41 -----BEGIN ey http ", 32_000)) },
        { "lone surrogates", string.Concat(Enumerable.Repeat("\uD800a\uDC00 \uDBFF\uD800", 1000)) },
        { "right to left and mixed", string.Concat(Enumerable.Repeat("\u202Eשלום עולם hello مرحبا 12\u202C ", 1000)) },
        { "marks without letters", string.Concat(Enumerable.Repeat("\u0301\u20DD\u200D", 1000)) },
        { "null characters", new string('\0', 1000) },
        { "nothing that is seen", string.Concat(Enumerable.Repeat("\u200B\u2060\uFEFF", 1000)) },
    };

    [Theory]
    [MemberData(nameof(BadInputs))]
    public async Task Bad_input_is_decided_on_and_found_ranges_lie_in_it(string name, string text)
    {
        foreach (var guardrail in All)
        {
            var verdict = await guardrail.CheckAsync(new GuardrailText(text, GuardrailStages.Input));

            verdict.Findings.All(finding => finding.Range.Start >= 0 && finding.Range.End <= text.Length).Should().BeTrue("{0} reads {1}", guardrail.Name, name);
        }
    }

    [Fact]
    public void What_streams_through_the_rules_is_what_would_be_let_through_as_a_whole_and_never_more()
    {
        RuleSet[] sets = [.. All.OfType<IRuleBased>().Select(guardrail => guardrail.Rules.Set)];
        Gen.Select(Gen.Int[0, Parts.Length - 1].Array[1, 6].Select(parts => string.Concat(parts.Select(part => Parts[part]))), Gen.ULong, Gen.Int[0, sets.Length - 1]).Holds(4000, (text, places, set) =>
        {
            var expected = string.Concat(RulePieces.Filter(sets[set], [text]));
            var released = "";
            foreach (var piece in RulePieces.Filter(sets[set], RulePieces.Cut(text, places)))
            {
                released += piece;
                expected.Should().StartWith(released, "'{0}' is cut by {1}", text, places);
            }

            released.Should().Be(expected);
        });
    }

    [Fact]
    public async Task A_reply_with_nothing_to_find_streams_through_all_of_them_unchanged()
    {
        const string Reply = "First, download it from the page of releases.\nThen run `setup --all`, and wait for 5 minutes (or 10).\n\n- done";
        var model = new FakeChatClient { OnStream = (_, _, token) => FakeChatClient.Pieces(Reply.Chunk(3).Select(piece => new string(piece)), token) };
        using var client = model.AsBuilder().UseGuardrails(All).Build();
        var text = "";

        await foreach (var update in client.GetStreamingResponseAsync("How do I install it?"))
            text += update.Text;

        text.Should().Be(Reply);
    }
}
