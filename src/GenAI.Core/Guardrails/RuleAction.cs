namespace GenAI.Core.Guardrails;

/// <summary>What is done with a text that a <see cref="TextRule"/> matches.</summary>
public enum RuleAction
{
    /// <summary>The match is replaced by the rule's <see cref="TextRule.Replacement"/>.</summary>
    Redact,

    /// <summary>The whole text is blocked. While text streams, nothing is released from the match on.</summary>
    Block,
}
