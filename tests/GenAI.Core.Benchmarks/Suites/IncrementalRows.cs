using System.Diagnostics;
using GenAI.Core.Chunking;
using GenAI.Core.Embeddings;
using GenAI.Core.Ingestion;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>What it costs to ingest again: an unchanged corpus, one with an edited paragraph, and what an edit does to the boundaries of chunks.</summary>
internal static class IncrementalRows
{
    public static void Run(BenchmarkReport report)
    {
        if (Floors(report) is not { } corpus)
            return;
        Boundaries(report, corpus);
        NearDuplicateRows.RunAsync(report, corpus).GetAwaiter().GetResult();
    }

    /// <summary>The rows with floors: those of ingesting again.</summary>
    /// <returns>The corpus; null if it is not here.</returns>
    public static string? Floors(BenchmarkReport report)
    {
        if (BenchmarkData.Find("corpus-mini") is not { } corpus)
        {
            report.Absent("incremental", "the data folder has no corpus-mini");
            return null;
        }

        InProcessesOfTheirOwn(report, corpus);
        ReopenedAsync(report, corpus).GetAwaiter().GetResult();
        AgainAsync(report, corpus).GetAwaiter().GetResult();
        return corpus;
    }

    // A store in a folder: each ingestion is a process, as a user's would be, so start-up, JIT compilation and opening the store count.
    private static void InProcessesOfTheirOwn(BenchmarkReport report, string corpus)
    {
        var runs = report.Quick ? 1 : 5;
        var (first, second, written) = (new double[runs], new double[runs], 0L);
        for (var run = 0; run < runs; run++)
        {
            var index = Directory.CreateTempSubdirectory("genai-core-").FullName;
            try
            {
                first[run] = IngestSuite.RunChild(corpus, index).Seconds;
                var before = Bytes(index);
                second[run] = IngestSuite.RunChild(corpus, index).Seconds / first[run];
                written = Math.Max(written, Bytes(index) - before);
            }
            finally
            {
                Directory.Delete(index, recursive: true);
            }
        }

        report.Lower("incremental/durable/first/seconds", Measure.Median(first), "s", runs);
        report.Lower("incremental/durable/second/ratio-to-first", Measure.Median(second), "ratio", runs, floor: 0.1);
        report.Lower("incremental/durable/second/bytes-more", written, "B", runs, floor: 4_096);
    }

    // The same in one process, as a service's would be: the store is closed and opened again between the two.
    private static async Task ReopenedAsync(BenchmarkReport report, string corpus)
    {
        var runs = report.Quick ? 1 : 5;
        var ratios = new double[runs];
        for (var run = -1; run < runs; run++)
        {
            var index = Directory.CreateTempSubdirectory("genai-core-").FullName;
            try
            {
                var first = await SecondsAsync(IngestAsync);
                var second = await SecondsAsync(IngestAsync);
                if (run >= 0)
                    ratios[run] = second / first;
            }
            finally
            {
                Directory.Delete(index, recursive: true);
            }

            async Task IngestAsync()
            {
                using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { StorePath = index });
                (await knowledgeBase.IngestAsync(corpus)).ThrowIfFailed();
            }
        }

