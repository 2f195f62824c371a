namespace GenAI.Core.Onnx.Vectors;

/// <summary>What one call asks for.</summary>
/// <param name="Prompt">What is put before each text.</param>
/// <param name="Unpooled">How many tokens at the start of each text pooling leaves out.</param>
/// <param name="Shape">The vectors.</param>
/// <param name="Overlong">What happens to a text that is too long.</param>
internal sealed record EmbeddingRequest(string Prompt, int Unpooled, VectorShape Shape, OverlongText Overlong);
