using CsCheck;
using GenAI.Core.Chunking;
using Microsoft.ML.Tokenizers;

namespace GenAI.Core.Tests.Chunking;

public class ChunkerPropertyTests
{
    private static readonly (int Max, int Overlap)[] Limits = [(512, 64), (64, 16), (20, 0), (16, 15), (5, 1), (2, 1), (1, 0)];

    public static TheoryData<string> Chunkers => new(ChunkLaws.Chunkers);

    public static IEnumerable<ChunkerOptions> Options(params TokenCounter[] counters) =>
        from counter in counters
        from limit in Limits
        select new ChunkerOptions { MaxTokens = limit.Max, OverlapTokens = limit.Overlap, Counter = counter };

    [Theory]
    [MemberData(nameof(Chunkers))]
    public void Nasty_texts_keep_every_law(string chunker)
    {
        foreach (var options in Options(TokenCounter.Estimate, new WordCounter()))
        {
            foreach (var (name, text) in Texts.Nasty)
                ChunkLaws.Verify(chunker, options, text, name);
        }
    }

    [Theory]
    [MemberData(nameof(Chunkers))]
    public void Random_texts_keep_every_law(string chunker)
    {
        var options = Options(TokenCounter.Estimate, new WordCounter(), new MeteredCounter(TokenCounter.Estimate)).ToArray();
        Gen.Select(Texts.Random, Gen.Int[0, options.Length - 1])
            .Holds(2000, (text, option) => ChunkLaws.Verify(chunker, options[option], text));
    }

    [DataTheory("tokenizers", "gpt2")]
    [MemberData(nameof(Chunkers))]
    public void Texts_keep_every_law_with_exact_tokenizers(string chunker)
    {
        foreach (var options in Options(ExactCounters.Gpt2, ExactCounters.Bert).Where(o => o.MaxTokens > 2))
        {
            foreach (var (name, text) in Texts.Nasty.Where(t => t.Text.Length < 15_000))
                ChunkLaws.Verify(chunker, options, text, name);
            Texts.Random.Holds(20, text => ChunkLaws.Verify(chunker, options, text));
        }
    }

    [DataTheory("texts", "udhr")]
    [MemberData(nameof(Chunkers))]
    public void Every_language_keeps_every_law(string chunker)
    {
        foreach (var file in Directory.EnumerateFiles(TestData.Path("texts", "udhr")))
        {
            var text = File.ReadAllText(file);
            ChunkLaws.Verify(chunker, new() { MaxTokens = 128, OverlapTokens = 32 }, text, Path.GetFileName(file));
        }
    }

    [DataTheory("corpus-mini")]
    [MemberData(nameof(Chunkers))]
    public void Real_documents_keep_every_law(string chunker)
    {
        var files = Directory.EnumerateFiles(TestData.Path("corpus-mini"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        foreach (var file in files.Where((_, i) => i % 5 == 0))
            ChunkLaws.Verify(chunker, new(), File.ReadAllText(file), file);
    }

    [DataTheory("corpus-mini")]
    [MemberData(nameof(Chunkers))]
    public void Real_documents_keep_every_law_with_an_exact_tokenizer(string chunker)
    {
        var files = Directory.EnumerateFiles(TestData.Path("corpus-mini"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        foreach (var file in files.Where((_, i) => i % 40 == 0))
            ChunkLaws.Verify(chunker, new() { MaxTokens = 200, OverlapTokens = 40, Counter = ExactCounters.Bert }, File.ReadAllText(file), file);
    }

    [Theory]
    [MemberData(nameof(Chunkers))]
    public void The_same_document_gives_the_same_chunks_in_any_order_and_on_any_thread(string chunker)
    {
        var texts = Texts.Nasty.Select(t => t.Text).ToArray();
        var options = new ChunkerOptions { MaxTokens = 30, OverlapTokens = 8, Counter = new WordCounter() };
        var expected = texts.Select(t => ChunkLaws.Chunk(ChunkLaws.Create(chunker, options), t).Select(c => (c.Id, c.Range)).ToArray()).ToArray();

        var shared = ChunkLaws.Create(chunker, options);
        var actual = new (string, TextRange)[texts.Length][];
        Parallel.For(0, texts.Length, i => actual[texts.Length - 1 - i] = [.. ChunkLaws.Chunk(shared, texts[texts.Length - 1 - i]).Select(c => (c.Id, c.Range))]);

        actual.Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
    }

    [Theory]
    [MemberData(nameof(Chunkers))]
    public void Chunking_a_chunk_again_changes_nothing(string chunker)
    {
        var options = new ChunkerOptions { MaxTokens = 64, OverlapTokens = 0 };
        foreach (var (name, text) in Texts.Nasty)
        {
            foreach (var chunk in ChunkLaws.Chunk(ChunkLaws.Create(chunker, options), text))
            {
                if (chunker == "markdown" && chunk.Text.Contains('#'))
                    continue;
                ChunkLaws.Chunk(ChunkLaws.Create(chunker, options), chunk.Text).Should().ContainSingle(name).Which.Text.Should().Be(chunk.Text);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Chunkers))]
    public void White_space_alone_gives_no_chunks(string chunker)
    {
        foreach (var text in (string[])["", " ", "\r\n\r\n", "\u00A0\u3000\u2029\t\v\f\u0085", new string('\n', 1_000_000)])
            ChunkLaws.Chunk(ChunkLaws.Create(chunker, new()), text).Should().BeEmpty();
    }
}

/// <summary>Exact counters over the tokenizers of the test data.</summary>
internal static class ExactCounters
{
    private static readonly Lazy<TokenCounter> LazyGpt2 = new(() => TokenCounter.FromTokenizer(CodeGenTokenizer.Create(
        File.OpenRead(TestData.Path("tokenizers", "gpt2", "vocab.json")), File.OpenRead(TestData.Path("tokenizers", "gpt2", "merges.txt")))));

    private static readonly Lazy<TokenCounter> LazyBert = new(() => TokenCounter.FromTokenizer(
        BertTokenizer.Create(TestData.Path("tokenizers", "bert-base-uncased", "vocab.txt"))));

    public static TokenCounter Gpt2 => LazyGpt2.Value;

    public static TokenCounter Bert => LazyBert.Value;
}
