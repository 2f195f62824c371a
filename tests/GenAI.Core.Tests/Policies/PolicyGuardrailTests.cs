using System.Text.Json;
using GenAI.Core.Guardrails;
using GenAI.Core.Policies;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.Policies;

public class PolicyGuardrailTests
{
    [Theory]
    [InlineData("strike", "They were striking; two strikes, a striker, STRIKE!", "They were [t]; two [t], a [t], [t]!")]
    [InlineData("merger", "mergers and the merger's end", "[t] and the [t] end")]
    [InlineData("company", "two companies", "two [t]")]
    [InlineData("stop", "stopped, stopping, stopper, stops", "[t], [t], [t], [t]")]
    [InlineData("gas", "gasp and gases", "gasp and [t]")]
    [InlineData("blue heron", "Blue\n herons, blue-heron", "[t], [t]")]
    [InlineData("забастовка", "о забастовке и забастовках", "о [t] и [t]")]
    [InlineData("罢工", "工人罢工了", "工人[t]了")]
    [InlineData("ประท้วง", "การประท้วงใหญ่", "การ[t]ใหญ่")]
    [InlineData("إضراب", "قرر إضراب اليوم", "قرر [t] اليوم")]
    [InlineData("c++", "c++ and c+", "[t] and c+")]
    public async Task A_term_is_found_in_its_forms_and_in_any_script(string term, string text, string becomes)
    {
        (await RunAsync(new TermsGuardrail("t", [term]), text)).Should().Be(becomes);
    }

    [Fact]
    public void An_empty_term_is_refused()
    {
        var making = () => new TermsGuardrail("t", ["a", " "]);

        making.Should().Throw<ArgumentException>().WithMessage("*empty*");
    }

    [Fact]
    public async Task Swear_words_go_and_the_names_that_hold_them_stay()
    {
        (await RunAsync(TermsGuardrail.Profanity(), "Scunthorpe, you shit! Cockpit class.")).Should().Be("Scunthorpe, you [profanity]! Cockpit class.");
    }

    [Theory]
    [InlineData("What medicine cures a fever?", true)]
    [InlineData("How do I return shoes?", false)]
    [InlineData("The doctors were on strike", true)]
    public async Task A_topic_is_denied_or_required(string text, bool isMedical)
    {
        Topic medicine = new("medicine", ["medicine", "fever", "doctor"]);

        ((await RunAsync(new TopicGuardrail([medicine]), text)) is null).Should().Be(isMedical);
        ((await RunAsync(new TopicGuardrail([], [medicine]), text)) is null).Should().Be(!isMedical);
    }

    [Fact]
    public async Task A_topic_can_demand_several_terms()
    {
        var guardrail = new TopicGuardrail([new Topic("medicine", ["medicine", "fever", "doctor"], minTerms: 2)]);

        (await RunAsync(guardrail, "football fever, fevers and all")).Should().NotBeNull();
        (await RunAsync(guardrail, "a doctor against fever")).Should().BeNull();
    }

    [Fact]
    public async Task What_is_too_long_in_characters_or_tokens_is_blocked()
    {
        (await RunAsync(new LengthGuardrail(10), new string('a', 10))).Should().NotBeNull();
        (await RunAsync(new LengthGuardrail(10), new string('a', 11))).Should().BeNull();
        (await RunAsync(new LengthGuardrail(maxTokens: 5), "one two three four five six seven eight nine ten")).Should().BeNull();
    }

    [Theory]
    [InlineData("I'm sorry, but I can't help with that.")]
    [InlineData("I cannot assist with this request.")]
    [InlineData("As an AI language model, I don't have opinions.")]
    [InlineData("I apologize, but I am unable to share it.")]
    public async Task A_refusal_is_noticed(string reply)
    {
        (await RunAsync(new RefusalGuardrail(), reply, GuardrailStages.Output)).Should().BeNull();
        (await RunAsync(new RefusalGuardrail(), "I can help you with that. You cannot lose.", GuardrailStages.Output)).Should().NotBeNull();
    }

    [Theory]
    [InlineData("en", "All human beings are born free and equal in dignity and rights.")]
    [InlineData("de", "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt.")]
    [InlineData("fr", "Tous les êtres humains naissent libres et égaux en dignité et en droits.")]
    [InlineData("ja", "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。")]
    [InlineData("zh", "人人生而自由,在尊严和权利上一律平等。")]
    [InlineData("ru", "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью и должны поступать в отношении друг друга в духе братства.")]
    public async Task A_text_in_a_language_that_is_not_allowed_is_blocked(string code, string text)
    {
        (await RunAsync(new LanguageGuardrail([code]), text)).Should().NotBeNull();
        (await RunAsync(new LanguageGuardrail([code == "es" ? "en" : "es"]), text)).Should().BeNull();
        (await RunAsync(new LanguageGuardrail(["es"]), "OK")).Should().NotBeNull("the language of two letters cannot be told");
    }

