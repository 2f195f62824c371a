using GenAI.Core.Chunking;
using Microsoft.ML.Tokenizers;
using Microsoft.SemanticKernel.Text;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>Chunkers on the Markdown files of corpus-mini, one thread; megabytes are of UTF-8, a million bytes each.</summary>
internal static class ChunkingSuite
{
    private const int MaxTokens = 512, OverlapTokens = 64;

    // What Semantic Kernel's own samples use for lines; its paragraphs then have the limit that ours have.
    private const int PeerLineTokens = 128;

    private static readonly string[] Chunkers = ["recursive", "markdown", "sentence", "window"];

    public static void Run(BenchmarkReport report)
    {
        if (BenchmarkData.Find("corpus-mini") is not { } folder)
        {
            report.Absent("chunking", "needs the folder corpus-mini of the data");
            return;
        }

        var documents = Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => new Document { Id = Path.GetRelativePath(folder, path), Text = File.ReadAllText(path) })
            .Where((_, i) => !report.Quick || i % 10 == 0)
            .ToArray();
        var runs = report.Quick ? 3 : 9;
        Estimate(report, documents, runs);
        if (BenchmarkData.Find("tokenizers") is not { } tokenizers)
        {
            report.Absent("chunking/exact", "needs the folder tokenizers of the data");
            return;
        }

        using var vocabulary = File.OpenRead(Path.Combine(tokenizers, "gpt2", "vocab.json"));
        using var merges = File.OpenRead(Path.Combine(tokenizers, "gpt2", "merges.txt"));
        Exact(report, "gpt2", CodeGenTokenizer.Create(vocabulary, merges), documents, report.Quick ? 1 : 5);
        Exact(report, "bert", BertTokenizer.Create(Path.Combine(tokenizers, "bert-base-uncased", "vocab.txt")), documents, report.Quick ? 1 : 5);
    }

    private static void Estimate(BenchmarkReport report, Document[] documents, int runs)
    {
        var megabytes = Megabytes(documents);
        report.Higher("chunking/memory/read", megabytes / Measure.Seconds(runs, () => ReadOnce(documents)), "MB/s", runs);
        foreach (var name in Chunkers)
        {
            var chunker = Create(name, TokenCounter.Estimate);
            var (ours, peer, ratio) = Measure.Pair(runs, () => Chunk(chunker, documents), () => Peer(name, documents, null));
            var floored = name == "recursive";
            report.Higher($"chunking/estimate/{name}", megabytes / ours, "MB/s", runs, floored ? 120 : null);
            report.Higher($"chunking/estimate/{name}/peer-textchunker", megabytes / peer, "MB/s", runs);
            report.Higher($"chunking/estimate/{name}/times-peer", 1 / ratio, "times", runs, floored ? 3 : null);
        }
    }

    private static void Exact(BenchmarkReport report, string model, Tokenizer tokenizer, Document[] documents, int runs)
    {
        var megabytes = Megabytes(documents);
        foreach (var name in Chunkers)
        {
            // A new chunker each time, so that each run learns the words again.
            var (ours, once, ratio) = Measure.Pair(runs, () => Chunk(Create(name, TokenCounter.FromTokenizer(tokenizer)), documents), () => Tokenize(tokenizer, documents));
            if (name == Chunkers[0])
                report.Higher($"chunking/{model}/tokenize-once", megabytes / once, "MB/s", runs);
            report.Higher($"chunking/{model}/{name}", megabytes / ours, "MB/s", runs);
            report.Lower($"chunking/{model}/{name}/times-tokenizing", ratio, "times", runs, name == "recursive" ? 1.3 : null);
        }

        // The peer counts again and again; every 20th document is enough to see it.
        var few = documents.Where((_, i) => i % 20 == 0).ToArray();
        foreach (var name in Chunkers.Take(2))
        {
            var (ours, peer, ratio) = Measure.Pair(
                3, () => Chunk(Create(name, TokenCounter.FromTokenizer(tokenizer)), few), () => Peer(name, few, text => tokenizer.CountTokens(text)));
            report.Higher($"chunking/{model}/{name}/subset", Megabytes(few) / ours, "MB/s", 3);
            report.Higher($"chunking/{model}/{name}/subset/peer-textchunker", Megabytes(few) / peer, "MB/s", 3);
            report.Higher($"chunking/{model}/{name}/times-peer", 1 / ratio, "times", 3, name == "recursive" ? 5 : null);
        }
    }

    private static IChunker Create(string name, TokenCounter counter)
    {
        var options = new ChunkerOptions { MaxTokens = MaxTokens, OverlapTokens = OverlapTokens, Counter = counter };
        return name switch
        {
            "recursive" => new RecursiveChunker(options),
            "markdown" => new MarkdownChunker(options),
            "sentence" => new SentenceChunker(options),
            _ => new TokenWindowChunker(options),
        };
    }

    /// <summary>The whole path of a user: asynchronous, with texts, hashes and ids.</summary>
    private static void Chunk(IChunker chunker, Document[] documents) => ChunkAsync(chunker, documents).GetAwaiter().GetResult();

    private static async Task<long> ChunkAsync(IChunker chunker, Document[] documents)
    {
        long tokens = 0;
        foreach (var document in documents)
        {
            await foreach (var chunk in chunker.ChunkAsync(document))
                tokens += chunk.TokenCount;
        }

        return tokens;
    }

    private static void Peer(string name, Document[] documents, TextChunker.TokenCounter? counter)
    {
        foreach (var document in documents)
        {
            if (name == "markdown")
                TextChunker.SplitMarkdownParagraphs(TextChunker.SplitMarkDownLines(document.Text, PeerLineTokens, counter), MaxTokens, OverlapTokens, null, counter);
            else
                TextChunker.SplitPlainTextParagraphs(TextChunker.SplitPlainTextLines(document.Text, PeerLineTokens, counter), MaxTokens, OverlapTokens, null, counter);
        }
    }

    private static void Tokenize(Tokenizer tokenizer, Document[] documents)
    {
        foreach (var document in documents)
            tokenizer.CountTokens(document.Text);
    }

    private static void ReadOnce(Document[] documents)
    {
        long found = 0;
        foreach (var document in documents)
            found += document.Text.AsSpan().Count('\uFFFF');
        GC.KeepAlive(found);
    }

    private static double Megabytes(Document[] documents) => documents.Sum(d => (long)System.Text.Encoding.UTF8.GetByteCount(d.Text)) / 1e6;
}
