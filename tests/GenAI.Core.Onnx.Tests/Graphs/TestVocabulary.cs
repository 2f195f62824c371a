namespace GenAI.Core.Onnx.Tests.Graphs;

/// <summary>A vocabulary that needs no file: special tokens, letters and digits at the start and inside of words, and some whole words.</summary>
internal static class TestVocabulary
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private static readonly string[] Words =
        ["the", "and", "of", "to", "in", "is", "for", "bicycle", "bicycles", "cellar", "office", "opens", "kept", "are", "seven", "ticket", "train", "hours", "contract", "ends", "after",
         "one", "year", "query", "passage", ":", ".", ",", "?", "!", "##ing", "##ed"];

    public static string[] Tokens { get; } = [.. Special, .. Alphabet.Select(c => $"{c}"), .. Alphabet.Select(c => $"##{c}"), .. Words];

    public static int Size => Tokens.Length;

    /// <summary>A vocabulary of the size of BERT's, for benchmarks: the one above, then words of random syllables.</summary>
    public static string[] Large(int size)
    {
        var random = new Random(5);
        var tokens = new HashSet<string>(Tokens, StringComparer.Ordinal);
        while (tokens.Count < size)
            tokens.Add(string.Concat(Enumerable.Range(0, random.Next(2, 5)).Select(_ => $"{"bdfgklmnprstvz"[random.Next(14)]}{"aeiou"[random.Next(5)]}")));
        return [.. tokens];
    }
}
