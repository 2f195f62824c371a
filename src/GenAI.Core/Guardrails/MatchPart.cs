namespace GenAI.Core.Guardrails;

/// <summary>Says which part of a match of a pattern is what a rule looks for, such as the number behind the words "account number"; null if nothing is.</summary>
internal delegate TextRange? MatchPart(ReadOnlySpan<char> match);
