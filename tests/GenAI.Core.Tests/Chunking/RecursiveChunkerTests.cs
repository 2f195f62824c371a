using GenAI.Core.Chunking;

namespace GenAI.Core.Tests.Chunking;

public class RecursiveChunkerTests
{
    private static List<Chunk> Chunk(string chunker, string text, int max, int overlap = 0) =>
        ChunkLaws.Verify(chunker, new ChunkerOptions { MaxTokens = max, OverlapTokens = overlap, Counter = new WordCounter() }, text);

    private static string Words(int count) => string.Join(' ', Enumerable.Range(0, count).Select(i => $"w{i}"));

    private static string Sentence(int words) => "The " + Words(words - 2) + " end.";

    [Fact]
    public void Paragraphs_that_fit_are_not_cut()
    {
        var paragraphs = Enumerable.Range(0, 60).Select(i => Sentence(8 + (i * 7 % 20))).ToArray();

        var chunks = Chunk("recursive", string.Join("\n\n", paragraphs), 60);

        chunks.SelectMany(c => c.Text.Split("\n\n")).Should().Equal(paragraphs);
        chunks.Average(c => c.TokenCount).Should().BeGreaterThan(30);
    }

    [Fact]
    public void Lines_then_sentences_then_words_then_clusters_are_the_places_to_cut()
    {
        var lines = Enumerable.Range(0, 30).Select(_ => Words(9)).ToArray();
        Chunk("recursive", string.Join("\r\n", lines), 30).SelectMany(c => c.Text.Split("\r\n")).Should().Equal(lines);

        var sentences = Enumerable.Range(0, 30).Select(_ => Sentence(9)).ToArray();
        Chunk("recursive", string.Join(' ', sentences), 30).Should().OnlyContain(c => c.Text.StartsWith("The ", StringComparison.Ordinal) && c.Text.EndsWith(" end.", StringComparison.Ordinal));

        Chunk("recursive", Words(300), 30).SelectMany(c => c.Text.Split(' ')).Should().Equal(Words(300).Split(' '));

        var estimate = new ChunkerOptions { MaxTokens = 10, OverlapTokens = 0 };
        ChunkLaws.Verify("recursive", estimate, new string('x', 400)).Should().HaveCount(10).And.OnlyContain(c => c.TokenCount == 10);
    }

    [Fact]
    public void A_paragraph_too_long_for_any_chunk_starts_in_a_chunk_that_has_room()
    {
        var chunks = Chunk("recursive", "Title\n\n" + string.Join(' ', Enumerable.Repeat(Sentence(10), 20)), 50);

        chunks[0].Text.Should().StartWith("Title\n\nThe");
    }

    [Theory]
    [InlineData("recursive")]
    [InlineData("sentence")]
    [InlineData("window")]
    public void Running_text_has_an_overlap_in_every_chunk_but_the_first(string chunker)
    {
        var text = string.Join(' ', Enumerable.Repeat(Sentence(7), 200));

        var chunks = ChunkLaws.Verify(chunker, new() { MaxTokens = 100, OverlapTokens = 25 }, text);

        chunks[0].OverlapLength.Should().Be(0);
        foreach (var chunk in chunks.Skip(1))
            TokenCounter.Estimate.Count(chunk.Text.AsSpan(0, chunk.OverlapLength)).Should().BeInRange(8, 25);
        if (chunker != "window")
            chunks.Should().OnlyContain(c => c.Text.StartsWith("The ", StringComparison.Ordinal) && c.Text.EndsWith(" end.", StringComparison.Ordinal));
    }

    [Fact]
    public void Sentences_are_packed_whole_and_only_a_long_one_is_cut()
    {
        var text = Sentence(10) + " " + Sentence(100) + " " + Sentence(10) + " " + Sentence(10);

        var chunks = Chunk("sentence", text, 30, 12);

        chunks[0].Text.Should().Be(Sentence(10));
        chunks[^1].Text.Should().EndWith(Sentence(10) + " " + Sentence(10));
        chunks.Skip(1).SkipLast(1).Should().OnlyContain(c => c.Text.Length < Sentence(100).Length);
    }

    [Fact]
    public void Windows_are_full_and_step_by_the_limit_less_the_overlap()
    {
        var text = new string('x', 4000);

        var chunks = ChunkLaws.Verify("window", new() { MaxTokens = 100, OverlapTokens = 80 }, text);

        chunks.SkipLast(1).Should().OnlyContain(c => c.Range.Length == 400);
        chunks.Skip(1).Should().OnlyContain(c => c.OverlapLength == 320);
    }

    [DataFact("tokenizers", "gpt2")]
    public void Chunks_are_well_filled_with_an_exact_tokenizer()
    {
        var text = string.Join(' ', Enumerable.Range(0, 3000).Select(i => $"Sentence {i} says that the answer is {i * i}."));

        foreach (var (chunker, least) in new[] { ("recursive", 0.85), ("sentence", 0.85), ("window", 0.96) })
        {
            var chunks = ChunkLaws.Verify(chunker, new() { Counter = ExactCounters.Gpt2 }, text);
            chunks.SkipLast(1).Average(c => c.TokenCount).Should().BeGreaterThan(least * 512, chunker);
        }
    }

    [Fact]
    public void Repeated_text_has_ids_of_its_own_and_the_same_text_the_same_hash()
    {
        var text = string.Join("\n\n", Enumerable.Repeat(Words(10), 50));

        var chunks = Chunk("recursive", text, 15);

        chunks.Should().HaveCount(50);
        chunks.Select(c => c.Id).Should().OnlyHaveUniqueItems();
        chunks.Select(c => c.ContentHash).Distinct().Should().ContainSingle();
        chunks.Select(c => c.Id).Should().Equal(Chunk("recursive", text, 15).Select(c => c.Id));
        ChunkLaws.Chunk(new RecursiveChunker(new() { MaxTokens = 15, OverlapTokens = 0, Counter = new WordCounter() }), text, "other").Select(c => c.Id)
            .Should().NotIntersectWith(chunks.Select(c => c.Id));
    }
}
