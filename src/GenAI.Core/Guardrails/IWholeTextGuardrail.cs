namespace GenAI.Core.Guardrails;

/// <summary>A guardrail that can only decide on a whole text, such as whether it is valid JSON. A reply that streams is held until it is complete where one of these is asked; a sentence alone is never shown to it.</summary>
public interface IWholeTextGuardrail : IGuardrail;
