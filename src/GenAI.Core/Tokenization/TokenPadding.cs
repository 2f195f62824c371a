namespace GenAI.Core.Tokenization;

/// <summary>How a tokenizer's files say that short encodings are filled up.</summary>
/// <param name="Id">The id of the padding token.</param>
/// <param name="TypeId">The type id that padding has.</param>
/// <param name="Length">The length to pad to, in tokens; <see langword="null"/> to pad to the longest of a batch, which for one text is no padding.</param>
/// <param name="Multiple">If not 0, lengths are rounded up to a multiple of it.</param>
/// <param name="Side">The end where padding goes.</param>
public sealed record TokenPadding(int Id, int TypeId = 0, int? Length = null, int Multiple = 0, TokenSide Side = TokenSide.Right);
