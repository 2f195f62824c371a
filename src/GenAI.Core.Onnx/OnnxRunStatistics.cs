namespace GenAI.Core.Onnx;

/// <summary>What a model has done since it was loaded.</summary>
/// <param name="Texts">Texts, or pairs of texts, that were run; a text in windows counts once for each.</param>
/// <param name="Tokens">Their tokens, special tokens included.</param>
/// <param name="PaddedTokens">The tokens that the batches had with padding: what was paid for.</param>
/// <param name="Batches">How often the session ran.</param>
/// <param name="TruncatedTexts">Texts that had more tokens than the model takes and were cut.</param>
public readonly record struct OnnxRunStatistics(long Texts, long Tokens, long PaddedTokens, long Batches, long TruncatedTexts);
