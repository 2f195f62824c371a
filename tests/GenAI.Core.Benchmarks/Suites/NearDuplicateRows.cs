using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using GenAI.Core.Indexing;
using GenAI.Core.Ingestion;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>How well near-duplicates are found, against the exact similarity of the same sets of word sequences, and against SimHash.</summary>
/// <remarks>
/// Each document gets a copy in which words are replaced, at a rate between one in 20 and one in 500, so that similarities lie on both sides of the
/// threshold. Recall is over the copies whose exact similarity is at least 0.9; precision counts a pair as right if its exact similarity is at least 0.85, two standard
/// deviations of the estimate below.
/// </remarks>
internal static class NearDuplicateRows
{
    private const double Threshold = 0.9, Tolerance = 0.05;

    public static async Task RunAsync(BenchmarkReport report, string corpus)
    {
        var originals = Directory.GetFiles(corpus, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => (Id: Path.GetRelativePath(corpus, file), Text: File.ReadAllText(file)))
            .Where(file => file.Text.Length >= 1_000).Take(report.Quick ? 200 : 2_000).ToList();
        var random = new Random(17);
        var copies = originals.ConvertAll(file => (Id: $"copy of {file.Id}", Text: Replace(file.Text, 1 / (20 * Math.Pow(25, random.NextDouble())), random)));
        var sets = originals.Concat(copies).ToDictionary(file => file.Id, file => Sequences(file.Text));

        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { Ingestion = new() { NearDuplicates = new() { Threshold = Threshold } } });
        await knowledgeBase.IngestAsync(originals.ConvertAll(Document));
        var summary = await knowledgeBase.IngestAsync(copies.ConvertAll(Document));
        Report(report, "minhash", [.. summary.NearDuplicates.Select(pair => (pair.DocumentId, pair.OtherDocumentId))], originals, copies, sets);
        report.Lower("near-duplicates/minhash/mean-error", summary.NearDuplicates.Average(pair => Math.Abs(pair.Similarity - Jaccard(sets[pair.DocumentId], sets[pair.OtherDocumentId]))), "similarity", summary.NearDuplicates.Count);

        var hashes = originals.ConvertAll(file => SimHash(sets[file.Id]));
        foreach (var distance in new[] { 3, 6, 9 })
        {
            var found = new List<(string, string)>();
            foreach (var copy in copies)
            {
                var hash = SimHash(sets[copy.Id]);
                var best = Enumerable.Range(0, originals.Count).MinBy(i => BitOperations.PopCount(hash ^ hashes[i]));
                if (BitOperations.PopCount(hash ^ hashes[best]) <= distance)
                    found.Add((copy.Id, originals[best].Id));
            }

            Report(report, $"simhash-{distance}", found, originals, copies, sets);
        }
    }

    private static void Report(
        BenchmarkReport report, string method, List<(string Copy, string Other)> found, List<(string Id, string Text)> originals, List<(string Id, string Text)> copies, Dictionary<string, HashSet<ulong>> sets)
    {
        var isOurs = method == "minhash";
        var similar = Enumerable.Range(0, originals.Count).Where(i => Jaccard(sets[originals[i].Id], sets[copies[i].Id]) >= Threshold).Select(i => copies[i].Id).ToHashSet(StringComparer.Ordinal);
        var right = found.Count(pair => Jaccard(sets[pair.Copy], sets[pair.Other]) >= Threshold - Tolerance);
        report.Higher($"near-duplicates/{method}/precision", (double)right / found.Count, "ratio", found.Count, isOurs ? 0.99 : null);
        report.Higher($"near-duplicates/{method}/recall", (double)found.Count(pair => similar.Contains(pair.Copy)) / similar.Count, "ratio", similar.Count, isOurs ? 0.85 : null);
    }

    private static Document Document((string Id, string Text) file) => new() { Id = file.Id, Text = file.Text };

    private static string Replace(string text, double rate, Random random)
    {
        var words = text.Split(' ');
        for (var i = 0; i < words.Length; i++)
        {
            if (random.NextDouble() < rate)
                words[i] = $"other{random.Next(1000)}";
        }

        return string.Join(' ', words);
    }

    private static HashSet<ulong> Sequences(string text)
    {
        var terms = TextAnalyzer.Unicode.Analyze(text);
        var sequences = new HashSet<ulong>();
        for (var i = 0; i + 3 <= terms.Count; i++)
            sequences.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes($"{terms[i]} {terms[i + 1]} {terms[i + 2]}".AsSpan())));
        return sequences;
    }

    private static double Jaccard(HashSet<ulong> a, HashSet<ulong> b)
    {
        var both = a.Count(b.Contains);
        return a.Count + b.Count == 0 ? 1 : (double)both / (a.Count + b.Count - both);
    }

    // M. Charikar, "Similarity estimation techniques from rounding algorithms", 2002; the distance of 3 is that of G. Manku et al., "Detecting near-duplicates for web crawling", 2007.
    private static ulong SimHash(HashSet<ulong> features)
    {
        Span<int> sums = stackalloc int[64];
        foreach (var feature in features)
        {
            for (var bit = 0; bit < 64; bit++)
                sums[bit] += (feature >> bit & 1) == 1 ? 1 : -1;
        }

        var hash = 0UL;
        for (var bit = 0; bit < 64; bit++)
            hash |= (sums[bit] > 0 ? 1UL : 0) << bit;
        return hash;
    }
}
