using System.Text;
using GenAI.Core.Benchmarks.Peers;
using GenAI.Core.Tokenization;
using Microsoft.ML.Tokenizers;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>Tokenizers on the whole files of corpus-mini, one thread; megabytes are of UTF-8, a million bytes each.</summary>
internal static class TokenizationSuite
{
    // After one that is not counted; each takes a quarter of a minute.
    private const int PeerRuns = 1;

    public static void Run(BenchmarkReport report)
    {
        if (BenchmarkData.Find("corpus-mini") is not { } folder || BenchmarkData.Find("tokenizers") is not { } tokenizers)
        {
            report.Absent("tokenization", "needs the folders corpus-mini and tokenizers of the data");
            return;
        }

        var texts = Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where((_, i) => !report.Quick || i % 10 == 0).Select(File.ReadAllText).ToArray();
        var runs = report.Quick ? 3 : 9;
        var megabytes = texts.Sum(text => (double)Encoding.UTF8.GetByteCount(text)) / 1e6;

        string PathOf(string name, string file) => Path.Combine(tokenizers, name, file);
        Row("wordpiece", "all-MiniLM-L6-v2", BertTokenizer.Create(PathOf("all-MiniLM-L6-v2", "vocab.txt")), 5);
        using (var vocabulary = File.OpenRead(PathOf("gpt2", "vocab.json")))
        using (var merges = File.OpenRead(PathOf("gpt2", "merges.txt")))
            Row("byte-pairs", "phi-2", CodeGenTokenizer.Create(vocabulary, merges), 3);
        using (var model = File.OpenRead(PathOf("llama2-spm", "tokenizer.model")))
            Row("byte-pairs-spm", "llama2-spm", LlamaTokenizer.Create(model), null);
        Row("unigram", "t5-small", null, null);

        void Row(string row, string name, Tokenizer? peer, double? floor)
        {
            var prefix = $"tokenization/{row}";
            if (!report.Wants($"{prefix}/"))
                return;
            var tokenizer = HuggingFaceTokenizer.Load(Path.Combine(tokenizers, name));
            var encoding = new TokenEncoding();
            var ids = new TokenEncodingOptions { MaxTokens = int.MaxValue };
            var ranges = ids with { Ranges = true };
            void Ours(TokenEncodingOptions options)
            {
                foreach (var text in texts)
                    tokenizer.Encode(text, encoding, options);
            }

            var seconds = Measure.Seconds(runs, () => Ours(ids));
            if (peer is not null)
            {
                void Theirs()
                {
                    foreach (var text in texts)
                        peer.EncodeToIds(text);
                }

                var (ours, theirs, ratio) = Measure.Pair(Math.Min(runs, 5), () => Ours(ids), Theirs);
                seconds = ours;
                report.Higher($"{prefix}/peer-microsoft", megabytes / theirs, "MB/s", Math.Min(runs, 5));
                report.Higher($"{prefix}/times-microsoft", 1 / ratio, "times", Math.Min(runs, 5), floor);
            }

            report.Higher($"{prefix}/ids", megabytes / seconds, "MB/s", runs);
            report.Higher($"{prefix}/ranges", megabytes / Measure.Seconds(runs, () => Ours(ranges)), "MB/s", runs);
            var json = PathOf(name, "tokenizer.json");
            var npm = File.Exists(json) ? NpmTokenizers.Run(json, texts, PeerRuns, out var reason) : Missing(out reason);
            if (npm is not { } figures)
            {
                report.Absent($"{prefix}/peer-npm", reason);
                return;
            }

            report.Higher($"{prefix}/peer-npm", megabytes / figures.Seconds, "MB/s", PeerRuns);
            report.Higher($"{prefix}/times-npm", figures.Seconds / seconds, "times", PeerRuns, floor is null ? null : 10);
            var count = texts.Sum(text => (long)tokenizer.Count(text));
            report.Lower($"{prefix}/tokens-that-npm-counts-otherwise", Math.Abs(count - figures.Tokens), "tokens", 1, 0);
        }
    }

    private static (double Seconds, long Tokens)? Missing(out string reason)
    {
        reason = "the model has no tokenizer.json, which the package reads";
        return null;
    }
}
