using System.Text;
using GenAI.Core.Guardrails;
using GenAI.Core.PersonalData;

namespace GenAI.Core.Tests.PersonalData;

public class PersonalDataOperatorTests
{
    private const string Text = "Ann (ann@example.org, 4111 1111 1111 1111) and again ann@example.org";

    [Fact]
    public async Task Redacted_is_the_kind()
    {
        (await ApplyAsync(PersonalDataOperator.Redact)).Should().Be("Ann ([Email], [PaymentCard]) and again [Email]");
    }

    [Fact]
    public async Task A_mask_keeps_the_form_and_the_last()
    {
        (await ApplyAsync(PersonalDataOperator.Mask(4))).Should().Be("Ann (***@******e.org, **** **** **** 1111) and again ***@******e.org");
    }

    [Fact]
    public async Task A_hash_is_the_same_for_the_same_value_and_another_for_another_key()
    {
        var hashed = await ApplyAsync(PersonalDataOperator.Hash(Key("one")));
        var first = hashed[hashed.IndexOf("[Email", StringComparison.Ordinal)..(hashed.IndexOf(']', StringComparison.Ordinal) + 1)];

        hashed.Should().EndWith(first).And.NotContain("example.org");
        (await ApplyAsync(PersonalDataOperator.Hash(Key("two")))).Should().NotContain(first);
    }

    [Fact]
    public async Task A_surrogate_has_the_form_of_the_original_is_the_same_each_time_and_no_number_of_anybody()
    {
        var replaced = await ApplyAsync(PersonalDataOperator.Surrogate(Key("one")));

        replaced.Should().MatchRegex(@"^Ann \((user-[0-9a-f]{16}@example\.com), \d{4} \d{4} \d{4} \d{4}\) and again \1$");
        replaced.Should().Be(await ApplyAsync(PersonalDataOperator.Surrogate(Key("one")))).And.NotContain("4111 1111 1111 1111");
    }

    [Fact]
    public async Task A_kind_can_have_an_operator_of_its_own_and_one_can_block()
    {
        var options = new PersonalDataOptions();
        options.Operators[PersonalDataKind.PaymentCard] = PersonalDataOperator.Block;

        (await new PersonalDataGuardrail(options).CheckAsync(new GuardrailText(Text, GuardrailStages.Input))).Outcome.Should().Be(GuardrailOutcome.Block);
        (await new PersonalDataGuardrail(options).CheckAsync(new GuardrailText("ann@example.org", GuardrailStages.Input))).Outcome.Should().Be(GuardrailOutcome.Replace);
    }

    [Fact]
    public void A_short_key_is_refused()
    {
        var making = () => PersonalDataOperator.Hash("short"u8);

        making.Should().Throw<ArgumentException>().WithMessage("*5 bytes*16*");
    }

    private static byte[] Key(string name) => Encoding.UTF8.GetBytes(name.PadRight(16));

    private static async Task<string> ApplyAsync(PersonalDataOperator with)
    {
        var runner = new GuardrailRunner([new PersonalDataGuardrail(new PersonalDataOptions { Operator = with })], null);
        return (await runner.RunAsync(Text, GuardrailStages.Input, CancellationToken.None))!;
    }
}
