namespace GenAI.Core.Guardrails;

/// <summary>A guardrail that is made of rules, so that it works on text that streams, character by character.</summary>
internal interface IRuleBased : IGuardrail
{
    /// <summary>The rules.</summary>
    RuleGuardrail Rules { get; }
}
