namespace GenAI.Core.Onnx.Running;

/// <summary>How large batches are.</summary>
/// <param name="MaxTokens">The most tokens, padding included; one longer item is a batch of its own.</param>
/// <param name="MaxRows">The most items.</param>
internal readonly record struct BatchLimits(int MaxTokens, int MaxRows);
