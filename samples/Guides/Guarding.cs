using GenAI.Core;
using GenAI.Core.Guardrails;
using Microsoft.Extensions.AI;

namespace Guides;

internal static class Guarding
{
    public static async Task RunAsync()
    {
        // <snippet:guardrails>
        var secrets = new RuleGuardrail("secrets",
        [
            TextRule.Regex("api key", @"\bsk-[A-Za-z0-9]{16,64}\b"),
            TextRule.Terms("code name", ["Blue Heron"], replacement: "[a project]"),
            TextRule.Terms("forbidden", ["launch code"], RuleAction.Block),
        ]);

        var options = new KnowledgeBaseOptions();
        options.Guardrails.Add(secrets);
        options.GuardrailOptions.OnDecision = decision => Console.WriteLine(decision);
        using var knowledgeBase = new KnowledgeBase(options);

        Answer answer = await knowledgeBase.AskAsync("What is the launch code?");
        Console.WriteLine(answer.Status);
        // </snippet:guardrails>
    }

    // <snippet:guarded-client>
    public static IChatClient Guard(IChatClient client, IGuardrail guardrail) => client.AsBuilder()
        .UseFunctionInvocation()
        .UseGuardrails([guardrail], new GuardrailOptions { OnFailure = GuardrailFailure.Block, Timeout = TimeSpan.FromSeconds(2) })
        .Build();
    // </snippet:guarded-client>

    // <snippet:own-guardrail>
    /// <summary>Blocks what is longer than a model should be asked to read.</summary>
    internal sealed class LengthGuardrail(int maxCharacters) : IGuardrail
    {
        public string Name => "length";

        public GuardrailStages Stages => GuardrailStages.Input | GuardrailStages.ToolResult;

        public ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(text.Text.Length <= maxCharacters
                ? GuardrailVerdict.Allow
                : GuardrailVerdict.Block($"The text has {text.Text.Length} characters; at most {maxCharacters} are accepted."));
    }
    // </snippet:own-guardrail>
}
