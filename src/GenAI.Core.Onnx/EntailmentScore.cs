namespace GenAI.Core.Onnx;

/// <summary>What a model of natural-language inference says of a premise and a hypothesis. The three add up to 1.</summary>
/// <param name="Entailment">That the hypothesis follows from the premise, 0 to 1.</param>
/// <param name="Neutral">That it neither follows nor is contradicted, 0 to 1. A model of two labels has everything here that is not entailment.</param>
/// <param name="Contradiction">That the premise contradicts it, 0 to 1.</param>
public readonly record struct EntailmentScore(float Entailment, float Neutral, float Contradiction);
