using GenAI.Core.Embeddings;
using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Embeddings;

/// <summary>Static models that tests make: random rows, always the same.</summary>
internal static class SmallModels
{
    public const string Text =
        "The quick brown fox jumps over the lazy dog while a car, an automobile and a vehicle wait in the garage; doctors and physicians cure patients, "
        + "ships and boats carry passengers across the ocean, and software programs compute numbers such as 42 or 3.14 for engineers.";

    public static StaticModel Make(int rowLength = 15, int countQuarters = 2, int seed = 7, string text = Text, string version = "1")
    {
        var hashes = new List<ulong>();
        TextAnalyzer.English.AnalyzeHashes(text, hashes);
        var vocabulary = new StaticVocabulary(hashes.Distinct().ToArray(), buckets: 32);
        var random = new Random(seed);
        float Value() => (float)(random.NextDouble() * 2 - 1);
        return new StaticModel
        {
            Name = "test-model",
            Version = version,
            Vocabulary = vocabulary,
            Weights = [.. Enumerable.Range(0, vocabulary.Count).Select(_ => (float)(0.1 + random.NextDouble()))],
            RowLength = rowLength,
            Rows = [.. Enumerable.Range(0, vocabulary.Count * rowLength).Select(_ => Value())],
            CountQuarters = countQuarters,
            Lengths = [.. new[] { 4, 8 }.Where(length => length < rowLength + 1), rowLength + 1],
            Properties = new Dictionary<string, string> { ["licence"] = "MIT", ["card"] = "# Für Tests\n" },
        };
    }

    public static string Write(string folder, StaticModel? model = null, string name = "test.staticmodel")
    {
        var path = Path.Combine(folder, name);
        StaticModelWriter.Write(model ?? Make(), path);
        return path;
    }
}