    [DataFact("texts", "udhr")]
    public void The_language_of_a_known_declaration_is_told_from_a_paragraph()
    {
        (string File, string Code)[] known = [.. Directory.EnumerateFiles(TestData.Path("texts", "udhr"), "*.txt").Select(file => (file, Code: Short(Path.GetFileNameWithoutExtension(file)))).Where(pair => pair.Code is not null).Select(pair => (pair.file, pair.Code!))];
        var right = 0;
        foreach (var (file, code) in known)
        {
            var text = File.ReadAllText(file);
            right += LanguageGuess.Of(text.Substring(text.Length / 2, Math.Min(1000, text.Length / 4))) == code ? 1 : 0;
        }

        known.Length.Should().BeGreaterThan(10);
        right.Should().BeGreaterThanOrEqualTo(known.Length * 9 / 10);

        static string? Short(string name) => name.Replace("udhr_", "", StringComparison.Ordinal) switch
        {
            "eng" => "en",
            "deu" => "de",
            "fra" => "fr",
            "spa" => "es",
            "ita" => "it",
            "por_PT" => "pt",
            "nld" => "nl",
            "swe" => "sv",
            "dan" => "da",
            "fin" => "fi",
            "pol" => "pl",
            "ces" => "cs",
            "hun" => "hu",
            "ron" => "ro",
            "tur" => "tr",
            "rus" => "ru",
            "ukr" => "uk",
            "bul" => "bg",
            "jpn" => "ja",
            "kor" => "ko",
            "tha" => "th",
            "heb" => "he",
            "hin" => "hi",
            "arb" => "ar",
            "vie" => "vi",
            "ind" => "id",
            "kat" => "ka",
            "hye" => "hy",
            _ => null,
        };
    }

    [Theory]
    [InlineData("""{"name":"a","age":3}""", true)]
    [InlineData("""{"name":"a","age":-1}""", false)]
    [InlineData("""{"name":"a"}""", false)]
    [InlineData("""{"name":"a","age":3,"more":1}""", false)]
    [InlineData("not json", false)]
    [InlineData("""{"name":"a","age":3} and more""", false)]
    [InlineData("", false)]
    public async Task What_is_not_valid_JSON_by_its_schema_is_blocked(string text, bool isValid)
    {
        var schema = JsonElement.Parse("""{"type":"object","properties":{"name":{"type":"string","minLength":1},"age":{"type":"integer","minimum":0}},"required":["name","age"],"additionalProperties":false}""");

        ((await RunAsync(new JsonGuardrail(schema), text, GuardrailStages.Output)) is not null).Should().Be(isValid);
    }

    [Theory]
    [InlineData("""{"unevaluatedProperties":false}""", "unevaluatedProperties")]
    [InlineData("""{"$ref":"https://example.org/x"}""", "leads nowhere")]
    [InlineData("""{"pattern":"(a)\\1"}""", "backtracking")]
    public void A_schema_that_cannot_be_kept_is_refused(string schema, string said)
    {
        var parsing = () => JsonSchema.Parse(JsonElement.Parse(schema));

        parsing.Should().Throw<FormatException>().WithMessage($"*{said}*");
    }

    [Fact]
    public void A_schema_that_refers_to_itself_ends()
    {
        JsonSchema.Parse(JsonElement.Parse("""{"$ref":"#"}""")).Validate(JsonElement.Parse("1")).Should().ContainSingle().Which.Should().Contain("deeper");
    }

    [DataFact("schema", "json-schema-test-suite")]
    public void The_schema_test_suite_is_passed_as_far_as_its_keywords_are_known()
    {
        var (passed, failed) = (0, new List<string>());
        foreach (var file in Directory.EnumerateFiles(TestData.Path("schema", "json-schema-test-suite", "tests", "draft2020-12"), "*.json"))
        {
            using var groups = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var group in groups.RootElement.EnumerateArray())
            {
                JsonSchema schema;
                try
                {
                    schema = JsonSchema.Parse(group.GetProperty("schema"));
                }
                catch (FormatException)
                {
                    continue;
                }

                foreach (var test in group.GetProperty("tests").EnumerateArray())
                {
                    if (schema.Validate(test.GetProperty("data")).Count == 0 == test.GetProperty("valid").GetBoolean())
                        passed++;
                    else
                        failed.Add($"{Path.GetFileName(file)}: {group.GetProperty("description")}: {test.GetProperty("description")}");
                }
            }
        }

        // What fails names schemas by other documents' addresses, or by keywords of vocabularies that only they define.
        passed.Should().BeGreaterThan(800);
        failed.Count.Should().BeLessThan(passed / 50, string.Join("\n", failed));
    }

    [Fact]
    public async Task A_reply_that_must_be_seen_whole_is_held_until_it_is_complete()
    {
        var model = new FakeChatClient { OnStream = (_, _, token) => FakeChatClient.Pieces(["{\"a\":", " 1. ", "\"b\"}"], token) };
        using var client = model.AsBuilder().UseGuardrails([new JsonGuardrail()]).Build();
        var updates = new List<string>();
        await foreach (var update in client.GetStreamingResponseAsync("q"))
            updates.Add(update.Text);

        string.Concat(updates).Should().Be(new GuardrailOptions().BlockedText);
    }

    [Fact]
    public async Task A_valid_reply_that_must_be_seen_whole_comes_unchanged()
    {
        var model = new FakeChatClient { OnStream = (_, _, token) => FakeChatClient.Pieces(["{\"a\":", " \"One. Two.\"", "}"], token) };
        using var client = model.AsBuilder().UseGuardrails([new JsonGuardrail()]).Build();
        var text = "";
        await foreach (var update in client.GetStreamingResponseAsync("q"))
            text += update.Text;

        text.Should().Be("{\"a\": \"One. Two.\"}");
    }

    private static async Task<string?> RunAsync(IGuardrail guardrail, string text, GuardrailStages stage = GuardrailStages.Input) =>
        await new GuardrailRunner([guardrail], null).RunAsync(text, stage, CancellationToken.None);
}
