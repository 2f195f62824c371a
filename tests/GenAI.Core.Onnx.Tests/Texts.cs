namespace GenAI.Core.Onnx.Tests;

/// <summary>Texts of the tests.</summary>
internal static class Texts
{
    public static readonly string[] Few =
    [
        "Bicycles are kept in the cellar.",
        "The office opens at seven.",
        "the contract ends after one year, and the train ticket is paid for",
        "a",
        "",
        "What is kept in the cellar? Is it the bicycle of one year?",
    ];

    /// <summary>Texts of mixed lengths from the words of the vocabulary, and others.</summary>
    public static string[] Mixed(int count, int seed = 3, int maxWords = 40)
    {
        var random = new Random(seed);
        string[] words = ["the", "bicycle", "office", "zebra", "contract", "train", "kept", "q1", "seven", "year", "opens,", "cellars"];
        return [.. Enumerable.Range(0, count).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(1, maxWords)).Select(_ => words[random.Next(words.Length)])))];
    }
}
