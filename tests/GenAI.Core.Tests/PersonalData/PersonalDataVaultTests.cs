using GenAI.Core.PersonalData;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.PersonalData;

public class PersonalDataVaultTests
{
    private const string Question = "Write to ann@example.org or bob@example.org; ann@example.org is better. Card 4111111111111111.";

    [Fact]
    public async Task A_model_sees_names_and_the_user_the_originals()
    {
        var model = new Echo();
        using var client = model.AsBuilder().UsePersonalDataVault().Build();

        var response = await client.GetResponseAsync(Question);

        model.Seen.Should().MatchRegex(@"^Write to (\[Email-1-[0-9a-f]{4}\]) or \[Email-2-[0-9a-f]{4}\]; \1 is better\. Card \[PaymentCard-1-[0-9a-f]{4}\]\.$");
        response.Text.Should().Be(Question);
    }

    [Fact]
    public async Task A_name_is_restored_wherever_a_stream_is_cut()
    {
        for (var size = 1; size <= 40; size++)
        {
            using var client = new Echo(size).AsBuilder().UsePersonalDataVault().Build();
            var text = "";
            await foreach (var update in client.GetStreamingResponseAsync(Question))
            {
                text += update.Text;
                Question.Should().StartWith(text, "nothing is taken back");
            }

            text.Should().Be(Question);
        }
    }

    [Fact]
    public void A_name_of_another_vault_is_left()
    {
        var (first, second) = (new PersonalDataVault(), new PersonalDataVault());
        var name = first.TokenFor(PersonalDataKind.Email, "ann@example.org");
        while (second.TokenFor(PersonalDataKind.Email, "other@example.org") == name)
            second = new PersonalDataVault();

        second.Restore($"to {name}!").Should().Be($"to {name}!");
        first.Restore($"to {name}!").Should().Be("to ann@example.org!");
    }

    [Fact]
    public async Task Tools_get_the_originals_and_the_model_the_names_of_their_results()
    {
        var model = new Echo(call: true);
        string? asked = null;
        using var client = model.AsBuilder().UseFunctionInvocation().UsePersonalDataVault().Build();
        var tool = AIFunctionFactory.Create((string text) => "found " + (asked = text), "find");

        await client.GetResponseAsync("ann@example.org", new ChatOptions { Tools = [tool] });

        asked.Should().Be("ann@example.org");
        model.Seen.Should().StartWith("found [Email-1-");
    }

    [Fact]
    public async Task What_a_tagger_names_is_replaced()
    {
        var guardrail = new TaggerGuardrail(new Tagger());

        var verdict = await guardrail.CheckAsync(new("Ann lives in Rome", GenAI.Core.Guardrails.GuardrailStages.Input));

        verdict.Findings.Select(finding => finding.Replacement).Should().Equal("[PersonName]");
    }

    private sealed class Tagger : IEntityTagger
    {
        public ValueTask<IReadOnlyList<TaggedEntity>> TagAsync(string text, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IReadOnlyList<TaggedEntity>>([new(new TextRange(0, 3), PersonalDataKind.PersonName, 0.9f), new(new TextRange(13, 4), PersonalDataKind.PlaceName, 0.1f)]);
    }

    /// <summary>Replies what it is told, in pieces, or calls a tool with it first.</summary>
    private sealed class Echo(int size = 7, bool call = false) : IChatClient
    {
        public string Seen { get; private set; } = "";

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var last = messages.Last();
            Seen = last.Contents.OfType<FunctionResultContent>().FirstOrDefault()?.Result?.ToString() ?? last.Text;
            return Task.FromResult(new ChatResponse(call && last.Role == ChatRole.User
                ? new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "find", new Dictionary<string, object?> { ["text"] = Seen })])
                : new ChatMessage(ChatRole.Assistant, Seen)));
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            foreach (var piece in messages.Last().Text.Chunk(size))
                yield return new ChatResponseUpdate(ChatRole.Assistant, new string(piece));
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
