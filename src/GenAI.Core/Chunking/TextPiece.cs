namespace GenAI.Core.Chunking;

/// <summary>What <see cref="TextSplitter"/> cuts: a future chunk's place in the text.</summary>
/// <param name="Start">Where it starts, with its overlap.</param>
/// <param name="ContentStart">Where its own text starts: the first character that no earlier piece has and that is not white space.</param>
/// <param name="End">Index one past its last character.</param>
/// <param name="OverlapLength">How many characters at its start the piece before ends with.</param>
/// <param name="TokenCount">What the counter counts in it.</param>
internal readonly record struct TextPiece(int Start, int ContentStart, int End, int OverlapLength, int TokenCount);
