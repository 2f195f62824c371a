namespace GenAI.Core.Guardrails;

/// <summary>A stretch of a text that a rule matches, in UTF-16 code units from the beginning of the text.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Text">The text of it, where what stands in its place depends on that.</param>
internal readonly record struct RuleMatch(int Rule, long Start, long End, string? Text = null);
