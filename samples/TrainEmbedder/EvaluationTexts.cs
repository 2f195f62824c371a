using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using GenAI.Core.Indexing;

namespace TrainEmbedder;

/// <summary>Finds texts that the model is measured with in what it is to be trained on.</summary>
internal sealed class EvaluationTexts
{
    // So many words in a row are no chance: the length that is usual in checks of this kind.
    private const int LongestRun = 13;
    private const int ShortestQuestion = 4;

    private const ulong Base = 0x9E3779B97F4A7C15;
    private static readonly ulong[] Powers = [.. Enumerable.Range(0, LongestRun + 1).Select(n => Enumerable.Repeat(Base, n).Aggregate(1UL, (product, factor) => product * factor))];

    // By the number of words of a run: the hashes of the runs.
    private readonly Dictionary<int, HashSet<ulong>> _runs = [];

    /// <summary>Adds a question: it is found where all of its words stand in a row, or 13 of them. One of less than four words, such as <c>What is it?</c>, is in too many texts to be looked for.</summary>
    public void AddQuestion(string text)
    {
        var words = CountWords(text);
        if (words >= ShortestQuestion)
            AddRuns(text, Math.Min(words, LongestRun));
    }

    /// <summary>Adds a passage: it is found where 13 of its words stand in a row.</summary>
    public void AddPassage(string text) => AddRuns(text, LongestRun);

    /// <summary>Adds the texts and queries of a data set in the format of BEIR.</summary>
    public void AddDataset(string folder)
    {
        foreach (var line in File.ReadLines(Path.Combine(folder, "corpus.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            AddPassage(json.RootElement.GetProperty("text").GetString()!);
        }

        foreach (var line in File.ReadLines(Path.Combine(folder, "queries.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            AddQuestion(json.RootElement.GetProperty("text").GetString()!);
        }
    }

    /// <summary>Whether a text holds one of them.</summary>
    public bool IsIn(string text)
    {
        var sums = Sums(text);
        foreach (var (length, runs) in _runs)
        {
            for (var start = 0; start + length < sums.Length; start++)
            {
                if (runs.Contains(Run(sums, start, length)))
                    return true;
            }
        }

        return false;
    }

    private static int CountWords(string text) => TextAnalyzer.Unicode.Analyze(text).Count;

    private void AddRuns(string text, int length)
    {
        if (!_runs.TryGetValue(length, out var runs))
            _runs[length] = runs = [];
        var sums = Sums(text);
        for (var start = 0; start + length < sums.Length; start++)
            runs.Add(Run(sums, start, length));
    }

    // The hashes of the first words, by their number: a polynomial, so that the hash of any run of words is a difference of two.
    private static ulong[] Sums(string text)
    {
        var words = TextAnalyzer.Unicode.Analyze(text);
        var sums = new ulong[words.Count + 1];
        for (var i = 0; i < words.Count; i++)
            sums[i + 1] = sums[i] * Base + XxHash3.HashToUInt64(MemoryMarshal.AsBytes(words[i].AsSpan()));
        return sums;
    }

    private static ulong Run(ulong[] sums, int start, int length) => sums[start + length] - sums[start] * Powers[length];
}
