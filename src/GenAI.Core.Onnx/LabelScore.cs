namespace GenAI.Core.Onnx;

/// <summary>What a classifier says of one label.</summary>
/// <param name="Label">The label, as the model's files name it.</param>
/// <param name="Score">The score, higher where the label fits better; 0 to 1 unless the activation is <see cref="ScoreActivation.None"/>.</param>
/// <param name="Holds">Whether the score reaches the label's threshold.</param>
public readonly record struct LabelScore(string Label, float Score, bool Holds);