        report.Lower("incremental/durable/reopened/ratio-to-first", Measure.Median(ratios), "ratio", runs, floor: 0.1);
    }

    private static long Bytes(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static async Task AgainAsync(BenchmarkReport report, string corpus)
    {
        var folder = Copy(corpus);
        try
        {
            var runs = report.Quick ? 1 : 5;
            var (first, second, trusted) = (new double[runs], new double[runs], new double[runs]);
            var (calls, written) = (0, 0);
            for (var run = 0; run <= runs; run++)
            {
                // The first round only warms up.
                using var generator = new CountingGenerator();
                var options = new KnowledgeBaseOptions { EmbeddingGenerator = generator };
                using var knowledgeBase = new KnowledgeBase(options);
                var seconds = await SecondsAsync(() => knowledgeBase.IngestAsync(folder));
                var before = generator.Calls;
                IngestionSummary? summary = null;
                var again = await SecondsAsync(async () => summary = await knowledgeBase.IngestAsync(folder));
                (calls, written) = (generator.Calls - before, summary!.ChunksWritten + summary.ChunksRemoved);

                options.Ingestion.TrustFileTimes = true;
                await knowledgeBase.IngestAsync(folder);
                var trusting = await SecondsAsync(() => knowledgeBase.IngestAsync(folder));
                if (run > 0)
                    (first[run - 1], second[run - 1], trusted[run - 1]) = (seconds, again / seconds, trusting / seconds);
                else
                    await EditAsync(report, knowledgeBase, generator, folder);
            }

            report.Lower("incremental/first/seconds", Measure.Median(first), "s", runs);
            report.Lower("incremental/second/ratio-to-first", Measure.Median(second), "ratio", runs, floor: 0.1);
            report.Lower("incremental/second/trusting-file-times/ratio-to-first", Measure.Median(trusted), "ratio", runs);
            report.Lower("incremental/second/embedding-calls", calls, "calls", runs, floor: 0);
            report.Lower("incremental/second/records-written", written, "records", runs, floor: 0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // One paragraph in each of some files, one file after the other: what is embedded against what the chunker makes of the two texts.
    private static async Task EditAsync(BenchmarkReport report, KnowledgeBase knowledgeBase, CountingGenerator generator, string folder)
    {
        var files = Directory.GetFiles(folder, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where((_, i) => i % 40 == 7).Take(report.Quick ? 10 : 50).ToList();
        var (embedded, excess) = (new List<double>(), 0);
        foreach (var file in files)
        {
            var text = await File.ReadAllTextAsync(file);
            var edited = Edit(text, 0.5);
            var before = generator.Texts;
            await File.WriteAllTextAsync(file, edited);
            await knowledgeBase.IngestAsync(folder);
            embedded.Add(generator.Texts - before);
            excess = Math.Max(excess, generator.Texts - before - Changed(new MarkdownChunker(), text, edited).New);
        }

        report.Lower("incremental/edited-paragraph/chunks-embedded", Measure.Median([.. embedded]), "chunks", files.Count);
        report.Lower("incremental/edited-paragraph/most-chunks-embedded", embedded.Max(), "chunks", files.Count);
        report.Lower("incremental/edited-paragraph/embedded-but-unchanged", Math.Max(0, excess), "chunks", files.Count, floor: 0);
    }

    private static void Boundaries(BenchmarkReport report, string corpus)
    {
        // Documents of at least ten thousand characters: in short ones there is nothing to shift.
        var texts = Directory.GetFiles(corpus, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)
            .Where(text => text.Length >= 10_000).Take(report.Quick ? 50 : 300).ToList();
        IChunker[] chunkers = [new MarkdownChunker(), new RecursiveChunker(), new SentenceChunker(), new TokenWindowChunker()];
        foreach (var chunker in chunkers)
        {
            foreach (var (where, share) in new[] { ("start", 0.05), ("middle", 0.5), ("end", 0.95) })
            {
                var changes = texts.ConvertAll(text => Changed(chunker, text, Edit(text, share)));
                report.Lower($"boundaries/{chunker.GetType().Name}/{where}/chunks-changed", changes.Average(change => change.New), "chunks", texts.Count);
                report.Lower($"boundaries/{chunker.GetType().Name}/{where}/share-changed", changes.Average(change => (double)change.New / change.Of), "ratio", texts.Count);
            }
        }
    }

    /// <summary>A sentence more at the end of the paragraph at a share of the text.</summary>
    internal static string Edit(string text, double share)
    {
        var paragraph = text.IndexOf("\n\n", (int)(share * text.Length), StringComparison.Ordinal);
        var at = paragraph < 0 ? text.Length : paragraph;
        return text.Insert(at, " This sentence was written later and says nothing that matters.");
    }

    private static (int New, int Of) Changed(IChunker chunker, string text, string edited)
    {
        var old = TextsOf(chunker, text).ToHashSet(StringComparer.Ordinal);
        var texts = TextsOf(chunker, edited);
        return (texts.Count(chunk => !old.Contains(chunk)), texts.Count);
    }

    private static List<string> TextsOf(IChunker chunker, string text) =>
        chunker.ChunkAsync(new Document { Id = "a.md", Text = text }).ToBlockingEnumerable().Select(chunk => string.Join('\n', [.. chunk.Headings, chunk.Context, chunk.Text])).ToList();

    private static async Task<double> SecondsAsync(Func<Task> action)
    {
        var started = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static string Copy(string corpus)
    {
        var folder = Directory.CreateTempSubdirectory("genai-core-").FullName;
        foreach (var file in Directory.GetFiles(corpus, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(corpus, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return folder;
    }

    private sealed class CountingGenerator() : DelegatingEmbeddingGenerator<string, Embedding<float>>(new LexicalEmbeddingGenerator())
    {
        private int _calls;
        private int _texts;

        public int Calls => _calls;

        public int Texts => _texts;

        public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            var texts = values.ToList();
            Interlocked.Increment(ref _calls);
            Interlocked.Add(ref _texts, texts.Count);
            return base.GenerateAsync(texts, options, cancellationToken);
        }
    }
}
