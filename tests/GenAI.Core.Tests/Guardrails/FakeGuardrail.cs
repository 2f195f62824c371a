using GenAI.Core.Guardrails;

namespace GenAI.Core.Tests.Guardrails;

/// <summary>A guardrail that does what a test says, and remembers what it was asked.</summary>
internal sealed class FakeGuardrail(Func<GuardrailText, CancellationToken, ValueTask<GuardrailVerdict>> onCheck, GuardrailStages stages = GuardrailStages.All) : IGuardrail
{
    public List<(GuardrailStages Stage, string Text)> Asked { get; } = [];

    public string Name => "fake";

    public GuardrailStages Stages => stages;

    public static FakeGuardrail Of(Func<GuardrailText, GuardrailVerdict> onCheck, GuardrailStages stages = GuardrailStages.All) =>
        new((text, _) => ValueTask.FromResult(onCheck(text)), stages);

    public ValueTask<GuardrailVerdict> CheckAsync(GuardrailText text, CancellationToken cancellationToken = default)
    {
        lock (Asked)
            Asked.Add((text.Stage, text.Text));
        return onCheck(text, cancellationToken);
    }
}
